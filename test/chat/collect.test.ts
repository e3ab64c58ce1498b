import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collect, createCollector } from './collect.ts'
import type { ChatEvent } from '../../src/chat/events.ts'
import type { ChatReply, Choice, Usage } from '../../src/chat/model.ts'
import { ApiError } from '../../src/errors.ts'

const USAGE: Usage = {
  prompt: 5,
  completion: 7,
  total: 12,
  cached: undefined,
  reasoning: 2,
  acceptedPrediction: undefined,
  rejectedPrediction: undefined,
}

type Row = [name: string, batches: ChatEvent[][], expected: ChatReply]

const rows: Row[] = [
  ['joins text', [[text('Hel')], [text('lo'), finish()]], replyOf([choice({ text: 'Hello' })])],
  [
    'keeps reasoning and refusals separate from text',
    [[
      { type: 'reasoning-delta', choice: 0, text: 'Hm' },
      { type: 'refusal-delta', choice: 0, text: 'N' },
      { type: 'refusal-delta', choice: 0, text: 'o' },
      finish('content-filter'),
    ]],
    replyOf([choice({ reasoning: 'Hm', refusal: 'No', finishReason: 'content-filter' })]),
  ],
  [
    'joins the arguments of interleaved calls, in the order of their indexes',
    [
      [{ type: 'tool-call-start', choice: 0, index: 1, id: 'b', name: 'g' }],
      [{ type: 'tool-call-start', choice: 0, index: 0, id: 'a', name: 'f' }],
      [{ type: 'tool-call-delta', choice: 0, index: 1, arguments: '{"b"' }],
      [{ type: 'tool-call-delta', choice: 0, index: 0, arguments: '{}' }],
      [{ type: 'tool-call-delta', choice: 0, index: 1, arguments: ':1}' }, finish('tool-calls')],
    ],
    replyOf([choice({
      toolCalls: [
        { id: 'a', name: 'f', arguments: '{}' },
        { id: 'b', name: 'g', arguments: '{"b":1}' },
      ],
      finishReason: 'tool-calls',
    })]),
  ],
  [
    'keeps choices separate, in order',
    [[text('B', 1)], [text('A', 0), finish('length', 1)], [finish('stop', 0)]],
    replyOf([
      choice({ index: 0, text: 'A' }),
      choice({ index: 1, text: 'B', finishReason: 'length' }),
    ]),
  ],
  [
    'keeps usage and service tier, even after the finish event',
    [[finish()], [{ type: 'usage', usage: USAGE }], [
      { type: 'service-tier', serviceTier: 'priority' },
    ]],
    { ...replyOf([choice({})]), usage: USAGE, serviceTier: 'priority' },
  ],
  [
    'joins annotations and logprobs',
    [
      [
        { type: 'logprobs', choice: 0, tokens: [{ token: 'a', logprob: -1, top: [] }] },
        { type: 'annotations', choice: 0, annotations: [source('https://e.x/1')] },
      ],
      [
        { type: 'logprobs', choice: 0, tokens: [{ token: 'b', logprob: -2, top: [] }] },
        { type: 'annotations', choice: 0, annotations: [source('https://e.x/2')] },
        finish(),
      ],
    ],
    replyOf([choice({
      annotations: [source('https://e.x/1'), source('https://e.x/2')],
      logprobs: [{ token: 'a', logprob: -1, top: [] }, { token: 'b', logprob: -2, top: [] }],
    })]),
  ],
]

const broken: [name: string, events: ChatEvent[], code: string][] = [
  [
    'a choice without a finish event',
    [text('A', 0), text('B', 1), finish('stop', 0)],
    'upstream_incomplete',
  ],
  ['a stream without a reply', [{ type: 'usage', usage: USAGE }], 'upstream_incomplete'],
  [
    'arguments of a call that has not started',
    [{ type: 'tool-call-delta', choice: 0, index: 3, arguments: '{}' }, finish()],
    'upstream_invalid_response',
  ],
]

describe('collect()', () => {
  for (const [name, batches, expected] of rows) {
    it(name, async () => assert.deepEqual(await collect(from(batches)), expected))
  }

  for (const [name, events, code] of broken) {
    it(`rejects ${name}`, async () => {
      const hasCode = (error: unknown) => error instanceof ApiError && error.code === code
      await assert.rejects(collect(from([events])), hasCode)
    })
  }
})

describe('createCollector()', () => {
  it('accepts a very long list of tokens in one event', () => {
    const { add, reply } = createCollector()
    const tokens = Array.from({ length: 200_000 }, () => ({ token: 'a', logprob: 0, top: [] }))
    add({ type: 'logprobs', choice: 0, tokens })
    add(finish())
    assert.equal(reply().choices[0]?.logprobs.length, 200_000)
  })
})

function text(content: string, index = 0): ChatEvent {
  return { type: 'text-delta', choice: index, text: content }
}

function finish(reason: Choice['finishReason'] = 'stop', index = 0): ChatEvent {
  return { type: 'finish', choice: index, reason }
}

function source(url: string) {
  return { url, title: undefined, start: undefined, end: undefined }
}

function choice(parts: Partial<Choice>): Choice {
  return {
    index: 0,
    text: '',
    reasoning: '',
    refusal: '',
    toolCalls: [],
    annotations: [],
    logprobs: [],
    finishReason: 'stop',
    ...parts,
  }
}

function replyOf(choices: Choice[]): ChatReply {
  return { choices, usage: undefined, serviceTier: undefined, created: undefined }
}

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
