import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Message } from '../../../src/chat/model.ts'
import { ApiError } from '../../../src/errors.ts'
import { decode } from './request.ts'

const CACHE = { cache_control: { type: 'ephemeral', ttl: '1h' } }
const PNG = { type: 'base64', media_type: 'image/png', data: 'iVBO' }
const PDF = { type: 'base64', media_type: 'application/pdf', data: 'JVBE' }
const CALL = { type: 'tool_use', id: 'a', name: 'f', input: { a: 1 }, caller: { type: 'direct' } }

const systems: [name: string, system: unknown, messages: Message[]][] = [
  ['decodes a system text', 's', [system('system', 's')]],
  ['N11 decodes blocks of system text, cached or not', [{ type: 'text', text: 's', ...CACHE }], [
    system('system', 's'),
  ]],
  ['keeps several blocks separate', [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }], [
    system('system', 'a', 'b'),
  ]],
  ['decodes an empty system text to no message', '', []],
  ['decodes empty system blocks to no message', [{ type: 'text', text: '' }], []],
]

const users: [name: string, content: unknown, messages: Message[]][] = [
  ['decodes a text', 'Hi', [user(text('Hi'))]],
  ['decodes text blocks', [{ type: 'text', text: 'a', ...CACHE }, { type: 'text', text: 'b' }], [
    user(text('a'), text('b')),
  ]],
  ['decodes an image', [{ type: 'image', source: PNG, ...CACHE }], [
    user({ type: 'image', url: 'data:image/png;base64,iVBO', param: 'messages[0].content[0]' }),
  ]],
  ['decodes the URL of an image', [
    { type: 'text', text: 'a' },
    { type: 'image', source: { type: 'url', url: 'https://e.x/a.png' } },
  ], [
    user(text('a'), {
      type: 'image',
      url: 'https://e.x/a.png',
      param: 'messages[0].content[1]',
    }),
  ]],
  ['decodes a document', [{ type: 'document', source: PDF, title: 'T', context: 'C' }], [
    user(text('T\nC'), {
      type: 'document',
      url: 'data:application/pdf;base64,JVBE',
      param: 'messages[0].content[0]',
    }),
  ]],
  ['decodes the URL of a document', [
    { type: 'document', source: { type: 'url', url: 'https://e.x/a.pdf' } },
  ], [
    user({ type: 'document', url: 'https://e.x/a.pdf', param: 'messages[0].content[0]' }),
  ]],
  ['decodes a document of plain text', [{
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: 'words' },
  }], [user(text('words'))]],
  ['decodes a document of blocks', [{
    type: 'document',
    source: {
      type: 'content',
      content: [{ type: 'text', text: 'a' }, { type: 'image', source: PNG }],
    },
  }], [
    user(text('a'), {
      type: 'image',
      url: 'data:image/png;base64,iVBO',
      param: 'messages[0].content[0].source.content[1]',
    }),
  ]],
  ['decodes a document of one text', [{
    type: 'document',
    source: { type: 'content', content: 'words' },
  }], [user(text('words'))]],
  ['decodes a search result', [{
    type: 'search_result',
    title: 'T',
    source: 'https://e.x',
    content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }],
  }], [user(text('[search_result] T (https://e.x)\na\nb'))]],
  ['decodes unknown blocks as text, without encrypted members', [{
    type: 'web_search_tool_result',
    tool_use_id: 's',
    ...CACHE,
    content: [{ type: 'web_search_result', url: 'https://e.x', encrypted_content: 'xyz' }],
  }], [
    user(text(
      '[web_search_tool_result] {"tool_use_id":"s",' +
        '"content":[{"type":"web_search_result","url":"https://e.x"}]}',
    )),
  ]],
  ['N12 decodes the text of a result', [result({ content: 'ok', ...CACHE })], [
    tool(0, text('ok')),
  ]],
  ['N12 decodes blocks of a result', [
    result({ content: [{ type: 'text', text: 'a' }, { type: 'image', source: PNG }] }),
  ], [
    tool(0, text('a'), {
      type: 'image',
      url: 'data:image/png;base64,iVBO',
      param: 'messages[0].content[0].content[1]',
    }),
  ]],
  ['N12 decodes an empty result', [result({})], [tool(0)]],
  ['N12 marks an error in the text', [result({ content: 'no file', is_error: true })], [
    tool(0, text('Error: no file')),
  ]],
  ['N12 marks an error without text', [result({ is_error: true })], [tool(0, text('Error'))]],
  ['N12 marks an error that begins with an image', [
    result({ content: [{ type: 'image', source: PNG }], is_error: true }),
  ], [
    tool(0, text('Error'), {
      type: 'image',
      url: 'data:image/png;base64,iVBO',
      param: 'messages[0].content[0].content[0]',
    }),
  ]],
  ['decodes the results of a tool search', [
    result({ content: [{ type: 'tool_reference', tool_name: 'f' }] }),
  ], [tool(0, text('[tool_reference] f'))]],
  ['N12 puts results before other content', [
    { type: 'text', text: 'and' },
    result({ content: '1' }),
    { type: 'text', text: 'so' },
    result({ content: '2' }),
  ], [tool(1, text('1')), tool(3, text('2')), user(text('and'), text('so'))]],
  ['decodes an empty user message', [], [user()]],
]

const assistants: [name: string, content: unknown, read: object][] = [
  ['decodes a text', 'Hi', { content: [text('Hi')] }],
  ['N12 decodes calls', [{ type: 'text', text: 'so' }, CALL, { ...CALL, id: 'b', input: {} }], {
    content: [text('so')],
    toolCalls: [
      { id: 'a', name: 'f', arguments: '{"a":1}' },
      { id: 'b', name: 'f', arguments: '{}' },
    ],
  }],
  ['decodes a call without input', [{ type: 'tool_use', id: 'a', name: 'f', input: null }], {
    toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }],
  }],
  ['N17 decodes thinking without its signature', [
    { type: 'thinking', thinking: 'h', signature: 's' },
    { type: 'text', text: 'Hi', citations: null },
    { type: 'thinking', thinking: 'm', signature: 's' },
  ], { content: [text('Hi')], reasoning: 'h\n\nm' }],
  ['drops encrypted thinking', [
    { type: 'redacted_thinking', data: 'xyz' },
    { type: 'thinking', thinking: '', signature: 's' },
    { type: 'text', text: 'Hi' },
  ], { content: [text('Hi')] }],
  ['decodes a server tool as text', [
    { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } },
  ], { content: [text('[server_tool_use] {"id":"s","name":"web_search","input":{"query":"q"}}')] }],
]

const refusals: [name: string, role: string, block: object, param: string, code: string][] = [
  [
    'a file by its id',
    'user',
    image({ type: 'file', file_id: 'f' }),
    '.source',
    'unsupported_content',
  ],
  [
    'a document by its id',
    'user',
    {
      type: 'document',
      source: { type: 'file', file_id: 'f' },
    },
    '.source',
    'unsupported_content',
  ],
  ['an upload', 'user', { type: 'container_upload', file_id: 'f' }, '', 'unsupported_content'],
  ['a call in a user message', 'user', CALL, '', 'invalid_request'],
  [
    'thinking in a user message',
    'user',
    { type: 'thinking', thinking: 'h' },
    '',
    'invalid_request',
  ],
]

describe('decodeMessages()', () => {
  for (const [name, content, messages] of systems) {
    it(name, () => {
      const read = decode({ system: content }).request.messages
      assert.deepEqual(read, [...messages, user(text('Hi'))])
    })
  }

  it('decodes system text in the middle of the conversation', () => {
    const { messages } = decode({
      system: 'a',
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'system', content: 'b' },
        { role: 'system', content: [{ type: 'text', text: 'c', ...CACHE }] },
        { role: 'system', output_config: { effort: 'low' } },
      ],
    }).request
    assert.deepEqual(messages, [
      system('system', 'a'),
      user(text('Hi')),
      system('messages[1]', 'b'),
      system('messages[2]', 'c'),
    ])
  })

  for (const [name, content, messages] of users) {
    it(name, () => {
      const read = decode({ messages: [{ role: 'user', content }] }).request.messages
      assert.deepEqual(read, messages)
    })
  }

  for (const [name, content, read] of assistants) {
    it(`${name} of the assistant`, () => {
      const { messages } = decode({ messages: [{ role: 'assistant', content }] }).request
      assert.deepEqual(messages, [{
        role: 'assistant',
        content: [],
        reasoning: undefined,
        refusal: undefined,
        toolCalls: [],
        name: undefined,
        location: 'messages[0]',
        ...read,
      }])
    })
  }

  for (const [name, role, block] of refusals) {
    it(`accepts ${name} in an earlier turn, with a warning`, () => {
      const messages = [{ role, content: [block] }, { role: 'user', content: 'Hi' }]
      const { request, warnings } = decode({ messages })
      assert.equal(request.messages.length, 2)
      assert.match(warnings.join('\n'), /messages\[0\]\.content\[0\]: /)
    })
  }

  it('accepts an image in an assistant message as a note', () => {
    const messages = [{ role: 'assistant', content: [image(PNG)] }]
    const { request, warnings } = decode({ messages })
    const reason = 'only user messages and tool results have it'
    assert.deepEqual(request.messages[0]?.content, [text(`[image omitted: ${reason}]`)])
    assert.deepEqual(warnings, [`messages[0].content[0]: image omitted, ${reason}`])
  })

  it('accepts a result in an assistant message', () => {
    const messages = [{ role: 'assistant', content: [CALL, result({ content: 'ok' })] }]
    assert.deepEqual(decode({ messages }).request.messages[1], tool(1, text('ok')))
  })

  for (const [name, role, block, param, code] of refusals) {
    it(`rejects ${name} and names the field`, () => {
      const messages = [{ role: 'user', content: 'Hi' }, { role, content: [block] }]
      assert.throws(() => decode({ messages }), (error: unknown) => {
        assert.ok(error instanceof ApiError)
        assert.deepEqual([error.code, error.param], [code, `messages[1].content[0]${param}`])
        return true
      })
    })
  }
})

function text(content: string): { type: 'text'; text: string } {
  return { type: 'text', text: content }
}

function image(source: object): object {
  return { type: 'image', source }
}

function result(part: object): object {
  return { type: 'tool_result', tool_use_id: 'a', ...part }
}

function system(location: string, ...texts: string[]): Message {
  return { role: 'system', content: texts.map(text), name: undefined, location }
}

function user(...content: Extract<Message, { role: 'user' }>['content']): Message {
  return { role: 'user', content, name: undefined, location: 'messages[0]' }
}

function tool(index: number, ...content: Extract<Message, { role: 'tool' }>['content']): Message {
  return { role: 'tool', toolCallId: 'a', content, location: `messages[0].content[${index}]` }
}
