import { describe, it } from 'node:test'
import type { ResponseStore, StoredResponse } from '../../src/openai/responses/store.ts'
import { type ClientApi, decode } from './decode.ts'
import { assertLinear } from './measure.ts'

/** Bytes of the smaller requests; the larger ones have four times as many. */
const SIZE = 100 * 1024

/** A request of about `bytes` bytes. */
type Body = (bytes: number) => object
type Kind = [name: string, api: ClientApi, body: Body]

const USER = { role: 'user', content: 'Hi' }
const chat = (messages: object[], rest: object = {}) => ({ model: 'm', messages, ...rest })
const input = (items: unknown, rest: object = {}) => ({ model: 'm', input: items, ...rest })
const messagesOf = (messages: object[], rest: object = {}) => chat(messages, rest)
const call = (id: string, name = 'f', json = '{}') => ({
  id,
  type: 'function',
  function: { name, arguments: json },
})
const tool = (name: string) => ({ type: 'function', function: { name } })

/** Items whose JSON has `bytes` bytes in total. */
function fill<T>(bytes: number, make: (index: number) => T): T[] {
  const items: T[] = []
  for (let length = 0; length < bytes;) {
    const item = make(items.length)
    items.push(item)
    length += JSON.stringify(item).length + 1
  }
  return items
}

/** A piece repeated up to `bytes` bytes. */
function repeat(piece: string, bytes: number): string {
  return piece.repeat(Math.ceil(bytes / piece.length))
}

const chatKinds: Kind[] = [
  ['many messages', 'chat', (n) => chat(fill(n, () => USER))],
  [
    'many tiny parts',
    'chat',
    (n) => chat([{ role: 'user', content: fill(n, () => ({ type: 'text', text: 'a' })) }]),
  ],
  [
    'many empty parts',
    'chat',
    (n) => chat([{ role: 'user', content: fill(n, () => ({ type: 'text', text: '' })) }, USER]),
  ],
  [
    'runs of function messages',
    'chat',
    (n) => chat(fill(n, (at) => ({ role: 'function', name: `f${at % 7}`, content: 'x' }))),
  ],
  ['function messages after a call with another name', 'chat', (n) =>
    chat([
      { role: 'assistant', function_call: { name: 'g', arguments: '{}' } },
      ...fill(n, () => ({ role: 'function', name: 'f', content: 'x' })),
    ])],
  ['one message with many calls and their results', 'chat', (n) => {
    const calls = fill(n / 2, (at) => call(`c${at}`))
    return chat([
      { role: 'assistant', tool_calls: calls },
      ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'x' })),
    ])
  }],
  ['one message with many calls with the same id', 'chat', (n) => {
    const calls = fill(n / 2, () => call('c'))
    return chat([
      { role: 'assistant', tool_calls: calls },
      ...calls.map(() => ({ role: 'tool', tool_call_id: 'c', content: 'x' })),
    ])
  }],
  ['many messages with calls with the same id, results later', 'chat', (n) => {
    const turns = fill(n / 2, () => ({ role: 'assistant', tool_calls: [call('c')] }))
    return chat([
      ...turns,
      ...turns.map(() => ({ role: 'tool', tool_call_id: 'c', content: 'x' })),
    ])
  }],
  [
    'many messages with two calls',
    'chat',
    (n) => chat(fill(n, () => ({ role: 'assistant', tool_calls: [call('a'), call('b')] }))),
  ],
  ['calls whose safe ids collide', 'chat', (n) =>
    chat([{
      role: 'assistant',
      tool_calls: fill(n, (at) => call(at % 2 ? 'a b' : `a_b_${at}`)),
    }])],
  [
    'many results without a call',
    'chat',
    (n) => chat(fill(n, (at) => ({ role: 'tool', tool_call_id: `c${at}`, content: '' }))),
  ],
  [
    'many calls whose arguments are not JSON',
    'chat',
    (n) => chat([{ role: 'assistant', tool_calls: fill(n, (at) => call(`c${at}`, 'f', '{')) }]),
  ],
  ['arguments encoded many times', 'chat', (n) => {
    let json = '{}'
    while (json.length < n / 2) json = JSON.stringify(json)
    return chat([{ role: 'assistant', tool_calls: [call('c', 'f', json)] }, USER])
  }],
  ['many tools', 'chat', (n) => chat([USER], { tools: fill(n, (at) => tool(`f${at}`)) })],
  [
    'many tools with the same name',
    'chat',
    (n) => chat([USER], { tools: fill(n, () => tool('f')) }),
  ],
  ['many tools, all of them allowed', 'chat', (n) => {
    const tools = fill(n / 2, (at) => tool(`f${at}`))
    const choice = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools } }
    return chat([USER], { tools, tool_choice: choice })
  }],
  [
    'many tools that are not functions',
    'chat',
    (n) => chat([USER], { tools: fill(n, () => ({ type: 'x' })) }),
  ],
  ['many stop strings', 'chat', (n) => chat([USER], { stop: fill(n, (at) => `${at}`) })],
  [
    'many unknown members',
    'chat',
    (n) => chat([USER], Object.fromEntries(fill(n, (at) => [`x${at}`, 1]))),
  ],
  [
    'many biases',
    'chat',
    (n) => chat([USER], { logit_bias: Object.fromEntries(fill(n, (at) => [String(at), 1])) }),
  ],
  [
    'much metadata',
    'chat',
    (n) => chat([USER], { metadata: Object.fromEntries(fill(n, (at) => [`k${at}`, 'v'])) }),
  ],
  [
    'a logit_bias with a long name',
    'chat',
    (n) => chat([USER], { logit_bias: { [repeat('.1', n)]: 'x' } }),
  ],
  ['a schema with the maximum depth', 'chat', (n) => {
    const deep = repeat('[', 100).slice(0, 100) + repeat(']', 100).slice(0, 100)
    const parameters = { type: 'object', x: fill(n, () => JSON.parse(deep)) }
    return chat([USER], { tools: [{ type: 'function', function: { name: 'f', parameters } }] })
  }],
  [
    'many refusals in one message',
    'chat',
    (n) =>
      chat([{ role: 'assistant', content: fill(n, () => ({ type: 'refusal', refusal: 'x' })) }]),
  ],
  [
    'an invalid message after many valid ones',
    'chat',
    (n) => chat([...fill(n, () => USER), { role: 7 }]),
  ],
]

const ID = 'abcdefghijklmnopqrstuvwx'
const responsesKinds: Kind[] = [
  ['runs of function calls', 'responses', (n) =>
    input(fill(n, (at) => ({
      type: 'function_call',
      call_id: `c${at}`,
      name: 'f',
      arguments: '{}',
    })))],
  ['runs of reasoning', 'responses', (n) =>
    input([
      ...fill(n, () => ({ type: 'reasoning', summary: [{ type: 'summary_text', text: 'abc' }] })),
      USER,
    ])],
  ['runs of refusals after a call', 'responses', (n) =>
    input([
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      ...fill(n, () => ({ role: 'assistant', content: [{ type: 'refusal', refusal: 'x' }] })),
    ])],
  ['runs of texts after a call', 'responses', (n) =>
    input([
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      ...fill(n, () => ({ role: 'assistant', content: 'x' })),
    ])],
  [
    'runs of built-in calls',
    'responses',
    (n) => input(fill(n, (at) => ({ type: 'web_search_call', id: `w${at}`, action: {} }))),
  ],
  ['many items of unknown types', 'responses', (n) => input(fill(n, () => ({ type: 'x' })))],
  [
    'many references to unknown items',
    'responses',
    (n) => input(fill(n, (at) => ({ type: 'item_reference', id: `msg_${ID}_${at}` }))),
  ],
  [
    'a reference with a long id',
    'responses',
    (n) => input([{ type: 'item_reference', id: `${repeat('a', n)}_` }]),
  ],
  ['a namespace of underscores', 'responses', (n) =>
    input('Hi', {
      tools: [{
        type: 'namespace',
        name: `${repeat('_', n)}x`,
        tools: [{ type: 'function', name: 'f' }],
      }],
    })],
  ['a namespace with many names', 'responses', (n) =>
    input('Hi', {
      tools: [{
        type: 'namespace',
        name: repeat('n', n / 2),
        tools: fill(n / 2, (at) => ({ type: 'function', name: `f${at}` })),
      }],
    })],
  ['calls of namespaces of underscores', 'responses', (n) =>
    input(fill(n, (at) => ({
      type: 'function_call',
      call_id: `c${at}`,
      name: 'f',
      namespace: `${repeat('_', n / 8)}x`,
      arguments: '{}',
    })))],
  ['namespaces whose names collide', 'responses', (n) =>
    input('Hi', {
      tools: fill(n, (at) => ({
        type: 'namespace',
        name: `n${repeat('_', at + 1)}`,
        tools: [{ type: 'function', name: 'f' }],
      })),
    })],
  ['tools that collide with numbered names', 'responses', (n) =>
    input('Hi', {
      tools: [
        ...fill(n / 2, (at) => ({ type: 'function', name: `f_${at + 2}` })),
        ...fill(n / 2, (at) => ({ type: at % 2 ? 'custom' : 'function', name: `f_${at + 2}` })),
      ],
    })],
  ['many tools, each named as allowed', 'responses', (n) => {
    const tools = fill(n / 2, (at) => ({ type: 'function', name: `f${at}` }))
    return input('Hi', { tools, tool_choice: { type: 'allowed_tools', mode: 'auto', tools } })
  }],
  ['many namespaces, each named as allowed', 'responses', (n) => {
    const tools = fill(n / 2, (at) => ({
      type: 'namespace',
      name: `n${at}`,
      tools: [{ type: 'function', name: 'f' }],
    }))
    const allowed = tools.map(({ name }) => ({ type: 'namespace', name }))
    return input('Hi', { tools, tool_choice: { type: 'allowed_tools', tools: allowed } })
  }],
  [
    'many tools that OpenAI runs',
    'responses',
    (n) => input('Hi', { tools: fill(n, (at) => ({ type: `t${at}` })) }),
  ],
  [
    'many values of include',
    'responses',
    (n) => input('Hi', { include: fill(n, (at) => `i${at}`) }),
  ],
  [
    'parts of many kinds',
    'responses',
    (n) =>
      input([{ role: 'user', content: fill(n, () => ({ type: 'input_text', text: '' })) }, USER]),
  ],
]

const result = (at: number) => ({ type: 'tool_result', tool_use_id: `t${at}`, content: 'x' })
const use = (at: number) => ({ type: 'tool_use', id: `t${at}`, name: 'f', input: {} })
const messagesKinds: Kind[] = [
  ['many turns', 'messages', (n) => messagesOf(fill(n, () => USER))],
  ['many uses and their results', 'messages', (n) => {
    const uses = fill(n / 2, use)
    return messagesOf([
      { role: 'assistant', content: uses },
      { role: 'user', content: uses.map((_, at) => result(at)) },
    ])
  }],
  [
    'many messages with tool uses with the same id',
    'messages',
    (n) =>
      messagesOf(
        fill(n, (at) =>
          at % 2
            ? { role: 'user', content: [result(0)] }
            : { role: 'assistant', content: [use(0), use(0)] }),
      ),
  ],
  ['many thoughts', 'messages', (n) =>
    messagesOf([
      { role: 'assistant', content: fill(n, () => ({ type: 'thinking', thinking: 'hm' })) },
      USER,
    ])],
  [
    'blocks of many unknown types',
    'messages',
    (n) => messagesOf([{ role: 'user', content: fill(n, (at) => ({ type: `t${at}`, x: 1 })) }]),
  ],
  [
    'a block of a long unknown type',
    'messages',
    (n) => messagesOf([{ role: 'user', content: [{ type: repeat('é', n), x: 1 }] }]),
  ],
  [
    'many built-in tools',
    'messages',
    (n) => messagesOf([USER], { tools: fill(n, (at) => ({ type: `bash_${at}`, name: 'bash' })) }),
  ],
  [
    'many edits',
    'messages',
    (n) => messagesOf([USER], { context_management: { edits: fill(n, () => ({ type: 'x' })) } }),
  ],
  [
    'many members of output_config',
    'messages',
    (n) =>
      messagesOf([USER], { output_config: Object.fromEntries(fill(n, (at) => [`x${at}`, 1])) }),
  ],
  [
    'many system texts',
    'messages',
    (n) => messagesOf([USER], { system: fill(n, () => ({ type: 'text', text: 's' })) }),
  ],
  [
    'many stop sequences',
    'messages',
    (n) => messagesOf([USER], { stop_sequences: fill(n, (at) => `s${at}`) }),
  ],
  ['many search results', 'messages', (n) =>
    messagesOf([{
      role: 'user',
      content: [{
        type: 'search_result',
        title: 't',
        source: 's',
        content: fill(n, () => ({ type: 'text', text: 'x' })),
      }],
    }])],
]

const otherKinds: Kind[] = [
  ['many prompts', 'completions', (n) => ({ model: 'm', prompt: fill(n, () => 'a') })],
  ['many prompts with many stop strings', 'completions', (n) => ({
    model: 'm',
    prompt: fill(n / 2, () => 'a'),
    stop: fill(n / 2, () => 's'),
  })],
  ['many tokens', 'completions', (n) => ({ model: 'm', prompt: fill(n, () => 1) })],
  ['many texts', 'embeddings', (n) => ({ model: 'm', input: fill(n, () => 'a') })],
  ['many tokens', 'embeddings', (n) => ({ model: 'm', input: fill(n, () => [1]) })],
  ['many texts', 'moderations', (n) => ({ input: fill(n, () => 'a') })],
  ['many parts', 'moderations', (n) => ({ input: fill(n, () => ({ type: 'text', text: 'a' })) })],
  ['many rank_fields and documents', 'rerank', (n) => ({
    model: 'm',
    query: 'q',
    documents: fill(n / 2, () => ({ a: 'x' })),
    rank_fields: fill(n / 2, (at) => `f${at}`),
  })],
  ['documents with many members', 'rerank', (n) => ({
    model: 'm',
    query: 'q',
    documents: [Object.fromEntries(fill(n / 2, (at) => [`f${at}`, 'x']))],
    rank_fields: fill(n / 2, (at) => `f${at}`),
  })],
  ['many unknown members', 'rerank', (n) => ({
    model: 'm',
    query: 'q',
    documents: ['d'],
    ...Object.fromEntries(fill(n, (at) => [`x${at}`, 1])),
  })],
]

/** Texts on which repeated searches or backtracking take long. */
const TEXTS = [
  ...[' ', '\n', '_', '\\', '"', '\\"', 'a', 'A', 'Aa', '0', '{', '<tool_call>', '</tool_call>'],
  ...['data:image/', ';base64,', 'data:,', '=', '漢', 'é', '\u{1f600}', '\ud800', '. ', '-'],
]

/** Requests in which one text has nearly the whole size. */
const textKinds: Kind[] = TEXTS.map((piece): Kind => [
  `one text of ${JSON.stringify(piece)}`,
  'chat',
  (n) => chat([{ role: 'user', content: repeat(piece, n) }]),
])
const textsElsewhere: Kind[] = ['_', '\\"', 'data:image/'].flatMap((piece): Kind[] => [
  [`one text of ${piece}`, 'responses', (n) => input(repeat(piece, n))],
  [
    `one text of ${piece}`,
    'messages',
    (n) => messagesOf([{ role: 'user', content: repeat(piece, n) }]),
  ],
  [`one text of ${piece}`, 'embeddings', (n) => ({ model: 'm', input: repeat(piece, n) })],
  [`one text of ${piece}`, 'moderations', (n) => ({ input: repeat(piece, n) })],
  [
    `arguments of ${piece}`,
    'chat',
    (n) => chat([{ role: 'assistant', tool_calls: [call('c', 'f', repeat(piece, n))] }, USER]),
  ],
  [`a tool named ${piece}`, 'chat', (n) => chat([USER], { tools: [tool(repeat(piece, n))] })],
  [
    `a call's id of ${piece}`,
    'chat',
    (n) => chat([{ role: 'assistant', tool_calls: [call(repeat(piece, n))] }, USER]),
  ],
  [`an unknown member named ${piece}`, 'chat', (n) => chat([USER], { [repeat(piece, n)]: 1 })],
  [`an image of ${piece}`, 'chat', (n) =>
    chat([{
      role: 'user',
      content: [{ type: 'image_url', image_url: { url: repeat(piece, n) } }],
    }])],
])

describe('decoding a request', () => {
  const kinds = [
    ...[chatKinds, responsesKinds, messagesKinds, otherKinds, textKinds, textsElsewhere].flat(),
  ]
  for (const [name, api, body] of kinds) {
    const id = api === 'rerank' ? 'F15' : 'F2'
    it(`${id}: is linear in ${name} (${api})`, async () => {
      await assertLinear((size) => {
        const json = JSON.stringify(body(size))
        return () => decode(api, json)
      }, SIZE)
    })
  }

  it('F2: is linear in references to the items of a stored conversation', async () => {
    await assertLinear((size) => {
      const references = fill(size / 2, (at) => ({ id: `in_${ID}_i${at}` })).slice(0, 1_000)
      const items = fill(size / 2, (at) => ({ ...USER, type: 'message', id: `in_${ID}_i${at}` }))
      const stored = { response: { output: [] }, input: items } as unknown as StoredResponse
      // Parsed each time, as by a store that keeps text.
      const kept = JSON.stringify(stored)
      const store: ResponseStore = {
        get: () => Promise.resolve(JSON.parse(kept)),
        put: () => Promise.resolve(),
        delete: () => Promise.resolve(false),
      }
      const json = JSON.stringify(input(references))
      return () => decode('responses', json, store)
    }, SIZE)
  })
})
