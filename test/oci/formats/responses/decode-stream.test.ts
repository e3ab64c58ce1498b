import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatEvent } from '../../../../src/chat/events.ts'
import { createStreamDecoder } from '../../../../src/oci/formats/responses/decode-stream.ts'
import { RESPONSES } from '../../../../src/oci/formats/responses/format.ts'
import { called, decodeAll, finished, reasoningEvents, textEvents } from '../cohere/stream.ts'
import { options } from '../generic/stream.ts'
import {
  added,
  argumentsDelta,
  callItem,
  completed,
  CREATED,
  done,
  messageItem,
  summaryDelta,
  textDelta,
  thoughtItem,
  typed,
} from './events.ts'

type Case = [name: string, events: readonly object[], expected: readonly ChatEvent[]]

const USAGE = { input_tokens: 5, output_tokens: 7, total_tokens: 12 }
const COUNTED: ChatEvent = {
  type: 'usage',
  usage: {
    prompt: 5,
    completion: 7,
    total: 12,
    cached: undefined,
    reasoning: undefined,
    acceptedPrediction: undefined,
    rejectedPrediction: undefined,
  },
}
const CALLED = finished('tool-calls')
const CITED = { type: 'url_citation', url: 'https://a.example', start_index: 0, end_index: 2 }
const ANNOTATION = { url: 'https://a.example', title: undefined, start: 0, end: 2 }

const words: Case[] = [
  [
    'reads text, the service tier and the usage',
    [
      CREATED,
      added(0, messageItem('')),
      textDelta(0, 'Hel'),
      textDelta(0, 'lo'),
      done(0, messageItem('Hello')),
      completed([messageItem('Hello')], { usage: USAGE, service_tier: 'default' }),
    ],
    [
      ...textEvents('Hel', 'lo'),
      { type: 'service-tier', serviceTier: 'default' },
      finished(),
      COUNTED,
    ],
  ],
  [
    'reads complete items without deltas',
    [done(0, thoughtItem('hm')), done(1, messageItem('Hi')), completed()],
    [...reasoningEvents('hm'), ...textEvents('Hi'), finished()],
  ],
  [
    'reads items that only the last event contains',
    [CREATED, completed([thoughtItem('hm'), messageItem('Hi'), callItem('A', 'f', '{"a":1}')])],
    [...reasoningEvents('hm'), ...textEvents('Hi'), ...called(0, 'A', 'f', '{"a":1}'), CALLED],
  ],
  [
    'emits what the deltas omitted',
    [textDelta(0, 'Hel'), done(0, messageItem('Hello')), completed()],
    [...textEvents('Hel', 'lo'), finished()],
  ],
  [
    'does not emit text again that differs at the end',
    [textDelta(0, 'Hel'), completed([thoughtItem('hm'), messageItem('Hello')])],
    [...textEvents('Hel'), ...reasoningEvents('hm'), finished()],
  ],
  [
    'separates reasoning parts within an item and between items',
    [summaryDelta(0, 0, 'a'), summaryDelta(0, 0, 'b'), summaryDelta(0, 1, 'c'), {
      type: 'response.reasoning_text.delta',
      output_index: 1,
      content_index: 0,
      delta: 'd',
    }, completed()],
    [...reasoningEvents('a', 'b', '\n\nc', '\n\nd'), finished()],
  ],
  [
    'reads a refusal',
    [{ type: 'response.refusal.delta', output_index: 0, delta: 'No' }, completed()],
    [{ type: 'refusal-delta', choice: 0, text: 'No' }, finished()],
  ],
  [
    'reads sources at the end of the text',
    [
      textDelta(0, 'Hi'),
      done(0, messageItem('Hi', { annotations: [CITED] })),
      completed(),
    ],
    [
      ...textEvents('Hi'),
      { type: 'annotations', choice: 0, annotations: [ANNOTATION] },
      finished(),
    ],
  ],
  [
    'keeps sources that are received only as events',
    [
      textDelta(0, 'Hi'),
      { type: 'response.output_text.annotation.added', output_index: 0, annotation: CITED },
      done(0, messageItem('Hi')),
      completed(),
    ],
    [
      ...textEvents('Hi'),
      { type: 'annotations', choice: 0, annotations: [ANNOTATION] },
      finished(),
    ],
  ],
  [
    'reads log probabilities',
    [textDelta(0, 'Hi', { logprobs: [{ token: 'Hi', logprob: -1 }] }), completed()],
    [
      ...textEvents('Hi'),
      { type: 'logprobs', choice: 0, tokens: [{ token: 'Hi', logprob: -1, top: [] }] },
      finished(),
    ],
  ],
  ['R08 finishes with length at the output limit', [
    textDelta(0, 'Hi'),
    shortened('max_output_tokens'),
  ], [
    ...textEvents('Hi'),
    finished('length'),
  ]],
  ['finishes with content-filter', [textDelta(0, 'Hi'), shortened('content_filter')], [
    ...textEvents('Hi'),
    finished('content-filter'),
  ]],
  ['emits nothing after the end', [completed(), textDelta(0, 'more')], [finished()]],
]

const calls: Case[] = [
  [
    'T30 distinguishes parallel calls by index',
    [
      added(0, callItem('A', 'f', '')),
      added(1, callItem('B', 'g', '')),
      argumentsDelta(1, '{"b"'),
      argumentsDelta(0, '{"a"'),
      argumentsDelta(1, ':2}'),
      argumentsDelta(0, ':1}'),
      done(0, callItem('A', 'f', '{"a":1}')),
      done(1, callItem('B', 'g', '{"b":2}')),
      completed([callItem('A', 'f', '{"a":1}'), callItem('B', 'g', '{"b":2}')]),
    ],
    [
      ...called(0, 'A', 'f'),
      ...called(1, 'B', 'g'),
      delta(1, '{"b"'),
      delta(0, '{"a"'),
      delta(1, ':2}'),
      delta(0, ':1}'),
      CALLED,
    ],
  ],
  [
    'distinguishes calls by id without an index',
    [
      { type: 'response.output_item.added', output_index: 0, item: callItem('A', 'f', '') },
      { type: 'response.output_item.added', output_index: 1, item: callItem('B', 'g', '') },
      { type: 'response.function_call_arguments.delta', item_id: 'fc_A', delta: '[1]' },
      { type: 'response.function_call_arguments.delta', item_id: 'fc_B', delta: '[2]' },
      completed(),
    ],
    [
      ...called(0, 'A', 'f'),
      ...called(1, 'B', 'g'),
      delta(0, '[1]'),
      delta(1, '[2]'),
      CALLED,
    ],
  ],
  [
    'reads a complete call',
    [added(0, callItem('A', 'f', '{"a":1}')), done(0, callItem('A', 'f', '{"a":1}')), completed()],
    [...called(0, 'A', 'f', '{"a":1}'), CALLED],
  ],
  [
    'waits for the name of a call',
    [argumentsDelta(0, '{"a":1}'), done(0, callItem('A', 'f', '{"a":1}')), completed()],
    [...called(0, 'A', 'f', '{"a":1}'), CALLED],
  ],
  [
    'emits repeated pieces twice',
    [
      added(0, callItem('A', 'f', '')),
      argumentsDelta(0, '1'),
      done(0, callItem('A', 'f', '11')),
      completed(),
    ],
    [...called(0, 'A', 'f', '1', '1'), CALLED],
  ],
  [
    'R04 generates an id for a call without one',
    [added(0, callItem(null, 'f', '')), argumentsDelta(0, '{}'), completed()],
    [...called(0, 'callX', 'f', '{}'), CALLED],
  ],
  ['T25 returns "{}" for missing arguments', [added(0, callItem('A', 'f', '')), completed()], [
    ...called(0, 'A', 'f', '{}'),
    CALLED,
  ]],
]

describe('createStreamDecoder()', () => {
  for (const [name, events, expected] of [...words, ...calls]) {
    it(name, () => {
      assert.deepEqual(decodeAll(RESPONSES, typed(...events)), expected)
    })
  }

  it('is done at the last event, even with open items', () => {
    const decoder = createStreamDecoder(options())
    decoder.push(typed(textDelta(0, 'Hi')))
    assert.equal(decoder.done, false)
    decoder.push(typed(completed()))
    assert.equal(decoder.done, true)
    assert.deepEqual(decoder.push([{ data: '[DONE]' }]), [])
  })

  it('ignores events of unknown shapes', () => {
    const decoder = createStreamDecoder(options())
    const strange = { type: 'response.web_search_call.searching', output_index: 0 }
    const stream = typed(CREATED, strange, { odd: true }, textDelta(0, 'Hi'), completed())
    assert.deepEqual(decoder.push(stream), [...textEvents('Hi'), finished()])
    assert.deepEqual(decoder.end(), [])
  })

  const cuts: [name: string, events: object[]][] = [
    ['before the first event', []],
    ['after the first event', [CREATED]],
    ['in the middle of a text', [CREATED, added(0, messageItem('')), textDelta(0, 'Hi')]],
    ['before its last event', [textDelta(0, 'Hi'), done(0, messageItem('Hi'))]],
  ]
  for (const [name, events] of cuts) {
    it(`S20 throws at the end of a stream that ended early ${name}`, () => {
      for (const tail of [[], [{ data: '[DONE]' }]]) {
        const decoder = createStreamDecoder(options())
        decoder.push([...typed(...events), ...tail])
        assert.throws(() => decoder.end(), { code: 'upstream_incomplete' })
      }
    })
  }

  const failures: [name: string, event: object, expected: RegExp][] = [
    [
      'a failure',
      {
        type: 'response.failed',
        response: { status: 'failed', error: { code: 'server_error', message: 'Oh' } },
      },
      /"code":"server_error","message":"Oh"/,
    ],
    [
      'a failure without a reason',
      { type: 'response.failed', response: { error: null } },
      /failed/,
    ],
    [
      'an error',
      { type: 'error', code: 'server_error', message: 'Oh', param: null },
      /"message":"Oh"/,
    ],
  ]
  for (const [name, event, expected] of failures) {
    it(`throws when the stream reports ${name}, after earlier events`, () => {
      for (const named of [typed(event), [{ data: JSON.stringify(event) }]]) {
        const decoder = createStreamDecoder(options())
        assert.deepEqual(decoder.push([...typed(textDelta(0, 'Hi')), ...named]), textEvents('Hi'))
        assert.throws(() => decoder.end(), { code: 'rate_limit_exceeded', message: expected })
      }
    })
  }
})

function delta(index: number, json: string): ChatEvent {
  return { type: 'tool-call-delta', choice: 0, index, arguments: json }
}

function shortened(reason: string): object {
  return {
    type: 'response.incomplete',
    response: { status: 'incomplete', incomplete_details: { reason } },
  }
}
