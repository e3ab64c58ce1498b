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
  ['reads a system text', 's', [system('system', 's')]],
  ['N11 reads blocks of system text, cached or not', [{ type: 'text', text: 's', ...CACHE }], [
    system('system', 's'),
  ]],
  ['keeps several blocks apart', [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }], [
    system('system', 'a', 'b'),
  ]],
  ['reads no system text of nothing', '', []],
  ['reads no system text of empty blocks', [{ type: 'text', text: '' }], []],
]

const users: [name: string, content: unknown, messages: Message[]][] = [
  ['reads a text', 'Hi', [user(text('Hi'))]],
  ['reads blocks of text', [{ type: 'text', text: 'a', ...CACHE }, { type: 'text', text: 'b' }], [
    user(text('a'), text('b')),
  ]],
  ['reads a picture', [{ type: 'image', source: PNG, ...CACHE }], [
    user({ type: 'image', url: 'data:image/png;base64,iVBO', param: 'messages[0].content[0]' }),
  ]],
  ['reads the address of a picture', [
    { type: 'text', text: 'a' },
    { type: 'image', source: { type: 'url', url: 'https://e.x/a.png' } },
  ], [
    user(text('a'), {
      type: 'image',
      url: 'https://e.x/a.png',
      param: 'messages[0].content[1]',
    }),
  ]],
  ['reads a document', [{ type: 'document', source: PDF, title: 'T', context: 'C' }], [
    user(text('T\nC'), {
      type: 'document',
      url: 'data:application/pdf;base64,JVBE',
      param: 'messages[0].content[0]',
    }),
  ]],
  ['reads the address of a document', [
    { type: 'document', source: { type: 'url', url: 'https://e.x/a.pdf' } },
  ], [
    user({ type: 'document', url: 'https://e.x/a.pdf', param: 'messages[0].content[0]' }),
  ]],
  ['reads a document of plain text', [{
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: 'words' },
  }], [user(text('words'))]],
  ['reads a document of blocks', [{
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
  ['reads a document of one text', [{
    type: 'document',
    source: { type: 'content', content: 'words' },
  }], [user(text('words'))]],
  ['reads a search result', [{
    type: 'search_result',
    title: 'T',
    source: 'https://e.x',
    content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }],
  }], [user(text('[search_result] T (https://e.x)\na\nb'))]],
  ['reads blocks it does not know as text, without what is sealed', [{
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
  ['N12 reads the text of a result', [result({ content: 'ok', ...CACHE })], [tool(0, text('ok'))]],
  ['N12 reads blocks of a result', [
    result({ content: [{ type: 'text', text: 'a' }, { type: 'image', source: PNG }] }),
  ], [
    tool(0, text('a'), {
      type: 'image',
      url: 'data:image/png;base64,iVBO',
      param: 'messages[0].content[0].content[1]',
    }),
  ]],
  ['N12 reads a result that says nothing', [result({})], [tool(0)]],
  ['N12 tells an error in words', [result({ content: 'no file', is_error: true })], [
    tool(0, text('Error: no file')),
  ]],
  ['N12 tells an error without words', [result({ is_error: true })], [tool(0, text('Error'))]],
  ['N12 tells an error that begins with a picture', [
    result({ content: [{ type: 'image', source: PNG }], is_error: true }),
  ], [
    tool(0, text('Error'), {
      type: 'image',
      url: 'data:image/png;base64,iVBO',
      param: 'messages[0].content[0].content[0]',
    }),
  ]],
  ['reads what a search for tools found', [
    result({ content: [{ type: 'tool_reference', tool_name: 'f' }] }),
  ], [tool(0, text('[tool_reference] f'))]],
  ['N12 puts results first, then the rest', [
    { type: 'text', text: 'and' },
    result({ content: '1' }),
    { type: 'text', text: 'so' },
    result({ content: '2' }),
  ], [tool(1, text('1')), tool(3, text('2')), user(text('and'), text('so'))]],
  ['reads a user who says nothing', [], [user()]],
]

const assistants: [name: string, content: unknown, read: object][] = [
  ['reads a text', 'Hi', { content: [text('Hi')] }],
  ['N12 reads calls', [{ type: 'text', text: 'so' }, CALL, { ...CALL, id: 'b', input: {} }], {
    content: [text('so')],
    toolCalls: [
      { id: 'a', name: 'f', arguments: '{"a":1}' },
      { id: 'b', name: 'f', arguments: '{}' },
    ],
  }],
  ['reads a call without input', [{ type: 'tool_use', id: 'a', name: 'f', input: null }], {
    toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }],
  }],
  ['N17 reads thoughts, not their signature', [
    { type: 'thinking', thinking: 'h', signature: 's' },
    { type: 'text', text: 'Hi', citations: null },
    { type: 'thinking', thinking: 'm', signature: 's' },
  ], { content: [text('Hi')], reasoning: 'h\n\nm' }],
  ['leaves out thoughts that cannot be read', [
    { type: 'redacted_thinking', data: 'xyz' },
    { type: 'thinking', thinking: '', signature: 's' },
    { type: 'text', text: 'Hi' },
  ], { content: [text('Hi')] }],
  ["reads a server's tool as text", [
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
  ['a call of a user', 'user', CALL, '', 'invalid_request'],
  ['thoughts of a user', 'user', { type: 'thinking', thinking: 'h' }, '', 'invalid_request'],
  ['a picture of an assistant', 'assistant', image(PNG), '', 'invalid_request'],
  ['a result of an assistant', 'assistant', result({}), '', 'invalid_request'],
]

describe('decodeMessages()', () => {
  for (const [name, given, messages] of systems) {
    it(name, () => {
      const read = decode({ system: given }).request.messages
      assert.deepEqual(read, [...messages, user(text('Hi'))])
    })
  }

  it('reads system text amid the conversation', () => {
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
    it(`of an assistant ${name}`, () => {
      const { messages } = decode({ messages: [{ role: 'assistant', content }] }).request
      assert.deepEqual(messages, [{
        role: 'assistant',
        content: [],
        reasoning: undefined,
        refusal: undefined,
        toolCalls: [],
        name: undefined,
        place: 'messages[0]',
        ...read,
      }])
    })
  }

  for (const [name, role, block, param, code] of refusals) {
    it(`refuses ${name}, and names the place`, () => {
      const messages = [{ role: 'user', content: 'Hi' }, { role, content: [block] }]
      assert.throws(() => decode({ messages }), (error: unknown) => {
        assert.ok(error instanceof ApiError)
        assert.deepEqual([error.code, error.param], [code, `messages[1].content[0]${param}`])
        return true
      })
    })
  }
})

function text(words: string): { type: 'text'; text: string } {
  return { type: 'text', text: words }
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
