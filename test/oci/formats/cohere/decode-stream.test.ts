import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatEvent } from '../../../../src/chat/events.ts'
import { COHERE } from '../../../../src/oci/formats/cohere/format.ts'
import { createStreamDecoder } from '../../../../src/oci/formats/cohere/decode-stream.ts'
import type { SseMessage } from '../../../../src/sse/decode.ts'
import { messages, options } from '../generic/stream.ts'
import { called, decodeAll, finished, fixture, said } from './stream.ts'

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
  ['K01 says nothing again at the end', fixture('cohere-text'), [
    ...said('HELLO', ' WORLD'),
    finished(),
  ]],
  [
    'K02 says the text of the end where there was none before',
    messages({ text: 'Hi', ...COMPLETE }),
    [
      ...said('Hi'),
      finished(),
    ],
  ],
  [
    'says of the end what was not said before',
    messages({ text: 'Hel' }, { text: 'Hello', ...COMPLETE }),
    [...said('Hel', 'lo'), finished()],
  ],
  [
    'says nothing again where the end has it trimmed',
    messages({ text: ' Hello' }, { text: 'Hello', ...COMPLETE }),
    [...said(' Hello'), finished()],
  ],
  [
    'says nothing again beside the history alone',
    messages({ text: 'Hi' }, { text: 'Hi', chatHistory: [] }, COMPLETE),
    [...said('Hi'), finished()],
  ],
  ['K03 K04 calls once, and keeps the plan', fixture('cohere-tools'), [
    ...said('I will look it up.'),
    ...called(0, 'call0', 'getWeather', '{"city":"Munich"}'),
    finished('tool-calls'),
  ]],
  [
    'K03 calls without a plan',
    messages({ toolCalls: [CITY] }, { toolCalls: [CITY], ...COMPLETE }),
    [
      ...called(0, 'call0', 'getWeather', '{"city":"Munich"}'),
      finished('tool-calls'),
    ],
  ],
  [
    'K04 keeps a plan that comes with the calls',
    messages({ text: 'Plan', toolCalls: [CITY] }, COMPLETE),
    [
      ...said('Plan'),
      ...called(0, 'call0', 'getWeather', '{"city":"Munich"}'),
      finished('tool-calls'),
    ],
  ],
  [
    'calls several, twins too',
    messages({ toolCalls: [CITY, CITY, { name: 'f' }, { parameters: {} }, 7], ...COMPLETE }),
    [
      ...called(0, 'call0', 'getWeather', '{"city":"Munich"}'),
      ...called(1, 'call1', 'getWeather', '{"city":"Munich"}'),
      ...called(2, 'call2', 'f', '{}'),
      finished('tool-calls'),
    ],
  ],
  [
    'K18 cites the sources of the end once',
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
      ...said('Hi'),
      {
        type: 'annotations',
        choice: 0,
        annotations: [{ url: 'https://e.x', title: 'T', source: 'a', start: 0, end: 2 }],
      },
      finished(),
    ],
  ],
  ['reads usage on the end', messages({ text: 'Hi', ...COMPLETE, usage: USAGE }), [
    ...said('Hi'),
    finished(),
    usage,
  ]],
  ['reads usage behind the end', messages({ text: 'Hi', ...COMPLETE }, { usage: USAGE }), [
    ...said('Hi'),
    finished(),
    usage,
  ]],
  ['reads whole answers for events', messages({ chatResponse: { text: 'Hi', ...COMPLETE } }), [
    ...said('Hi'),
    finished(),
  ]],
  [
    'X11 skips what it does not know',
    messages({ apiFormat: 'COHERE', isSearchRequired: true }, { text: 'Hi' }, COMPLETE),
    [...said('Hi'), finished()],
  ],
  [
    'says nothing after the end',
    messages({ text: 'Hi', ...COMPLETE }, { text: 'more' }, { errorMessage: 'late' }),
    [...said('Hi'), finished()],
  ],
  ['reads a length', messages({ text: 'Hi', finishReason: 'MAX_TOKENS' }), [
    ...said('Hi'),
    finished('length'),
  ]],
]

describe('createStreamDecoder()', () => {
  for (const [name, stream, expected] of cases) {
    it(name, () => {
      const decoder = createStreamDecoder(options())
      assert.deepEqual([...decoder.push(stream), ...decoder.end()], expected)
    })
  }

  it('K20 is finished after the end, though more may come', () => {
    const decoder = createStreamDecoder(options())
    decoder.push(messages({ text: 'Hi' }))
    assert.equal(decoder.finished, false)
    decoder.push(messages({ text: 'Hi', ...COMPLETE }))
    assert.deepEqual([decoder.finished, decoder.done], [true, false])
  })
})

const failures: [name: string, stream: readonly SseMessage[], code: string, message: RegExp][] = [
  ['a cut', messages({ text: 'Hi' }), 'upstream_incomplete', /cut$/],
  ['calls without an end', messages({ toolCalls: [CITY] }), 'upstream_incomplete', /cut$/],
  ['nothing at all', [], 'upstream_incomplete', /cut$/],
  [
    'K14 an end by an error',
    messages({ text: 'Hi' }, { finishReason: 'ERROR', errorMessage: 'broken' }),
    'upstream_unavailable',
    /: broken$/,
  ],
  [
    'K14 an end by too many tokens',
    messages({ text: 'Hi' }, { finishReason: 'ERROR_LIMIT' }),
    'context_length_exceeded',
    /^This model's maximum context length is exceeded: /,
  ],
  ['an error', messages({ errorMessage: 'broken' }), 'rate_limit_exceeded', /broken/],
  ['an error', messages({ code: '429', message: 'slow' }), 'rate_limit_exceeded', /slow/],
  ['what is not JSON', [{ data: '{"text' }], 'upstream_invalid_response', /not JSON/],
]

describe('createStreamDecoder()', () => {
  for (const [name, stream, code, message] of failures) {
    it(`fails at ${name}`, () => {
      assert.throws(() => decodeAll(COHERE, stream), { code, message })
    })
  }
})
