import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { postJson } from './post-json.ts'

const GPT = 'openai.gpt-4.1'
const GROK = 'xai.grok-3'
const LLAMA = 'meta.llama-3.3-70b-instruct'
const COMMAND = 'cohere.command-a-03-2025'
const PNG = 'data:image/png;base64,iVBORw0KGgo='
const gateway = await openTestGateway()

const user = (content: unknown) => ({ role: 'user', content })
const assistant = (more: object) => ({ role: 'assistant', content: 'Yes', ...more })
const image = (url: string) => ({ type: 'image_url', image_url: { url } })
const called = { id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }
const result = (content: unknown) => ({ role: 'tool', tool_call_id: 'c', content })

type Case = [
  name: string,
  model: string,
  messages: object[],
  /** Must be in the text that OCI receives. */
  note: string | undefined,
  ...warnings: (string | RegExp)[],
]

const readsText = `image omitted, ${LLAMA} reads text only`
const media: Case[] = [
  [
    'an image in an earlier turn',
    LLAMA,
    [user(['What is it?', image(PNG)].map(asPart)), assistant({}), user('Thanks')],
    `[image omitted: ${LLAMA} reads text only]`,
    `messages[0].content[1]: ${readsText}`,
  ],
  [
    'an image in a tool result',
    LLAMA,
    [
      user('Look'),
      assistant({ content: null, tool_calls: [called] }),
      result([{ type: 'text', text: 'Here' }, image(PNG)]),
    ],
    `[image omitted: ${LLAMA} reads text only]`,
    `messages[2].content[1]: ${readsText}`,
  ],
  [
    'an image in the user message before tool calls',
    LLAMA,
    [
      user([image(PNG)]),
      assistant({ content: null, tool_calls: [called] }),
      result('Nothing'),
    ],
    `[image omitted: ${LLAMA} reads text only]`,
    `messages[0].content[0]: ${readsText}`,
  ],
  [
    'an image in an earlier turn of a Cohere model',
    COMMAND,
    [user([image(PNG)]), assistant({}), user('Thanks')],
    `[image omitted: ${COMMAND} reads text only]`,
    `messages[0].content[0]: image omitted, ${COMMAND} reads text only`,
  ],
  [
    'a web address in an earlier turn',
    GPT,
    [user([image('https://example.com/a.png')]), assistant({}), user('Thanks')],
    '[image omitted: not a data URL]',
    'messages[0].content[0]: image omitted, not a data URL',
  ],
  [
    'an image that cannot be decoded in an earlier turn',
    GPT,
    [user([image('data:image/png;base64,%%%')]), assistant({}), user('Thanks')],
    '[image omitted: its data is not valid base64]',
    'messages[0].content[0]: image omitted, its data is not valid base64',
  ],
  [
    'audio and video in an earlier turn',
    GPT,
    [
      user([
        { type: 'input_audio', input_audio: { data: 'UklG', format: 'wav' } },
        { type: 'video_url', video_url: { url: PNG } },
      ]),
      assistant({}),
      user('Thanks'),
    ],
    '[video omitted: openai.gpt-4.1 reads text and image only]',
    'messages[0].content[0]: audio omitted, openai.gpt-4.1 reads text and image only',
    'messages[0].content[1]: video omitted, openai.gpt-4.1 reads text and image only',
  ],
  [
    'a file id in an earlier turn',
    GPT,
    [user([{ type: 'file', file: { file_id: 'f' } }]), assistant({}), user('Thanks')],
    '[file omitted: file ids are not supported]',
    'messages[0].content[0]: file omitted, file ids are not supported',
  ],
  [
    'an image in a system and in an assistant message',
    GPT,
    [
      { role: 'system', content: [image(PNG)] },
      user('Draw'),
      assistant({ content: [image(PNG)] }),
      user('Thanks'),
    ],
    '[image omitted: only user messages and tool results have it]',
    'messages[0].content[0]: image omitted, only user messages and tool results have it',
    'messages[2].content[0]: image omitted, only user messages and tool results have it',
  ],
]

describe('media that the model cannot read', () => {
  for (const [name, model, messages, note, ...warnings] of media) {
    it(`R-A3 ${name} becomes a text note`, async () => {
      const exchange = await gateway.ask({ model, messages })
      assert.deepEqual(exchange.warnings, warnings)
      assert.match(JSON.stringify(exchange.sent), new RegExp(RegExp.escape(note ?? '')))
      const streamed = await gateway.stream({ model, messages })
      assert.deepEqual(streamed.warnings, warnings)
    })
  }

  for (const url of [PNG, 'https://example.com/a.png']) {
    it(`R-A3 ${url.slice(0, 5)} in the newest user message is rejected`, async () => {
      const messages = [user('Hi'), assistant({}), user([image(url)])]
      const { status, error } = await gateway.fail({ model: LLAMA, messages })
      assert.deepEqual([status, error.param], [400, 'messages[2].content[0]'])
    })
  }

  it('R-A3 an image that the model reads is sent', async () => {
    const messages = [user([image(PNG)]), assistant({}), user('Thanks')]
    const { sent, warnings } = await gateway.ask({ model: GPT, messages })
    assert.deepEqual(warnings, [])
    assert.match(JSON.stringify(sent), /"type":"IMAGE"/)
  })

  it('R-C10 image/jpg is sent as image/jpeg', async () => {
    const messages = [user([image('data:image/jpg;base64,/9j/')])]
    const { sent } = await gateway.ask({ model: GPT, messages })
    assert.match(JSON.stringify(sent), /data:image\/jpeg;base64,\/9j\//)
  })

  it('R-C10 image/jpg is embedded as image/jpeg', async () => {
    const { calls } = await postJson(gateway, '/v1/embeddings', {
      model: 'cohere.embed-v4.0',
      input: ['data:image/jpg;base64,/9j/'],
    })
    assert.match(JSON.stringify(calls[0]?.json), /data:image\/jpeg;base64,\/9j\//)
  })

  it('R-A3 images in the history of Responses become notes', async () => {
    const input_image = { type: 'input_image', image_url: PNG }
    const { status, reply, sent } = await postJson(gateway, '/v1/responses', {
      model: GROK,
      input: [
        { role: 'user', content: [input_image] },
        { type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: [input_image] },
      ],
    })
    assert.equal(status, 200, JSON.stringify(reply))
    assert.equal(JSON.stringify(sent).split(`[image omitted: ${GROK} reads text only]`).length, 3)
  })

  it('R-C8 base64 without its prefix is not called an address', async () => {
    const messages = [user([image('iVBORw0KGgo=')])]
    const { error } = await gateway.fail({ model: GPT, messages })
    assert.equal(
      error.message,
      'The image is base64 without its prefix. Send a data URL such as "data:image/png;base64,…"',
    )
  })
})

describe('base64 in place of a data URL', () => {
  it('R-C8 gets an example of its kind', async () => {
    const file = { type: 'file', file: { file_data: 'JVBERi0xLjQK' } }
    const messages = [user([file])]
    const { error } = await gateway.fail({ model: 'google.gemini-2.5-flash', messages })
    assert.match(error.message, /^The document is base64 .*"data:application\/pdf;base64,…"$/)
  })

  it('R-C8 may be a data URL in Messages', async () => {
    const source = { type: 'base64', media_type: 'image/png', data: PNG }
    const { status, sent } = await postJson(gateway, '/v1/messages', {
      ...{ model: GPT, max_tokens: 9, messages: [user([{ type: 'image', source }])] },
    })
    assert.equal(status, 200)
    assert.ok(JSON.stringify(sent).includes(`"url":"${PNG}"`))
  })
})

const odd: Case[] = [
  [
    'a part of an unknown type with text',
    GROK,
    [user([{ type: 'input_note', text: 'Blue' }]), assistant({}), user('Thanks')],
    'Blue',
    'messages[0].content[0]: input_note is not supported, sent as text',
  ],
  [
    'a part of an unknown type without text',
    GROK,
    [user([{ type: 'thought' }, asPart('x')]), assistant({}), user('Thanks')],
    undefined,
    'messages[0].content[0]: thought is not supported, left out',
  ],
  [
    'a part of an unknown type beside text in the newest user message',
    GROK,
    [user([{ type: 'thought' }, asPart('x')])],
    undefined,
    'messages[0].content[0]: thought is not supported, left out',
  ],
  [
    'a result of a kind that other APIs have',
    GROK,
    [
      user('Look'),
      assistant({ content: null, tool_calls: [called] }),
      result([{ type: 'json', json: { answer: 42 } }]),
    ],
    '[json] {\\"json\\":{\\"answer\\":42}}',
    'messages[2].content[0]: json is not supported, sent as text',
  ],
  [
    'an unknown role',
    GROK,
    [user('Hi'), { role: 'critic', content: 'Too short' }, user('Again')],
    'Too short',
    'messages[1].role: critic is not known, sent as user',
  ],
  [
    'an image without its URL',
    GROK,
    [user([{ type: 'image_url', image_url: {} }, asPart('x')]), assistant({}), user('Thanks')],
    undefined,
    /^messages\[0\]\.content\[0\]: image_url is not supported/,
  ],
  [
    'an empty user message before tool calls',
    GROK,
    [user(''), assistant({ content: null, tool_calls: [called] }), result('1')],
    undefined,
    'messages[0]: user message without content, left out',
  ],
  [
    'members that OCI lacks, with one warning each',
    GROK,
    [
      user('Hi'),
      assistant({ audio: { id: 'a' }, annotations: [{ type: 'url_citation' }] }),
      assistant({ annotations: [{ type: 'url_citation' }] }),
      user('Thanks'),
    ],
    undefined,
    'messages[1].audio: not supported, left out',
    'messages[1].annotations: not supported, left out',
  ],
  [
    'a call without a name, whose result stays',
    GROK,
    [user('Hi'), assistant({ tool_calls: [{ id: 'c', type: 'web_search' }] }), result('Found')],
    'Found',
    'messages[1].tool_calls[0]: a call without a name, left out',
    'messages[2]: tool result without a call, sent as user text',
  ],
]

describe('a history with what OCI lacks', () => {
  for (const [name, model, messages, note, ...warnings] of odd) {
    it(`R-A1 accepts ${name}`, async () => {
      const exchange = await gateway.ask({ model, messages })
      assert.equal(exchange.warnings.length, warnings.length, exchange.warnings.join('\n'))
      for (const [at, warning] of warnings.entries()) {
        if (typeof warning === 'string') assert.equal(exchange.warnings[at], warning)
        else assert.match(exchange.warnings[at] ?? '', warning)
      }
      assert.match(JSON.stringify(exchange.sent), new RegExp(RegExp.escape(note ?? '')))
    })
  }

  it('R-A1 accepts what OpenAI clients send back', async () => {
    const messages = [
      user('Hi'),
      assistant({ refusal: null, annotations: [], audio: null, function_call: null }),
      assistant({ content: null, refusal: 'No', reasoning_content: 'Hm' }),
      user('Thanks'),
    ]
    const { warnings } = await gateway.ask({ model: GROK, messages })
    assert.deepEqual(warnings, [])
  })
})

function asPart(part: string | object): object {
  return typeof part === 'string' ? { type: 'text', text: part } : part
}
