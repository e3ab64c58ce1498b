import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { ChatEvent } from '../../../../src/chat/events.ts'
import { decodeReply } from '../../../../src/oci/formats/chat-completions/decode.ts'
import { createStreamDecoder } from '../../../../src/oci/formats/chat-completions/decode-stream.ts'
import { CHAT_COMPLETIONS } from '../../../../src/oci/formats/chat-completions/format.ts'
import {
  called,
  constant,
  decodeAll,
  decodeBatches,
  finished,
  fold,
  reasoningEvents,
  slices,
  textEvents,
} from '../cohere/stream.ts'
import { messages, options } from '../generic/stream.ts'
import { grapheme } from '../../../characters.ts'

type Case = [name: string, chunks: readonly object[], expected: readonly ChatEvent[]]

const FIRST = chunk({ role: 'assistant', content: '', refusal: null })
const STOP = chunk({}, 'stop')
const COUNTS = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 }

const cases: Case[] = [
  [
    'reads text, the service tier and the usage after the finish',
    [
      FIRST,
      { ...chunk({ content: 'Hel' }), service_tier: 'default', usage: null },
      chunk({ content: 'lo' }),
      STOP,
      { choices: [], usage: COUNTS },
    ],
    [
      { type: 'service-tier', serviceTier: 'default' },
      ...textEvents('Hel', 'lo'),
      finished(),
      {
        type: 'usage',
        usage: {
          ...{ prompt: 5, completion: 7, total: 12, cached: undefined, reasoning: undefined },
          ...{ acceptedPrediction: undefined, rejectedPrediction: undefined },
        },
      },
    ],
  ],
  ['reads reasoning', [chunk({ reasoning_content: 'hm' }), chunk({ content: 'Hi' }), STOP], [
    ...reasoningEvents('hm'),
    ...textEvents('Hi'),
    finished(),
  ]],
  ['S03 emits the text of the finish event first', [chunk({ content: 'Hi' }, 'length')], [
    ...textEvents('Hi'),
    finished('length'),
  ]],
  [
    'T30 distinguishes parallel calls by index',
    [
      FIRST,
      chunk({ tool_calls: [{ index: 0, ...call('A', 'f', '') }] }),
      chunk({ tool_calls: [{ index: 1, ...call('B', 'g', '') }] }),
      chunk({ tool_calls: [{ index: 1, function: { arguments: '[2]' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '[1]' } }] }),
      chunk({}, 'tool_calls'),
    ],
    [
      ...called(0, 'A', 'f'),
      ...called(1, 'B', 'g'),
      { type: 'tool-call-delta', choice: 0, index: 1, arguments: '[2]' },
      { type: 'tool-call-delta', choice: 0, index: 0, arguments: '[1]' },
      finished('tool-calls'),
    ],
  ],
  [
    'R04 generates ids for calls without one',
    [
      chunk({
        tool_calls: [
          { index: 0, ...call(null, 'f', '{}') },
          { index: 1, ...call(null, 'g', '{}') },
        ],
      }),
      STOP,
    ],
    [
      ...called(0, 'callX', 'f', '{}'),
      ...called(1, 'callX', 'g', '{}'),
      finished('tool-calls'),
    ],
  ],
]

describe('createStreamDecoder()', () => {
  for (const [name, chunks, expected] of cases) {
    it(name, () => {
      assert.deepEqual(decodeAll(CHAT_COMPLETIONS, messages(...chunks)), expected)
    })
  }

  it('P12 separates choices', () => {
    const chunks = [1, 0].map((index) => ({
      choices: [{ index, delta: { content: `${index}` }, finish_reason: 'stop' }],
    }))
    const decoder = createStreamDecoder({ ...options(), choices: 2 })
    const texts = decoder.push(messages(...chunks)).filter(({ type }) => type === 'text-delta')
    assert.deepEqual(
      texts,
      [1, 0].map((choice) => ({
        type: 'text-delta',
        choice,
        text: `${choice}`,
      })),
    )
    assert.equal(decoder.finished, true)
  })

  it('S20 throws at the end of a stream that ended early', () => {
    for (const tail of [[], [{ data: '[DONE]' }]]) {
      const decoder = createStreamDecoder(options())
      decoder.push([...messages(FIRST, chunk({ content: 'Hi' })), ...tail])
      assert.throws(() => decoder.end(), { code: 'upstream_incomplete' })
    }
  })

  it('throws the error that the stream reports', () => {
    const decoder = createStreamDecoder(options())
    const stream = messages(chunk({ content: 'Hi' }), { error: { message: 'Oh' } })
    assert.deepEqual(decoder.push(stream), textEvents('Hi'))
    assert.throws(() => decoder.end(), { code: 'rate_limit_exceeded', message: /Oh/ })
  })

  it('ignores events of unknown shapes', () => {
    const decoder = createStreamDecoder(options())
    assert.deepEqual(
      decoder.push(messages({ odd: true }, STOP)),
      decodeAll(CHAT_COMPLETIONS, messages(STOP)),
    )
  })

  it('emits in pieces what decodeReply() reads at once, in any batches', () => {
    fc.assert(fc.property(answers(), fc.array(fc.nat(30)), ({ deltas, end, usage }, at) => {
      const stream = messages(
        FIRST,
        ...deltas.map((delta) => chunk(delta)),
        chunk({}, end),
        { choices: [], usage },
      )
      const batches = slices(stream, at.map((place) => place % stream.length))
      const folded = fold(decodeBatches(CHAT_COMPLETIONS, batches))
      assert.deepEqual(folded, decodeReply(wholeOf(deltas, end, usage), constant()))
    }))
  })
})

interface Delta {
  content?: string
  reasoning_content?: string
  tool_calls?: [{ index: number; id: string; function: { name: string; arguments: string } }]
}

function answers() {
  const text = fc.string({ unit: grapheme, minLength: 1 })
  const words: fc.Arbitrary<Delta> = fc.oneof(
    text.map((content) => ({ content })),
    text.map((reasoning_content) => ({ reasoning_content })),
  )
  const toolCall = fc.record({
    id: fc.uuid(),
    name: fc.stringMatching(/^[a-z]{1,8}$/),
    json: fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
  })
  const calls = fc.array(toolCall, { maxLength: 3 }).map((list) =>
    list.map(({ id, name, json }, index): Delta => ({
      tool_calls: [{ index, id, function: { name, arguments: json } }],
    }))
  )
  return fc.record({
    deltas: fc.tuple(fc.array(words, { maxLength: 5 }), calls).map(([one, other]) => [
      ...one,
      ...other,
    ]),
    end: fc.constantFrom('stop', 'tool_calls', 'length', 'odd'),
    usage: fc.record({ prompt_tokens: fc.nat(), completion_tokens: fc.nat() }),
  })
}

function wholeOf(deltas: readonly Delta[], finish_reason: string, usage: object): object {
  const join = (name: 'content' | 'reasoning_content') =>
    deltas.map((delta) => delta[name] ?? '').join('')
  const message = {
    content: join('content'),
    reasoning_content: join('reasoning_content'),
    tool_calls: deltas.flatMap(({ tool_calls = [] }) => tool_calls),
  }
  return { choices: [{ index: 0, message, finish_reason }], usage }
}

function chunk(delta: object, finish_reason: string | null = null): object {
  return { choices: [{ index: 0, delta, logprobs: null, finish_reason }] }
}

function call(id: string | null, name: string, json: string): object {
  return { id, type: 'function', function: { name, arguments: json } }
}
