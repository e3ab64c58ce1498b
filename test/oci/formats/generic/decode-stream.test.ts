import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatEvent } from '../../../../src/chat/events.ts'
import { createStreamDecoder } from '../../../../src/oci/formats/generic/decode-stream.ts'
import type { SseMessage } from '../../../../src/sse/decode.ts'
import { decodeAll, fixture, messages, options, piece } from './stream.ts'

type Case = [name: string, stream: readonly SseMessage[], expected: readonly ChatEvent[]]

const STOP = { finishReason: 'stop' }
const DONE: SseMessage = { data: '[DONE]' }
const finished = { type: 'finish', choice: 0, reason: 'stop' } as const
const called = { type: 'finish', choice: 0, reason: 'tool-calls' } as const
const usage = {
  prompt: 5,
  completion: 7,
  total: 12,
  cached: 3,
  reasoning: 2,
  acceptedPrediction: undefined,
  rejectedPrediction: undefined,
}
const USAGE = {
  promptTokens: 5,
  completionTokens: 7,
  totalTokens: 12,
  promptTokensDetails: { cachedTokens: 3 },
  completionTokensDetails: { reasoningTokens: 2 },
}

const text: Case[] = [
  ['S01 reads text and a finish without a message', fixture('text-grok'), [
    ...textEvents('THE', ' SUM', '.'),
    finished,
  ]],
  ['S02 emits nothing for an empty first text', fixture('text-llama'), [
    ...textEvents('Hello'),
    finished,
  ]],
  ['S03 emits the text of the finish event first', fixture('text-on-finish'), [
    ...textEvents('Hello '),
    finished,
  ]],
  [
    'S24 emits reasoning before text',
    messages(
      piece({ reasoningContent: 'think' }),
      piece({ reasoningContent: ' on', content: parts('Hi') }),
      STOP,
    ),
    [reasoningEvent('think'), reasoningEvent(' on'), ...textEvents('Hi'), finished],
  ],
  [
    'S25 reads a thinking part as reasoning',
    messages(piece({ content: [{ type: 'THINKING', thinking: 'hm' }, ...parts('Hi')] }), STOP),
    [reasoningEvent('hm'), ...textEvents('Hi'), finished],
  ],
  [
    'S26 ignores parts of unknown types',
    messages(
      piece({ content: [{ type: 'HOLOGRAM', text: 'x' }, null, 7, ...parts('Hi')] }),
      STOP,
    ),
    [...textEvents('Hi'), finished],
  ],
  ['S27 joins the parts of one event', messages(piece({ content: parts('a', 'b') }), STOP), [
    ...textEvents('ab'),
    finished,
  ]],
  [
    'S28 separates choices, with one finish each',
    messages(
      piece({ content: parts('a') }),
      piece({ content: parts('b') }, { index: 1 }),
      { index: 1, finishReason: 'length' },
      { index: 1, finishReason: 'stop' },
      piece({ content: parts('c') }, STOP),
    ),
    [
      ...textEvents('a'),
      { type: 'text-delta', choice: 1, text: 'b' },
      { type: 'finish', choice: 1, reason: 'length' },
      ...textEvents('c'),
      finished,
    ],
  ],
  ['emits a refusal', messages(piece({ refusal: 'no' }), STOP), [
    { type: 'refusal-delta', choice: 0, text: 'no' },
    finished,
  ]],
  [
    'reads events wrapped like complete responses',
    messages(
      { choices: [piece({ content: parts('a') })] },
      { chatResponse: { choices: [piece({ content: parts('b') }, STOP)], usage: USAGE } },
    ),
    [...textEvents('a', 'b'), finished, { type: 'usage', usage }],
  ],
  [
    'P34 emits sources',
    messages(
      piece({
        annotations: [{
          type: 'url_citation',
          urlCitation: { startIndex: 0, endIndex: 2, title: 'T', url: 'https://e.x' },
        }],
      }),
      STOP,
    ),
    [
      {
        type: 'annotations',
        choice: 0,
        annotations: [{ url: 'https://e.x', title: 'T', start: 0, end: 2 }],
      },
      finished,
    ],
  ],
  [
    'P20 emits log probabilities with their text',
    messages(
      piece({ content: parts('a') }, {
        logprobs: { tokens: ['a'], tokenLogprobs: ['-0.5'], topLogprobs: [{ a: '-0.5' }] },
      }),
      STOP,
    ),
    [
      ...textEvents('a'),
      {
        type: 'logprobs',
        choice: 0,
        tokens: [{ token: 'a', logprob: -0.5, top: [{ token: 'a', logprob: -0.5 }] }],
      },
      finished,
    ],
  ],
]

const tools: Case[] = [
  ['S04 assembles calls that are started once and continued without ids', fixture('tools-llama'), [
    start(0, 'chatcmpl-tool-e5f86a029', 'sqrt'),
    ...args(0, '{"arg0": "', '16"}'),
    start(1, 'chatcmpl-tool-13ee961b3', 'extractMagicalNumber'),
    ...args(1, '{"arg1": "', '778"', ', "arg0": "', '556"}'),
    called,
  ]],
  ['S05 generates one id for each call without one', fixture('tools-llama-without-ids'), [
    start(0, 'call0', 'sqrt'),
    ...args(0, '{"arg0": "', '16"}'),
    start(1, 'call1', 'extractMagicalNumber'),
    ...args(1, '{"arg1": "', '778"', ', "arg0": "', '556"}'),
    called,
  ]],
  ['S06 distinguishes complete calls by id', fixture('tools-grok'), [
    start(0, 'call_69943055', 'LIST_PACKAGE_NAMES'),
    ...args(0, '{"arg0":"HR"}'),
    start(1, 'call_53265426', 'LIST_PROCEDURE_NAMES'),
    ...args(1, '{"arg0":"HR"}'),
    start(2, 'call_53405288', 'LIST_FUNCTION_NAMES'),
    ...args(2, '{"arg0":"HR"}'),
    start(3, 'call_19110181', 'LIST_TYPE_NAMES'),
    ...args(3, '{"arg0":"HR"}'),
    called,
  ]],
  ['S06 reads calls of different functions', fixture('tools-whole'), [
    start(0, 'call_83516431', 'sqrt'),
    ...args(0, '{"arg0":16}'),
    start(1, 'call_26154935', 'extractMagicalNumber'),
    ...args(1, '{"arg1":778,"arg0":556}'),
    called,
  ]],
  ['S07 continues the call that was started last', calls([open('A')], [open('B')], [more('{}')]), [
    start(0, 'A', 'f'),
    start(1, 'B', 'f'),
    ...args(1, '{}'),
    ...args(0, '{}'),
    called,
  ]],
  ['S07 distinguishes calls at one position by new ids', fixture('tools-openai'), [
    start(0, 'call_A', 'get_weather'),
    ...args(0, '{"city":', '"Paris"}'),
    start(1, 'call_B', 'get_time'),
    ...args(1, '{"zone":"CET"}'),
    called,
  ]],
  ['S08 joins arguments cut inside a token', fixture('tools-gpt-oss'), [
    start(0, 'call_abc123', 'get_weather'),
    ...args(0, '{"loc', 'ation": "NYC"}'),
    called,
  ]],
  [
    'S09 reads a text part without text, and a call that ends with "stop"',
    fixture('tools-gemini'),
    [
      start(0, 'call0', 'captain_tool'),
      ...args(0, '{"year":2000,"country":"india"}'),
      called,
    ],
  ],
  [
    'S10 keeps id and name when a piece has empty ones',
    calls([open('A')], [{ id: '', name: '', arguments: '{}' }]),
    [start(0, 'A', 'f'), ...args(0, '{}'), called],
  ],
  ['S11 starts all calls of one event', calls([open('A', '{"a":1}'), open('B', '{"b":2}')]), [
    start(0, 'A', 'f'),
    ...args(0, '{"a":1}'),
    start(1, 'B', 'f'),
    ...args(1, '{"b":2}'),
    called,
  ]],
  [
    'S11 continues each call at its position',
    calls([open('A'), open('B')], [more('{"a":'), more('{"b":')], [more('1}'), more('2}')]),
    [
      start(0, 'A', 'f'),
      start(1, 'B', 'f'),
      ...args(0, '{"a":'),
      ...args(1, '{"b":'),
      ...args(0, '1}'),
      ...args(1, '2}'),
      called,
    ],
  ],
  [
    'S12 reads a repeated call once',
    calls([open('A', '{"a":1}')], [open('A', '{"a":1}')]),
    [start(0, 'A', 'f'), ...args(0, '{"a":1}'), called],
  ],
  [
    'S12 continues an earlier call by its id',
    calls([open('A', '{"a":')], [open('B', '{}')], [{ id: 'A', arguments: '1}' }]),
    [
      start(0, 'A', 'f'),
      ...args(0, '{"a":'),
      start(1, 'B', 'f'),
      ...args(1, '{}'),
      ...args(0, '1}'),
      called,
    ],
  ],
  ['S13 emits no empty piece', calls([open('A', '{}')], [more('')], [more(null)]), [
    start(0, 'A', 'f'),
    ...args(0, '{}'),
    called,
  ]],
  ['S14 emits "{}" for a call without arguments', calls([open('A')]), [
    start(0, 'A', 'f'),
    ...args(0, '{}'),
    called,
  ]],
  [
    'S15 emits text before calls of the same event',
    messages(piece({ toolCalls: [open('A', '{}')], content: parts('Wait') }), STOP),
    [...textEvents('Wait'), start(0, 'A', 'f'), ...args(0, '{}'), called],
  ],
  [
    'S35 finishes with length inside arguments',
    messages(piece({ toolCalls: [open('A', '{"a')] }), { finishReason: 'length' }),
    [start(0, 'A', 'f'), ...args(0, '{"a'), { type: 'finish', choice: 0, reason: 'length' }],
  ],
  [
    'waits for the name of a call',
    calls([more('{"a":')], [{ name: 'f' }], [more('1}')], [open('B', '{}')]),
    [
      start(0, 'call0', 'f'),
      ...args(0, '{"a":', '1}'),
      start(1, 'B', 'f'),
      ...args(1, '{}'),
      called,
    ],
  ],
  ['waits for the name and reads the id next to it', calls([more('{')], [open('A', '}')]), [
    start(0, 'A', 'f'),
    ...args(0, '{}'),
    called,
  ]],
  ['drops a call without a name', calls([{ id: 'A', arguments: '{}' }]), [finished]],
  ['serializes arguments sent as an object', calls([open('A', { 'a-b': 1 })]), [
    start(0, 'A', 'f'),
    ...args(0, '{"a-b":1}'),
    called,
  ]],
  [
    'T26 unwraps JSON inside JSON, however it was cut',
    calls([open('A', '"{\\"a')], [more('\\":1}"')]),
    [
      start(0, 'A', 'f'),
      ...args(0, '{"a":1}'),
      called,
    ],
  ],
  [
    'reads calls nested under "function"',
    calls([{ id: 'A', function: { name: 'f', arguments: '{}' } }]),
    [start(0, 'A', 'f'), ...args(0, '{}'), called],
  ],
]

const endings: Case[] = [
  ['S16 emits usage after the finish', messages(STOP, { usage: USAGE }), [
    finished,
    { type: 'usage', usage },
  ]],
  ['S16 reads the usage event of a recording', fixture('usage-last'), [
    ...textEvents('Hi'),
    finished,
    {
      type: 'usage',
      usage: { ...usage, completion: 3, total: 8, cached: undefined, reasoning: undefined },
    },
  ]],
  ['S17 emits usage of the finish event', messages({ ...STOP, usage: USAGE }), [
    finished,
    { type: 'usage', usage },
  ]],
  [
    'S17 emits the last usage',
    messages(piece({}, { usage: { ...USAGE, totalTokens: 1 } }), STOP, { usage: USAGE }, {
      usage: null,
    }),
    [finished, { type: 'usage', usage }],
  ],
  [
    'S17 reads the usage of a wrapped choice and ignores a later empty one',
    messages({ choices: [{ ...STOP, usage: USAGE }] }, { usage: {} }),
    [finished, { type: 'usage', usage }],
  ],
  ['S18 emits no usage when there is none', messages(STOP), [finished]],
  ['S19 ends at [DONE]', [...messages(STOP), DONE, ...messages({ usage: USAGE })], [finished]],
  ['S20 ends without [DONE]', messages(STOP), [finished]],
  ['S31 reads an unknown finish reason as stop', messages({ finishReason: 'weird' }), [
    finished,
  ]],
  [
    'ignores pieces of a choice after its finish',
    messages(STOP, { finishReason: 'length' }, piece({ content: parts('late') })),
    [finished],
  ],
  [
    'emits each service tier once',
    messages(piece({}, { serviceTier: 'DEFAULT' }), { ...STOP, serviceTier: 'DEFAULT' }),
    [{ type: 'service-tier', serviceTier: 'default' }, finished],
  ],
  ['X03 reads events joined by a single line feed', joined(piece({ content: parts('a') }), STOP), [
    ...textEvents('a'),
    finished,
  ]],
  ['X03 ends at a [DONE] joined by a single line feed', [
    { data: `${JSON.stringify(STOP)}\n[DONE]` },
  ], [finished]],
  ['X05 reads JSON of several lines', [{ data: JSON.stringify(STOP, undefined, 2) }], [
    finished,
  ]],
  ['X06 ignores a ping', [{ event: 'ping', data: 'x' }, ...messages(STOP)], [finished]],
  ['ignores invalid data after the complete reply', [...messages(STOP), { data: 'bye' }], [
    finished,
  ]],
]

describe('createStreamDecoder()', () => {
  for (const [name, stream, expected] of [...text, ...tools, ...endings]) {
    it(name, () => assert.deepEqual(decodeAll(stream), expected))
  }

  it('S22 throws at the end of a stream that ended early', () => {
    const decoder = createStreamDecoder(options())
    const events = decoder.push(messages(piece({ content: parts('a') })))
    assert.deepEqual(events, textEvents('a'))
    assert.throws(() => decoder.end(), { code: 'upstream_incomplete' })
  })

  it('S22 throws at the end of a stream with an unfinished choice', () => {
    const decoder = createStreamDecoder(options())
    decoder.push(messages(STOP, piece({ content: parts('a') }, { index: 1 })))
    assert.equal(decoder.finished, false)
    assert.throws(() => decoder.end(), { code: 'upstream_incomplete' })
  })

  it('S22 throws at the end of a stream with only [DONE]', () => {
    const decoder = createStreamDecoder(options())
    decoder.push([DONE])
    assert.throws(() => decoder.end(), { code: 'upstream_incomplete' })
  })

  it('reports when every choice has finished and when the stream is done', () => {
    const decoder = createStreamDecoder(options())
    const states = messages(piece({ content: parts('a') }), STOP).concat(DONE).map((message) => {
      decoder.push([message])
      return { finished: decoder.finished, done: decoder.done }
    })
    assert.deepEqual(states, [
      { finished: false, done: false },
      { finished: true, done: false },
      { finished: true, done: true },
    ])
  })

  it('X10 ignores events of unknown shapes', () => {
    const decoder = createStreamDecoder(options())
    const events = decoder.push(messages({ pad: 'aaa' }, { hello: 1 }, [7], STOP))
    assert.deepEqual(events, [finished])
  })

  it('T23 restores the tool names of the client', () => {
    const names = { decode: (name: string) => `mcp.${name}` }
    const decoder = createStreamDecoder({ ...options(), names })
    assert.deepEqual(decoder.push(calls([open('A', '{}')])).at(0), start(0, 'A', 'mcp.f'))
  })
})

const failures: [name: string, message: SseMessage, error: object][] = [
  ['X10 throws for data that is not JSON', { data: '<html>' }, {
    code: 'upstream_invalid_response',
    message: 'The stream from OCI contains an event that is not JSON',
  }],
  ['X11 throws for an error of the service', { data: '{"code":"429","message":"Too many"}' }, {
    code: 'rate_limit_exceeded',
    message: '{"code":"429","message":"Too many"}',
  }],
  ["X11 fails at an error in OpenAI's shape", { data: '{"error":{"message":"Too many"}}' }, {
    message: '{"error":{"message":"Too many"}}',
  }],
  ['X11 throws for an event named "error"', { event: 'error', data: '{"error":"Too many"}' }, {
    message: '{"error":"Too many"}',
  }],
  ['X11 throws for an event named "error" that is not JSON', { event: 'error', data: 'Too many' }, {
    message: '{"message":"Too many"}',
  }],
  ['X11 throws for an error as finish reason', {
    data: '{"finishReason":"ERROR","errorMessage":"boom"}',
  }, {
    code: 'upstream_unavailable',
    message: 'The model failed to complete the reply: boom',
  }],
]

describe('createStreamDecoder() on failures', () => {
  for (const [name, message, error] of failures) {
    it(`${name}, at once without earlier events`, () => {
      const decoder = createStreamDecoder(options())
      assert.throws(() => decoder.push([message]), error)
      assert.equal(decoder.done, true)
    })

    it(`${name}, after returning earlier events`, () => {
      const decoder = createStreamDecoder(options())
      const batch = [...messages(piece({ content: parts('a') })), message, ...messages(STOP)]
      assert.deepEqual(decoder.push(batch), textEvents('a'))
      assert.equal(decoder.done, true)
      assert.throws(() => decoder.end(), error)
    })
  }
})

function parts(...texts: readonly string[]) {
  return texts.map((text) => ({ type: 'TEXT', text }))
}

function textEvents(...texts: readonly string[]): ChatEvent[] {
  return texts.map((text) => ({ type: 'text-delta', choice: 0, text }))
}

function reasoningEvent(text: string): ChatEvent {
  return { type: 'reasoning-delta', choice: 0, text }
}

function open(id: string, args: unknown = '') {
  return { type: 'FUNCTION', id, name: 'f', arguments: args }
}

function more(args: unknown) {
  return { type: 'FUNCTION', arguments: args }
}

/** A stream with one event per list of calls, and the finish. */
function calls(...events: readonly (readonly object[])[]): SseMessage[] {
  return messages(...events.map((toolCalls) => piece({ toolCalls })), STOP)
}

function start(index: number, id: string, name: string): ChatEvent {
  return { type: 'tool-call-start', choice: 0, index, id, name }
}

function args(index: number, ...texts: readonly string[]): ChatEvent[] {
  return texts.map((text) => ({ type: 'tool-call-delta', choice: 0, index, arguments: text }))
}

function joined(...events: readonly object[]): SseMessage[] {
  return [{ data: messages(...events).map(({ data }) => data).join('\n') }]
}
