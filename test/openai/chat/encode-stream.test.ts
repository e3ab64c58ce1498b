import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatEvent } from '../../../src/chat/events.ts'
import { createStreamEncoder } from '../../../src/openai/chat/encode-stream.ts'
import { readChunks } from './fold.ts'
import type { Chunk } from './public-schema.ts'
import { IDENTITY, usage } from './reply.ts'

const ROLE = piece({ delta: { role: 'assistant', content: '' } })

const cases: [name: string, events: ChatEvent[], pieces: object[]][] = [
  ['S02 starts with the role and no text', [], []],
  ['writes text', [{ type: 'text-delta', choice: 0, text: 'H"i\n\n' }], [
    piece({ delta: { content: 'H"i\n\n' } }),
  ]],
  ['S24 writes reasoning separate from text', [
    { type: 'reasoning-delta', choice: 0, text: 'hm' },
    { type: 'text-delta', choice: 0, text: 'x' },
  ], [piece({ delta: { reasoning_content: 'hm' } }), piece({ delta: { content: 'x' } })]],
  ['writes a refusal', [{ type: 'refusal-delta', choice: 0, text: 'no' }], [
    piece({ delta: { refusal: 'no' } }),
  ]],
  ['S04 writes id, type and name of a call once, in its first chunk', [
    { type: 'tool-call-start', choice: 0, index: 0, id: 'a', name: 'f' },
    { type: 'tool-call-delta', choice: 0, index: 0, arguments: '{"a' },
    { type: 'tool-call-start', choice: 0, index: 1, id: 'b', name: 'g"' },
    { type: 'tool-call-delta', choice: 0, index: 0, arguments: '": 1}' },
  ], [
    call({ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
    call({ index: 0, function: { arguments: '{"a' } }),
    call({ index: 1, id: 'b', type: 'function', function: { name: 'g"', arguments: '' } }),
    call({ index: 0, function: { arguments: '": 1}' } }),
  ]],
  ['writes citations', [{
    type: 'annotations',
    choice: 0,
    annotations: [{ url: 'https://e.x', title: undefined, start: 1, end: 2 }],
  }], [piece({
    delta: {
      annotations: [{
        type: 'url_citation',
        url_citation: { url: 'https://e.x', title: '', start_index: 1, end_index: 2 },
      }],
    },
  })]],
  ['writes logprobs', [{
    type: 'logprobs',
    choice: 0,
    tokens: [{ token: 'a', logprob: -1, top: [] }],
  }], [piece({
    logprobs: {
      content: [{ token: 'a', logprob: -1, bytes: [97], top_logprobs: [] }],
      refusal: null,
    },
  })]],
  ...(['stop', 'length'] as const).map((reason): [string, ChatEvent[], object[]] => [
    `S30 writes the finish ${reason}`,
    [{ type: 'finish', choice: 0, reason }],
    [piece({ finish_reason: reason })],
  ]),
  ['S30 writes the finish tool_calls', [{ type: 'finish', choice: 0, reason: 'tool-calls' }], [
    piece({ finish_reason: 'tool_calls' }),
  ]],
  ['S30 writes the finish content_filter', [
    { type: 'finish', choice: 0, reason: 'content-filter' },
  ], [piece({ finish_reason: 'content_filter' })]],
  ['S28 starts each choice with its role', [
    { type: 'text-delta', choice: 1, text: 'b' },
    { type: 'text-delta', choice: 0, text: 'a' },
    { type: 'finish', choice: 1, reason: 'stop' },
    { type: 'finish', choice: 2, reason: 'stop' },
  ], [
    piece({ index: 1, delta: { role: 'assistant', content: '' } }),
    piece({ index: 1, delta: { content: 'b' } }),
    piece({ delta: { content: 'a' } }),
    piece({ index: 1, finish_reason: 'stop' }),
    piece({ index: 2, delta: { role: 'assistant', content: '' } }),
    piece({ index: 2, finish_reason: 'stop' }),
  ]],
]

const FINISH: ChatEvent = { type: 'finish', choice: 0, reason: 'stop' }
const COUNTED: ChatEvent = { type: 'usage', usage: usage({ cached: 3, reasoning: 2 }) }

describe('createStreamEncoder()', () => {
  for (const [name, events, pieces] of cases) {
    it(name, () => {
      const chunks = encode(events, false)
      assert.deepEqual(chunks.flatMap(({ choices }) => choices), [ROLE, ...pieces])
    })
  }

  it('R16 writes the same identity into every chunk', () => {
    const chunks = encode([{ type: 'text-delta', choice: 0, text: 'x' }, FINISH, COUNTED], true)
    const heads = chunks.map(({ id, object, created, model }) => ({ id, object, created, model }))
    assert.deepEqual(heads, chunks.map(() => ({ ...IDENTITY, object: 'chat.completion.chunk' })))
  })

  it('escapes names', () => {
    const identity = { ...IDENTITY, id: 'a"b', model: 'c\\d\n' }
    const encoder = createStreamEncoder(identity, { includeUsage: false })
    const [chunk] = readChunks(encoder.start() + encoder.end())
    assert.deepEqual([chunk?.id, chunk?.model], ['a"b', 'c\\d\n'])
  })

  it('P08 S16 writes requested usage after the finish, in a separate chunk', () => {
    const chunks = encode([FINISH, COUNTED], true)
    assert.deepEqual(chunks.map(({ choices, usage }) => ({ choices, usage })), [
      { choices: [ROLE], usage: null },
      { choices: [piece({ finish_reason: 'stop' })], usage: null },
      {
        choices: [],
        usage: {
          prompt_tokens: 5,
          completion_tokens: 7,
          total_tokens: 12,
          prompt_tokens_details: { cached_tokens: 3 },
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      },
    ])
  })

  it('S17 writes the usage after the finish, also when it arrives before', () => {
    assert.deepEqual(encode([COUNTED, FINISH], true), encode([FINISH, COUNTED], true))
  })

  it('P09 writes no usage that was not requested', () => {
    const chunks = encode([FINISH, COUNTED], false)
    assert.deepEqual(chunks.map((chunk) => [chunk.choices.length, 'usage' in chunk]), [
      [1, false],
      [1, false],
    ])
  })

  it('S18 writes no usage when OCI sends none', () => {
    const chunks = encode([FINISH], true)
    assert.deepEqual(chunks.map(({ choices }) => choices.length), [1, 1])
  })

  it("writes the service tier when it is known and one of OpenAI's", () => {
    const text: ChatEvent = { type: 'text-delta', choice: 0, text: 'x' }
    const tier = (serviceTier: string): ChatEvent => ({ type: 'service-tier', serviceTier })
    const chunks = encode([text, tier('default'), text, FINISH, COUNTED, tier('gold"')], true)
    assert.deepEqual(chunks.map(({ service_tier }) => service_tier), [
      ...[undefined, undefined, 'default', 'default', undefined],
    ])
  })

  it('X15 writes a heartbeat without content and without a role', () => {
    const encoder = createStreamEncoder(IDENTITY, { includeUsage: true })
    const [first, second] = readChunks(encoder.heartbeat() + encoder.start() + encoder.end())
    assert.deepEqual(first?.choices, [piece({})])
    assert.deepEqual(second?.choices, [ROLE])
  })

  it('S29 shares no state between two streams', () => {
    const [one, other] = [0, 1].map(() => createStreamEncoder(IDENTITY, { includeUsage: true }))
    one?.start()
    one?.encode([COUNTED, { type: 'service-tier', serviceTier: 'default' }])
    const chunks = readChunks(`${other?.start()}${other?.end()}`)
    assert.deepEqual(chunks.map(({ choices, service_tier }) => [choices, service_tier]), [
      [[ROLE], undefined],
    ])
  })

  it('writes nothing for no events', () => {
    const encoder = createStreamEncoder(IDENTITY, { includeUsage: true })
    assert.equal(encoder.encode([]) + encoder.encode([COUNTED]), '')
  })
})

function encode(events: readonly ChatEvent[], includeUsage: boolean): Chunk[] {
  const encoder = createStreamEncoder(IDENTITY, { includeUsage })
  return readChunks(encoder.start() + encoder.encode(events) + encoder.end())
}

function piece(part: object): object {
  return { index: 0, delta: {}, logprobs: null, finish_reason: null, ...part }
}

function call(part: object): object {
  return piece({ delta: { tool_calls: [part] } })
}
