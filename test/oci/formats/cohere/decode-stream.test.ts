import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatEvent } from '../../../../src/chat/events.ts'
import { COHERE } from '../../../../src/oci/formats/cohere/format.ts'
import { createStreamDecoder } from '../../../../src/oci/formats/cohere/decode-stream.ts'
import type { SseMessage } from '../../../../src/sse/decode.ts'
import { messages, options } from '../generic/stream.ts'
import { called, decodeAll, finished, fixture, textEvents } from './stream.ts'

type Case = [name: string, stream: readonly SseMessage[], expected: readonly ChatEvent[]]

const COMPLETE = { finishReason: 'COMPLETE' }
const CITY = { name: 'getWeather', parameters: { city: 'Munich' } }
const USAGE = { promptTokens: 1, completionTokens: 2, totalTokens: 3 }
const usage: ChatEvent = {
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
}

const cases: Case[] = [
  ['K01 emits no text twice at the end', fixture('cohere-text'), [
    ...textEvents('HELLO', ' WORLD'),
    finished(),
  ]],
  [
    'K02 emits the text of the last event when there was none before',
    messages({ text: 'Hi', ...COMPLETE }),
    [
      ...textEvents('Hi'),
      finished(),
    ],
  ],
  [
    'emits the new part of the last text',
    messages({ text: 'Hel' }, { text: 'Hello', ...COMPLETE }),
    [...textEvents('Hel', 'lo'), finished()],
  ],
  [
    'emits no text twice when the last text is trimmed',
    messages({ text: ' Hello' }, { text: 'Hello', ...COMPLETE }),
    [...textEvents(' Hello'), finished()],
  ],
  [
    'emits no text twice next to the history',
    messages({ text: 'Hi' }, { text: 'Hi', chatHistory: [] }, COMPLETE),
    [...textEvents('Hi'), finished()],
  ],
  ['K03 K04 emits calls once and keeps the plan', fixture('cohere-tools'), [
    ...textEvents('I will look it up.'),
    ...called(0, 'call0', 'getWeather', '{"city":"Munich"}'),
    finished('tool-calls'),
  ]],
  [
    'K03 emits calls without a plan',
    messages({ toolCalls: [CITY] }, { toolCalls: [CITY], ...COMPLETE }),
    [
      ...called(0, 'call0', 'getWeather', '{"city":"Munich"}'),
      finished('tool-calls'),
    ],
  ],
  [
    'K04 keeps a plan in the event of the calls',
    messages({ text: 'Plan', toolCalls: [CITY] }, COMPLETE),
    [
      ...textEvents('Plan'),
      ...called(0, 'call0', 'getWeather', '{"city":"Munich"}'),
      finished('tool-calls'),
    ],
  ],
  [
    'emits several calls, also equal ones',
    messages({ toolCalls: [CITY, CITY, { name: 'f' }, { parameters: {} }, 7], ...COMPLETE }),
    [
      ...called(0, 'call0', 'getWeather', '{"city":"Munich"}'),
      ...called(1, 'call1', 'getWeather', '{"city":"Munich"}'),
      ...called(2, 'call2', 'f', '{}'),
      finished('tool-calls'),
    ],
  ],
  [
    'K18 emits the sources of the last event once',
    messages(
      { text: 'Hi' },
      {
        text: 'Hi',
        citations: [{ start: 0, end: 2, text: 'Hi', documentIds: ['a'] }],
        documents: [{ id: 'a', title: 'T', url: 'https://e.x' }],
        ...COMPLETE,
      },
    ),
    [
      ...textEvents('Hi'),
      {
        type: 'annotations',
        choice: 0,
        annotations: [{ url: 'https://e.x', title: 'T', source: 'a', start: 0, end: 2 }],
      },
      finished(),
    ],
  ],
  ['reads usage in the last event', messages({ text: 'Hi', ...COMPLETE, usage: USAGE }), [
    ...textEvents('Hi'),
    finished(),
    usage,
  ]],
  ['reads usage after the last event', messages({ text: 'Hi', ...COMPLETE }, { usage: USAGE }), [
    ...textEvents('Hi'),
    finished(),
    usage,
  ]],
  [
    'reads events wrapped like complete responses',
    messages({ chatResponse: { text: 'Hi', ...COMPLETE } }),
    [
      ...textEvents('Hi'),
      finished(),
    ],
  ],
  [
    'X11 ignores events of unknown shapes',
    messages({ apiFormat: 'COHERE', isSearchRequired: true }, { text: 'Hi' }, COMPLETE),
    [...textEvents('Hi'), finished()],
  ],
  [
    'emits nothing after the end',
    messages({ text: 'Hi', ...COMPLETE }, { text: 'more' }, { errorMessage: 'late' }),
    [...textEvents('Hi'), finished()],
  ],
  ...impliedEnds(),
  ['reads a length', messages({ text: 'Hi', finishReason: 'MAX_TOKENS' }), [
    ...textEvents('Hi'),
    finished('length'),
  ]],
]

/** Streams whose last event has the finish reason null, as after a stop sequence. */
function impliedEnds(): Case[] {
  const none = { finishReason: null }
  const history = { chatHistory: [{ role: 'CHATBOT', message: 'Hi' }] }
  const text = [...textEvents('H', 'i'), finished()]
  const calls = [...called(0, 'call0', 'getWeather', '{"city":"Munich"}'), finished('tool-calls')]
  const two = [{ text: 'H' }, { text: 'i' }]
  const ends: readonly Case[] = [
    [
      'with history and usage',
      messages(...two, { text: 'Hi', ...history, ...none, usage: USAGE }),
      [
        ...text,
        usage,
      ],
    ],
    [
      'with history, then usage',
      messages(...two, { text: 'Hi', ...history, ...none }, { usage: USAGE }),
      [
        ...text,
        usage,
      ],
    ],
    ['with nothing else', messages(...two, none), text],
    ['with the text alone', messages(...two, { text: 'Hi', ...none }), text],
    ['with usage', messages(...two, { ...none, usage: USAGE }), [...text, usage]],
    ['in the only event', messages({ text: 'Hi', ...none }), [...textEvents('Hi'), finished()]],
    ['with the history instead of the key', messages(...two, { text: 'Hi', ...history }), text],
    ['of tool calls', messages({ toolCalls: [CITY] }, { toolCalls: [CITY], ...none }), calls],
    ['in every event', messages({ text: 'H', ...none }, { text: 'i', ...none }), text],
  ]
  return ends.map(([name, stream, expected]) => [
    `R-C4 ends with a finish reason of null: ${name}`,
    stream,
    expected,
  ])
}

describe('createStreamDecoder()', () => {
  for (const [name, stream, expected] of cases) {
    it(name, () => {
      const decoder = createStreamDecoder(options())
      assert.deepEqual([...decoder.push(stream), ...decoder.end()], expected)
    })
  }

  it('K20 is finished after the last piece, before usage', () => {
    const decoder = createStreamDecoder(options())
    decoder.push(messages({ text: 'Hi' }))
    assert.equal(decoder.finished, false)
    decoder.push(messages({ text: 'Hi', ...COMPLETE }))
    assert.deepEqual([decoder.finished, decoder.done], [true, false])
  })

  it('R-C4 is finished after the history with a finish reason of null', () => {
    const decoder = createStreamDecoder(options())
    decoder.push(messages({ text: 'Hi' }, { text: 'Hi', chatHistory: [], finishReason: null }))
    assert.equal(decoder.finished, true)
  })
})

const failures: [name: string, stream: readonly SseMessage[], code: string, message: RegExp][] = [
  [
    'a stream that ended early',
    messages({ text: 'Hi' }),
    'upstream_incomplete',
    /interrupted before the reply was complete$/,
  ],
  [
    'calls without a finish reason',
    messages({ toolCalls: [CITY] }),
    'upstream_incomplete',
    /interrupted before the reply was complete$/,
  ],
  [
    'R-C4 an error with a finish reason of null',
    messages({ text: 'Hi' }, { finishReason: null, errorMessage: 'broken' }),
    'rate_limit_exceeded',
    /broken/,
  ],
  ['no events', [], 'upstream_incomplete', /interrupted before the reply was complete$/],
  [
    'K14 an error as finish reason',
    messages({ text: 'Hi' }, { finishReason: 'ERROR', errorMessage: 'broken' }),
    'upstream_unavailable',
    /: broken$/,
  ],
  [
    'K14 too many tokens as finish reason',
    messages({ text: 'Hi' }, { finishReason: 'ERROR_LIMIT' }),
    'context_length_exceeded',
    /^This model's maximum context length is exceeded: /,
  ],
  ['an error', messages({ errorMessage: 'broken' }), 'rate_limit_exceeded', /broken/],
  ['an error', messages({ code: '429', message: 'slow' }), 'rate_limit_exceeded', /slow/],
  ['data that is not JSON', [{ data: '{"text' }], 'upstream_invalid_response', /not JSON/],
]

describe('createStreamDecoder()', () => {
  for (const [name, stream, code, message] of failures) {
    it(`throws for ${name}`, () => {
      assert.throws(() => decodeAll(COHERE, stream), { code, message })
    })
  }
})
