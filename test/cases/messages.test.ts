import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { refusing, text } from './upstream.ts'

type Case = [
  name: string,
  model: string,
  messages: object[],
  /** The messages that OCI receives. */
  sent: object[],
  ...warnings: string[],
]

const PNG = 'data:image/png;base64,iVBORw0KGgo='
const gateway = await openTestGateway()

const roles: Case[] = [
  ...['openai.gpt-5', 'openai.gpt-oss-120b'].map((model): Case => [
    `M01 sends the role DEVELOPER to ${model}`,
    model,
    [{ role: 'developer', content: 'x' }, user('Hi')],
    [up('DEVELOPER', 'x'), up('USER', 'Hi')],
  ]),
  ...['meta.llama-3.3-70b-instruct', 'xai.grok-3', 'google.gemini-2.5-pro'].map((model): Case => [
    `M01 sends a developer message as SYSTEM to ${model}`,
    model,
    [{ role: 'developer', content: 'x' }, user('Hi')],
    [up('SYSTEM', 'x'), up('USER', 'Hi')],
  ]),
  [
    'M02 keeps the content parts of a system message',
    'meta.llama-3.3-70b-instruct',
    [{ role: 'system', content: [part('a'), part('b')] }, user('Hi')],
    [up('SYSTEM', 'a', 'b'), up('USER', 'Hi')],
  ],
  [
    'M27 sends the system text unchanged and adds none',
    'openai.gpt-4.1',
    [{ role: 'system', content: 'Reply PONG' }, user('ping')],
    [up('SYSTEM', 'Reply PONG'), up('USER', 'ping')],
  ],
  [
    'M28 sends the name of a user',
    'xai.grok-3',
    [{ role: 'user', name: 'bob', content: 'Hi' }],
    [{ ...up('USER', 'Hi'), name: 'bob' }],
  ],
  [
    'M24 replaces an unpaired surrogate',
    'xai.grok-3',
    [user('a\ud83d b')],
    [up('USER', 'a\ufffd b')],
  ],
]

const empties: Case[] = [
  ...['openai.gpt-4.1', 'meta.llama-3.3-70b-instruct', 'xai.grok-3'].map((model): Case => [
    `M04 sends ${model} tool calls without content`,
    model,
    [user('Hi'), called(null, 'a'), result('a', '1')],
    [up('USER', 'Hi'), upCalled('a'), upResult('a', '1')],
  ]),
  [
    'M05 adds the text "." to tool calls for google.*',
    'google.gemini-2.5-flash',
    [user('Hi'), called(null, 'a'), result('a', '1')],
    [up('USER', 'Hi'), { ...upCalled('a'), ...text('.') }, upResult('a', '1')],
  ],
  [
    'M06 leaves out an empty assistant message',
    'openai.gpt-oss-120b',
    [user('Hi'), { role: 'assistant', content: '' }, user('Still there?')],
    [up('USER', 'Hi'), up('USER', 'Still there?')],
  ],
  ...[[], null, ''].map((content): Case => [
    `M07 leaves out the user message ${JSON.stringify(content)} unless it is the last`,
    'xai.grok-3',
    [{ role: 'user', content }, user('Hi')],
    [up('USER', 'Hi')],
    'messages[0]: user message without content, left out',
  ]),
  ...['reasoning_content', 'reasoning', 'reasoning_text', 'reasoning_details'].map((name): Case => [
    `M22 does not send earlier reasoning in ${name}`,
    'xai.grok-3-mini',
    [user('Hi'), { role: 'assistant', content: 'Ho', [name]: 'deep thoughts' }, user('Hm')],
    [up('USER', 'Hi'), up('ASSISTANT', 'Ho'), up('USER', 'Hm')],
  ]),
]

const media: Case[] = [
  [
    'M08 keeps the text next to an image and sends no detail (OCI documents only AUTO)',
    'xai.grok-4',
    [{ role: 'user', content: [part('hi'), picture({ url: PNG, detail: 'auto' })] }],
    [{ role: 'USER', content: [upText('hi'), upPicture(PNG)] }],
  ],
  [
    'M09 accepts image_url as a string and sends it unchanged',
    'xai.grok-4',
    [{ role: 'user', content: [picture(PNG)] }],
    [{ role: 'USER', content: [upPicture(PNG)] }],
  ],
  [
    'M12 sends audio',
    'google.gemini-2.5-flash',
    [{
      role: 'user',
      content: [
        part('what?'),
        { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
      ],
    }],
    [{
      role: 'USER',
      content: [upText('what?'), {
        type: 'AUDIO',
        audioUrl: { url: 'data:audio/wav;base64,UklGRg==' },
      }],
    }],
  ],
  [
    'M13 sends a document',
    'google.gemini-2.5-flash',
    [{
      role: 'user',
      content: [{
        type: 'file',
        file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' },
      }],
    }],
    [{
      role: 'USER',
      content: [{
        type: 'DOCUMENT',
        documentUrl: { url: 'data:application/pdf;base64,JVBERg==' },
      }],
    }],
    'messages[0].content[0].file.filename: not supported, left out',
  ],
  [
    'M14 sends a video',
    'google.gemini-2.5-flash',
    [{
      role: 'user',
      content: [{ type: 'video_url', video_url: { url: 'data:video/mp4;base64,AAAA' } }],
    }],
    [{
      role: 'USER',
      content: [{ type: 'VIDEO', videoUrl: { url: 'data:video/mp4;base64,AAAA' } }],
    }],
  ],
]

const results: Case[] = [
  [
    'M15 sends the content parts of a tool result',
    'openai.gpt-4.1',
    [user('Hi'), called(null, 'a'), { ...result('a', ''), content: [part('ok')] }],
    [up('USER', 'Hi'), upCalled('a'), upResult('a', 'ok')],
  ],
  [
    'M16 sends the image of a tool result in a user message after the results',
    'openai.gpt-4.1',
    [
      user('Hi'),
      called(null, 'a', 'b'),
      { ...result('a', ''), content: [part('seen'), picture({ url: PNG })] },
      result('b', '2'),
      user('And?'),
    ],
    [
      up('USER', 'Hi'),
      upCalled('a', 'b'),
      upResult('a', 'seen'),
      upResult('b', '2'),
      { role: 'USER', content: [upPicture(PNG)] },
      up('USER', 'And?'),
    ],
  ],
  [
    'M17 sends a tool result without a call as user text',
    'openai.gpt-4.1',
    [user('Hi'), result('ghost', '42'), user('And?')],
    [up('USER', 'Hi'), up('USER', '[tool result] 42'), up('USER', 'And?')],
    'messages[1]: tool result without a call, sent as user text',
  ],
  [
    'M18 adds a result for an interrupted call',
    'openai.gpt-4.1',
    [user('Hi'), called(null, 'a', 'b'), result('a', '1'), user('Stop')],
    [
      up('USER', 'Hi'),
      upCalled('a', 'b'),
      upResult('a', '1'),
      upResult('b', '[no result: call was interrupted]'),
      up('USER', 'Stop'),
    ],
    'messages[1]: call 2 has no result, sent as interrupted',
  ],
  [
    'M19 sorts results in the order of their calls',
    'openai.gpt-4.1',
    [user('Hi'), called(null, 'a', 'b'), result('b', '2'), result('a', '1')],
    [up('USER', 'Hi'), upCalled('a', 'b'), upResult('a', '1'), upResult('b', '2')],
  ],
  [
    'M20 sends google.* parallel calls one per message',
    'google.gemini-2.5-flash',
    [
      user('Hi'),
      called('On it', 'a', 'b', 'c'),
      result('a', '1'),
      result('b', '2'),
      result('c', '3'),
    ],
    [
      up('USER', 'Hi'),
      { ...upCalled('a'), ...text('On it') },
      upResult('a', '1'),
      { ...upCalled('b'), ...text('.') },
      upResult('b', '2'),
      { ...upCalled('c'), ...text('.') },
      upResult('c', '3'),
    ],
  ],
  [
    'M21 adds an id to a legacy function call and to its result',
    'openai.gpt-4.1',
    [
      user('Hi'),
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"x":1}' } },
      { role: 'function', name: 'f', content: '1' },
    ],
    [up('USER', 'Hi'), upCalled('function1'), upResult('function1', '1')],
  ],
]

describe('POST /v1/chat/completions', () => {
  for (
    const [name, model, messages, sent, ...warnings] of [...roles, ...empties, ...media, ...results]
  ) {
    it(name, async () => {
      const answer = await gateway.ask({ model, messages })
      assert.deepEqual(answer.sent.map((request) => request['messages']), [sent])
      assert.deepEqual(answer.warnings, warnings)
    })
  }

  it('M24 signs the content length in bytes', async () => {
    const { calls: [call] } = await gateway.ask({
      model: 'xai.grok-3',
      messages: [user('é日\ud83d')],
    })
    const text = new TextDecoder('utf-8', { fatal: true }).decode(call?.body)
    assert.match(text, /é日\ufffd/)
    assert.match(call?.headers.get('authorization') ?? '', /headers="[^"]*content-length/)
  })

  it('M24 replaces an unpaired surrogate in any field', async () => {
    const { calls: [call] } = await gateway.ask({
      model: 'xai.grok-3',
      messages: [user('Hi')],
      metadata: { half: 'a\ud83d' },
    })
    assert.doesNotMatch(new TextDecoder().decode(call?.body), /\\ud83d/)
  })

  it('M23 moves system text into the first user message after OCI refuses it with tools', async () => {
    const message = 'System message is not supported with tools.'
    const picky = await openTestGateway({
      upstream: ({ json }) =>
        JSON.stringify(json).includes('"SYSTEM"')
          ? refusing(400, { code: '400', message })()
          : undefined,
    })
    const body = {
      model: 'meta.llama-3.3-70b-instruct',
      messages: [{ role: 'system', content: 'Be brief' }, user('Hi')],
      tools: [{ type: 'function', function: { name: 'f' } }],
    }
    const first = await picky.ask(body)
    const folded = [up('USER', 'Be brief', 'Hi')]
    assert.deepEqual(first.sent.map((request) => request['messages']), [
      [up('SYSTEM', 'Be brief'), up('USER', 'Hi')],
      folded,
    ])
    await picky.ask(body)
    const third = await picky.ask(body)
    assert.deepEqual(third.sent.map((request) => request['messages']), [folded])
  })
})

type Refused = [
  name: string,
  model: string,
  messages: unknown,
  error: { code: string; param: string },
  message: RegExp,
]

const SAYS_DATA_URL = /send a data URL/i
const invalid = 'invalid_request'
const unsupported = 'unsupported_content'
const refused: Refused[] = [
  ...[[], null, ''].map((content): Refused => [
    `M07 rejects the last user message ${JSON.stringify(content)}`,
    'xai.grok-3',
    [{ role: 'user', content }],
    { code: invalid, param: 'messages[0].content' },
    /must have content/,
  ]),
  [
    'M08 rejects an https image URL and says what to send',
    'xai.grok-4',
    [{ role: 'user', content: [picture({ url: 'https://e.x/a.png' })] }],
    { code: invalid, param: 'messages[0].content[0]' },
    SAYS_DATA_URL,
  ],
  [
    'M10 fetches no URL, in particular not that of the metadata service',
    'xai.grok-4',
    [{ role: 'user', content: [part('a'), picture({ url: 'http://169.254.169.254/x' })] }],
    { code: invalid, param: 'messages[0].content[1]' },
    SAYS_DATA_URL,
  ],
  [
    'M11 rejects an image for a text model and names the model',
    'meta.llama-3.3-70b-instruct',
    [{ role: 'user', content: [part('a'), picture({ url: PNG })] }],
    { code: unsupported, param: 'messages[0].content[1]' },
    /"meta\.llama-3\.3-70b-instruct"/,
  ],
  [
    'M12 rejects audio for a model without audio input',
    'xai.grok-4',
    [{
      role: 'user',
      content: [{ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }],
    }],
    { code: unsupported, param: 'messages[0].content[0]' },
    /audio/,
  ],
  [
    'M13 rejects a document for a model without document input',
    'openai.gpt-4.1',
    [{
      role: 'user',
      content: [{ type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERg==' } }],
    }],
    { code: unsupported, param: 'messages[0].content[0]' },
    /document/,
  ],
  [
    'M14 rejects a video for a model without video input',
    'xai.grok-4',
    [{
      role: 'user',
      content: [{ type: 'video_url', video_url: { url: 'https://e.x/a.mp4' } }],
    }],
    { code: unsupported, param: 'messages[0].content[0]' },
    /video/,
  ],
  [
    'M14 rejects a video URL (OCI documents videos as data URLs only)',
    'google.gemini-2.5-flash',
    [{
      role: 'user',
      content: [{ type: 'video_url', video_url: { url: 'https://e.x/a.mp4' } }],
    }],
    { code: invalid, param: 'messages[0].content[0]' },
    /send a data URL/i,
  ],
  [
    'M26 rejects an empty list of messages',
    'xai.grok-3',
    [],
    { code: invalid, param: 'messages' },
    /empty/,
  ],
  [
    'M26 rejects an unknown role',
    'xai.grok-3',
    [{ role: 'bot', content: 'x' }],
    { code: invalid, param: 'messages[0].role' },
    /"bot"/,
  ],
  [
    'M26 rejects missing messages',
    'xai.grok-3',
    undefined,
    { code: invalid, param: 'messages' },
    /is required/,
  ],
]

describe('POST /v1/chat/completions rejects a request and', () => {
  for (const [name, model, messages, { code, param }, message] of refused) {
    it(name, async () => {
      const { status, error, calls } = await gateway.fail({ model, messages })
      assert.equal(status, 400)
      assert.match(error.message, message)
      assert.deepEqual(error, {
        message: error.message,
        type: 'invalid_request_error',
        param,
        code,
      })
      assert.deepEqual(calls, [])
    })
  }
})

function user(content: string): object {
  return { role: 'user', content }
}

function part(text: string): object {
  return { type: 'text', text }
}

function picture(image_url: string | { url: string; detail?: string }): object {
  return { type: 'image_url', image_url }
}

/** An assistant message that calls `f` once for each id. */
function called(content: string | null, ...ids: string[]): object {
  const tool_calls = ids.map((id) => ({
    id,
    type: 'function',
    function: { name: 'f', arguments: '{"x":1}' },
  }))
  return { role: 'assistant', content, tool_calls }
}

function result(tool_call_id: string, content: string): object {
  return { role: 'tool', tool_call_id, content }
}

function up(role: string, ...texts: string[]): object {
  return { role, content: texts.map(upText) }
}

function upText(text: string): object {
  return { type: 'TEXT', text }
}

function upPicture(url: string): object {
  return { type: 'IMAGE', imageUrl: { url } }
}

function upCalled(...ids: string[]): object {
  const toolCalls = ids.map((id) => ({ type: 'FUNCTION', id, name: 'f', arguments: '{"x":1}' }))
  return { role: 'ASSISTANT', toolCalls }
}

function upResult(toolCallId: string, text: string): object {
  return { role: 'TOOL', toolCallId, content: [upText(text)] }
}
