import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatEvent } from '../../../../src/chat/events.ts'
import { createStreamDecoder } from '../../../../src/oci/formats/cohere2/decode-stream.ts'
import { COHERE2 } from '../../../../src/oci/formats/cohere2/format.ts'
import type { SseMessage } from '../../../../src/sse/decode.ts'
import {
  called,
  decodeAll,
  finished,
  fixture,
  reasoningEvents,
  textEvents,
} from '../cohere/stream.ts'
import { messages, options } from '../generic/stream.ts'

type Case = [name: string, stream: readonly SseMessage[], expected: readonly ChatEvent[]]

const COMPLETE = { finishReason: 'COMPLETE' }
const HI = { content: [{ type: 'TEXT', text: 'Hi' }] }
const NESTED = {
  toolCalls: [{ id: 'c1', type: 'FUNCTION', function: { name: 'f', arguments: '{"a":1}' } }],
}
const FLAT = { toolCalls: [{ id: 'c1', type: 'FUNCTION', name: 'f', arguments: '{"a":1}' }] }
const NAMELESS = { toolCalls: [{ type: 'FUNCTION', function: { name: 'f', arguments: '{}' } }] }

const cases: Case[] = [
  ['K06 reads text', fixture('cohere2-text'), [...textEvents('Hi'), finished()]],
  ['emits no text twice when the last piece repeats it', messages(piece(HI), piece(HI, COMPLETE)), [
    ...textEvents('Hi'),
    finished(),
  ]],
  [
    'emits text that only the last piece contains',
    messages(piece(HI), piece({ content: [{ type: 'TEXT', text: '!' }] }, COMPLETE)),
    [...textEvents('Hi', '!'), finished()],
  ],
  ['reads a reply of one event', messages(piece(HI, COMPLETE)), [...textEvents('Hi'), finished()]],
  [
    'K08 reads reasoning',
    messages(
      piece({ content: [{ type: 'THINKING', thinking: 'h' }] }),
      piece({ content: [{ type: 'THINKING', thinking: 'm' }, ...HI.content] }),
      piece({ content: [{ type: 'THINKING', thinking: 'hm' }, ...HI.content] }, COMPLETE),
    ),
    [...reasoningEvents('h', 'm'), ...textEvents('Hi'), finished()],
  ],
  ...[NESTED, FLAT].map((calls): Case => [
    `K07 reads calls, ${calls === FLAT ? 'flat' : 'nested'}, and the plan before them`,
    messages(piece({ toolPlan: 'Plan' }), piece(calls), piece({}, { finishReason: 'TOOL_CALL' })),
    [...textEvents('Plan'), ...called(0, 'c1', 'f', '{"a":1}'), finished('tool-calls')],
  ]),
  ['reads calls that the last piece repeats', messages(piece(NESTED), piece(NESTED, COMPLETE)), [
    ...called(0, 'c1', 'f', '{"a":1}'),
    finished('tool-calls'),
  ]],
  [
    'reads calls without ids that the last piece repeats',
    messages(piece(NAMELESS), piece(NAMELESS, COMPLETE)),
    [...called(0, 'call0', 'f', '{}'), finished('tool-calls')],
  ],
  ['reads calls that only the last piece contains', messages(piece(NAMELESS, COMPLETE)), [
    ...called(0, 'call0', 'f', '{}'),
    finished('tool-calls'),
  ]],
  [
    'reads calls in pieces',
    messages(
      piece({ toolCalls: [{ id: 'c1', function: { name: 'f', arguments: '{"a"' } }] }),
      piece({ toolCalls: [{ function: { arguments: ':1}' } }] }),
      piece({ toolCalls: [{ id: 'c2', function: { name: 'g', arguments: '' } }] }),
      piece({ toolCalls: [{ function: { arguments: '{}' } }] }),
      piece({}, { finishReason: 'TOOL_CALL' }),
    ),
    [
      ...called(0, 'c1', 'f', '{"a"', ':1}'),
      ...called(1, 'c2', 'g', '{}'),
      finished('tool-calls'),
    ],
  ],
  [
    'K18 reads citations of the text, not of the reasoning',
    messages(
      piece(HI),
      piece({
        citations: [
          {
            start: 0,
            end: 2,
            text: 'Hi',
            contentIndex: 0,
            type: 'TEXT_CONTENT',
            sources: [
              { type: 'TOOL', tool: { id: 'c1', toolOutput: {} } },
              { type: 'DOCUMENT', document: { id: 'd', document: { url: 'https://e.x' } } },
            ],
          },
          { start: 0, end: 1, type: 'PLAN', sources: [{ type: 'TOOL', tool: { id: 'c1' } }] },
        ],
      }, COMPLETE),
    ),
    [
      ...textEvents('Hi'),
      {
        type: 'annotations',
        choice: 0,
        annotations: [
          { url: undefined, title: undefined, source: 'c1', start: 0, end: 2 },
          { url: 'https://e.x', title: undefined, source: 'd', start: 0, end: 2 },
        ],
      },
      finished(),
    ],
  ],
  [
    'reads log probabilities of pieces',
    messages(
      piece(HI, {
        logProbabilities: [{ tokenIds: [1, 2], text: 'Hi', logProbabilities: [-1, -2] }],
      }),
      COMPLETE,
    ),
    [
      ...textEvents('Hi'),
      { type: 'logprobs', choice: 0, tokens: [{ token: 'Hi', logprob: -3, top: [] }] },
      finished(),
    ],
  ],
  [
    'reads usage after the last piece, under either names',
    messages(piece(HI, COMPLETE), { usage: { inputTokens: 1, outputTokens: 2 } }),
    [
      ...textEvents('Hi'),
      finished(),
      {
        type: 'usage',
        usage: {
          prompt: 1,
          completion: 2,
          total: 3,
          cached: undefined,
          reasoning: undefined,
          acceptedPrediction: undefined,
          rejectedPrediction: undefined,
        },
      },
    ],
  ],
  ['K14 reads STOP_SEQUENCE as stop', messages(piece(HI, { finishReason: 'STOP_SEQUENCE' })), [
    ...textEvents('Hi'),
    finished(),
  ]],
  ['X11 ignores events of unknown shapes', messages({ a: 1 }, piece(HI), COMPLETE), [
    ...textEvents('Hi'),
    finished(),
  ]],
]

describe('createStreamDecoder()', () => {
  for (const [name, stream, expected] of cases) {
    it(name, () => {
      const decoder = createStreamDecoder(options())
      assert.deepEqual([...decoder.push(stream), ...decoder.end()], expected)
    })
  }

  it('K20 is finished after the last piece, before usage', () => {
    const decoder = createStreamDecoder(options())
    decoder.push(fixture('cohere2-text'))
    assert.deepEqual([decoder.finished, decoder.done], [true, false])
  })
})

const failures: [name: string, stream: readonly SseMessage[], code: string, message: RegExp][] = [
  [
    'a stream that ended early',
    messages(piece(HI)),
    'upstream_incomplete',
    /interrupted before the reply was complete$/,
  ],
  [
    'K14 an error as finish reason',
    messages(piece(HI), { finishReason: 'ERROR', errorMessage: 'broken' }),
    'upstream_unavailable',
    /: broken$/,
  ],
  ['an error', messages(piece(HI), { errorMessage: 'broken' }), 'rate_limit_exceeded', /broken/],
  ['an error', messages({ code: '429', message: 'slow' }), 'rate_limit_exceeded', /slow/],
]

describe('createStreamDecoder()', () => {
  for (const [name, stream, code, message] of failures) {
    it(`throws for ${name}`, () => {
      assert.throws(() => decodeAll(COHERE2, stream), { code, message })
    })
  }
})

function piece(message: object, rest: object = {}): object {
  return { apiFormat: 'COHEREV2', message: { role: 'ASSISTANT', ...message }, ...rest }
}
