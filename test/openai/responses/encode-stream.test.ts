import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatEvent } from '../../../src/chat/events.ts'
import { ApiError, type ErrorCode } from '../../../src/errors.ts'
import { createStreamEncoder } from '../../../src/openai/responses/encode-stream.ts'
import type { ResponseObject } from '../../../src/openai/responses/wire.ts'
import { readEvents } from './fold.ts'
import { frame, OWN } from './frame.ts'
import type { StreamEvent } from './public-schema.ts'

const FRAME = frame([
  { type: 'function', name: 'f', namespace: 'crm' },
  { type: 'custom', name: 'patch', namespace: undefined },
  { type: 'shell', name: 'shell', namespace: undefined },
])
const STOP: ChatEvent = { type: 'finish', choice: 0, reason: 'stop' }

type Case = [name: string, events: ChatEvent[], expected: string[]]

const cases: Case[] = [
  ['N05 a text', [text('Hel'), text('lo'), STOP], [
    'output_item.added message 0',
    'content_part.added 0',
    'output_text.delta Hel',
    'output_text.delta lo',
    'output_text.done Hello',
    'content_part.done 0',
    'output_item.done message 0',
    'completed',
  ]],
  ['reasoning, then text', [reasoning('H'), reasoning('m'), text('Hi'), STOP], [
    'output_item.added reasoning 0',
    'reasoning_summary_part.added 0',
    'reasoning_summary_text.delta H',
    'reasoning_summary_text.delta m',
    'reasoning_summary_text.done Hm',
    'reasoning_summary_part.done 0',
    'output_item.done reasoning 0',
    'output_item.added message 1',
    'content_part.added 0',
    'output_text.delta Hi',
    'output_text.done Hi',
    'content_part.done 0',
    'output_item.done message 1',
    'completed',
  ]],
  ['a refusal after a text', [text('Hi'), refusal('No'), STOP], [
    'output_item.added message 0',
    'content_part.added 0',
    'output_text.delta Hi',
    'output_text.done Hi',
    'content_part.done 0',
    'content_part.added 1',
    'refusal.delta No',
    'refusal.done No',
    'content_part.done 1',
    'output_item.done message 0',
    'completed',
  ]],
  [
    'N06 parallel calls, one after the other',
    [
      start(0, 'a', 'f'),
      start(1, 'b', 'g'),
      piece(1, '{"y'),
      piece(0, '{}'),
      piece(1, '":1}'),
      STOP,
    ],
    [
      'output_item.added function_call 0',
      'function_call_arguments.delta 0 {}',
      'function_call_arguments.done 0 {}',
      'output_item.done function_call 0',
      'output_item.added function_call 1',
      'function_call_arguments.delta 1 {"y',
      'function_call_arguments.delta 1 ":1}',
      'function_call_arguments.done 1 {"y":1}',
      'output_item.done function_call 1',
      'completed',
    ],
  ],
  [
    'the end of the message when a call begins',
    [text('Hi'), start(0, 'a', 'f'), piece(0, '{}'), STOP],
    [
      'output_item.added message 0',
      'content_part.added 0',
      'output_text.delta Hi',
      'output_text.done Hi',
      'content_part.done 0',
      'output_item.done message 0',
      'output_item.added function_call 1',
      'function_call_arguments.delta 1 {}',
      'function_call_arguments.done 1 {}',
      'output_item.done function_call 1',
      'completed',
    ],
  ],
  ['R-E3 a call as soon as its arguments are complete and another one begins', [
    start(0, 'a', 'f'),
    piece(0, '{"x":"}'),
    piece(0, '\\"{"}'),
    start(1, 'b', 'g'),
    start(2, 'c', 'h'),
    piece(2, '{}'),
    text('Hi'),
    STOP,
  ], [
    'output_item.added function_call 0',
    'function_call_arguments.delta 0 {"x":"}',
    'function_call_arguments.delta 0 \\"{"}',
    'function_call_arguments.done 0 {"x":"}\\"{"}',
    'output_item.done function_call 0',
    'output_item.added function_call 1',
    'function_call_arguments.done 1 ',
    'output_item.done function_call 1',
    'output_item.added function_call 2',
    'function_call_arguments.delta 2 {}',
    'function_call_arguments.done 2 {}',
    'output_item.done function_call 2',
    'output_item.added message 3',
    'content_part.added 0',
    'output_text.delta Hi',
    'output_text.done Hi',
    'content_part.done 0',
    'output_item.done message 3',
    'completed',
  ]],
  ['R-A5 a call of a built-in tool when it is complete', [
    start(0, 'a', 'shell'),
    piece(0, '{"action":{"comm'),
    piece(0, 'ands":["ls"]}}'),
    STOP,
  ], [
    'output_item.added shell_call 0',
    'output_item.done shell_call 0',
    'completed',
  ]],
  ['the input of a custom tool at once', [
    start(0, 'a', 'patch'),
    piece(0, '{"inp'),
    piece(0, 'ut":"a\\nb"}'),
    STOP,
  ], [
    'output_item.added custom_tool_call 0',
    'custom_tool_call_input.delta a\nb',
    'custom_tool_call_input.done a\nb',
    'output_item.done custom_tool_call 0',
    'completed',
  ]],
  ['late citations', [
    text('Hi'),
    start(0, 'a', 'f'),
    {
      type: 'annotations',
      choice: 0,
      annotations: [{ url: 'https://a.example', title: 'A', start: 0, end: 2 }],
    },
    STOP,
  ], [
    'output_item.added message 0',
    'content_part.added 0',
    'output_text.delta Hi',
    'output_text.done Hi',
    'content_part.done 0',
    'output_item.done message 0',
    'output_item.added function_call 1',
    'output_text.annotation.added 0 https://a.example',
    'function_call_arguments.done 1 ',
    'output_item.done function_call 1',
    'completed',
  ]],
  ['an empty reply as an empty text', [STOP], [
    'output_item.added message 0',
    'content_part.added 0',
    'output_text.done ',
    'content_part.done 0',
    'output_item.done message 0',
    'completed',
  ]],
  ['nothing of other choices', [{ ...text('Hi'), choice: 1 }, {
    type: 'finish',
    choice: 0,
    reason: 'length',
  }], ['incomplete']],
]

describe('createStreamEncoder()', () => {
  for (const [name, events, expected] of cases) {
    it(`encodes ${name}`, () => {
      const [created, started, ...rest] = readEvents(stream(events))
      assert.deepEqual([created?.type, started?.type], [
        'response.created',
        'response.in_progress',
      ])
      assert.deepEqual(rest.map(inShort), expected)
    })
  }

  it('writes logprobs with their delta of text', () => {
    const tokens = [{ token: 'Hi', logprob: -1, top: [] }]
    const events = readEvents(stream([text('Hi'), { type: 'logprobs', choice: 0, tokens }, STOP]))
    const deltas = events.filter(({ type }) => type === 'response.output_text.delta')
    assert.deepEqual(deltas, [{
      type: 'response.output_text.delta',
      sequence_number: 4,
      item_id: `msg_${OWN}_0`,
      output_index: 0,
      content_index: 0,
      delta: 'Hi',
      logprobs: [{ token: 'Hi', logprob: -1, bytes: [72, 105], top_logprobs: [] }],
    }])
  })

  it('writes the namespace of a tool from its first event on', () => {
    const events = readEvents(stream([start(0, 'a', 'crm__f'), piece(0, '{}'), STOP]))
    const items = events.flatMap((event) => 'item' in event ? [event.item] : [])
    assert.deepEqual(
      items.map((item) => item.type === 'function_call' && [item.namespace, item.name]),
      [
        ['crm', 'f'],
        ['crm', 'f'],
      ],
    )
  })

  it('has usage that arrives after the finish event', () => {
    const counts = { prompt: 5, completion: 7, total: 12 }
    const none = { acceptedPrediction: undefined, rejectedPrediction: undefined }
    const usage = { ...counts, cached: undefined, reasoning: 2, ...none }
    const last = readEvents(stream([text('Hi'), STOP, { type: 'usage', usage }])).at(-1)
    assert.ok(last && 'response' in last)
    assert.equal(last.response.usage?.total_tokens, 12)
    assert.equal(last.response.usage?.output_tokens_details.reasoning_tokens, 2)
  })

  it('calls onComplete with the complete response, not with a failed one', () => {
    const completed: ResponseObject[] = []
    const onComplete = (response: ResponseObject) => completed.push(response)
    const failed = createStreamEncoder(FRAME, { onComplete })
    failed.encode([text('Hi')])
    failed.fail(new ApiError('upstream_incomplete', 'Cannot go on'))
    const unfinished = createStreamEncoder(FRAME, { onComplete })
    unfinished.encode([text('Hi')])
    assert.match(unfinished.end(), /^event: response\.failed\n/)
    assert.equal(completed.length, 0)
    const whole = createStreamEncoder(FRAME, { onComplete })
    whole.encode([text('Hi'), STOP])
    whole.end()
    assert.deepEqual(completed.map(({ status }) => status), ['completed'])
  })

  const codes: [ErrorCode, code: string][] = [
    ['upstream_incomplete', 'server_error'],
    ['rate_limit_exceeded', 'rate_limit_exceeded'],
    ['context_length_exceeded', 'context_length_exceeded'],
    ['content_filter', 'invalid_prompt'],
    ['internal_error', 'server_error'],
  ]
  for (const [ours, code] of codes) {
    it(`N07 fails as ${code} for ${ours}, with the output so far`, () => {
      const encoder = createStreamEncoder(FRAME)
      const opening = encoder.start() + encoder.encode([text('Hi')])
      const error = new ApiError(ours, 'Cannot go on', { opcRequestId: 'OPC1' })
      const last = readEvents(opening + encoder.fail(error)).at(-1)
      assert.equal(last?.type, 'response.failed')
      assert.ok('response' in last)
      assert.equal(last.response.status, 'failed')
      const message = `Cannot go on (${ours}, opc-request-id: OPC1)`
      assert.deepEqual(last.response.error, { code, message })
      const [item] = last.response.output
      assert.equal(item?.type === 'message' && item.status, 'incomplete')
    })
  }

  it('sends comments as heartbeats', () => {
    assert.equal(createStreamEncoder(FRAME).heartbeat(), ': keep-alive\n\n')
  })
})

function stream(events: ChatEvent[]): string {
  const encoder = createStreamEncoder(FRAME)
  return encoder.start() + encoder.encode(events) + encoder.end()
}

function text(text: string): ChatEvent & { choice: number } {
  return { type: 'text-delta', choice: 0, text }
}

function reasoning(text: string): ChatEvent {
  return { type: 'reasoning-delta', choice: 0, text }
}

function refusal(text: string): ChatEvent {
  return { type: 'refusal-delta', choice: 0, text }
}

function start(index: number, id: string, name: string): ChatEvent {
  return { type: 'tool-call-start', choice: 0, index, id, name }
}

function piece(index: number, json: string): ChatEvent {
  return { type: 'tool-call-delta', choice: 0, index, arguments: json }
}

/** Describes an event in one line. The fold checks that it belongs to its item. */
function inShort(event: StreamEvent): string {
  const type = event.type.replace('response.', '')
  switch (event.type) {
    case 'response.output_item.added':
    case 'response.output_item.done':
      return `${type} ${event.item.type} ${event.output_index}`
    case 'response.content_part.added':
    case 'response.content_part.done':
      return `${type} ${event.content_index}`
    case 'response.reasoning_summary_part.added':
    case 'response.reasoning_summary_part.done':
      return `${type} ${event.summary_index}`
    case 'response.output_text.delta':
    case 'response.refusal.delta':
    case 'response.reasoning_summary_text.delta':
    case 'response.custom_tool_call_input.delta':
      return `${type} ${event.delta}`
    case 'response.output_text.done':
    case 'response.reasoning_summary_text.done':
      return `${type} ${event.text}`
    case 'response.refusal.done':
      return `${type} ${event.refusal}`
    case 'response.function_call_arguments.delta':
      return `${type} ${event.output_index} ${event.delta}`
    case 'response.function_call_arguments.done':
      return `${type} ${event.output_index} ${event.arguments}`
    case 'response.custom_tool_call_input.done':
      return `${type} ${event.input}`
    case 'response.output_text.annotation.added':
      return `${type} ${event.annotation_index} ${event.annotation.url}`
    default:
      return type
  }
}
