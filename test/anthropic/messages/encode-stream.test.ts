import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createStreamEncoder } from '../../../src/anthropic/messages/encode-stream.ts'
import { SIGNATURE } from '../../../src/anthropic/messages/wire.ts'
import type { ChatEvent } from '../../../src/chat/events.ts'
import type { FinishReason } from '../../../src/chat/model.ts'
import { ApiError } from '../../../src/errors.ts'
import { usage } from '../../openai/chat/reply.ts'
import { readEvents } from './fold.ts'
import { IDENTITY, refusal, UNCOUNTED, UNSERVED } from './reply.ts'

/** The events between the start and the end of the message, in short. */
type Short = string | [type: string, content: string]

const A = start(0, 'a')
const B = start(1, 'b')

const blocks: [name: string, events: ChatEvent[], written: Short[]][] = [
  ['opens no block for an empty text', [text('')], []],
  ['streams a text', [text('Hel'), text('lo')], [
    '0 text',
    ['text_delta', 'Hel'],
    ['text_delta', 'lo'],
    '0 stop',
  ]],
  [
    'N17 writes thinking with a signature, then the text',
    [reasoning('h'), reasoning('m'), text('Hi')],
    [
      '0 thinking',
      ['thinking_delta', 'h'],
      ['thinking_delta', 'm'],
      ['signature_delta', SIGNATURE],
      '0 stop',
      '1 text',
      ['text_delta', 'Hi'],
      '1 stop',
    ],
  ],
  ['N13 writes a text, then a call', [text('so'), A, json(0, '{"a"'), json(0, ':1}')], [
    '0 text',
    ['text_delta', 'so'],
    '0 stop',
    '1 tool_use a',
    ['input_json_delta', '{"a"'],
    ['input_json_delta', ':1}'],
    '1 stop',
  ]],
  ['writes calls one after the other', [A, json(0, '{}'), B, json(1, '{'), json(1, '}')], [
    '0 tool_use a',
    ['input_json_delta', '{}'],
    '0 stop',
    '1 tool_use b',
    ['input_json_delta', '{'],
    ['input_json_delta', '}'],
    '1 stop',
  ]],
  [
    'buffers a call until the one before is complete',
    [A, B, json(0, '{"a":'), json(1, '{"b":'), json(0, '1}'), json(1, '2'), json(1, '}')],
    [
      '0 tool_use a',
      ['input_json_delta', '{"a":'],
      ['input_json_delta', '1}'],
      '0 stop',
      '1 tool_use b',
      ['input_json_delta', '{"b":'],
      ['input_json_delta', '2'],
      ['input_json_delta', '}'],
      '1 stop',
    ],
  ],
  [
    'writes buffered deltas as one',
    [A, B, json(1, '{"b"'), json(1, ':2}'), start(2, 'c'), json(2, '{}'), json(0, '{}')],
    [
      '0 tool_use a',
      ['input_json_delta', '{}'],
      '0 stop',
      '1 tool_use b',
      ['input_json_delta', '{"b":2}'],
      '1 stop',
      '2 tool_use c',
      ['input_json_delta', '{}'],
      '2 stop',
    ],
  ],
  ['writes text after a complete call', [A, json(0, '{}'), text('and'), text(' so')], [
    '0 tool_use a',
    ['input_json_delta', '{}'],
    '0 stop',
    '1 text',
    ['text_delta', 'and'],
    ['text_delta', ' so'],
    '1 stop',
  ]],
  ['buffers text until the call is complete', [A, text('a'), text('b'), json(0, '{}')], [
    '0 tool_use a',
    ['input_json_delta', '{}'],
    '0 stop',
    '1 text',
    ['text_delta', 'ab'],
    '1 stop',
  ]],
  ['writes an empty object for a call without arguments', [A, B, json(1, ' ')], [
    '0 tool_use a',
    ['input_json_delta', '{}'],
    '0 stop',
    '1 tool_use b',
    ['input_json_delta', '{}'],
    '1 stop',
  ]],
  ['drops whitespace before arguments', [A, json(0, '\v'), json(0, ' {"a":'), json(0, ' 1}')], [
    '0 tool_use a',
    ['input_json_delta', '{"a":'],
    ['input_json_delta', ' 1}'],
    '0 stop',
  ]],
  ['passes on arguments that are not JSON', [A, json(0, 'Paris'), B, json(1, '{}')], [
    '0 tool_use a',
    ['input_json_delta', 'Paris'],
    '0 stop',
    '1 tool_use b',
    ['input_json_delta', '{}'],
    '1 stop',
  ]],
  ['accepts whitespace after a complete call', [A, json(0, '{}'), text('x'), json(0, '\n')], [
    '0 tool_use a',
    ['input_json_delta', '{}'],
    '0 stop',
    '1 text',
    ['text_delta', 'x'],
    '1 stop',
  ]],
  [
    'writes a refusal as a block of its own',
    [text('x'), { ...text('No'), type: 'refusal-delta' }],
    [
      '0 text',
      ['text_delta', 'x'],
      '0 stop',
      '1 text',
      ['text_delta', 'No'],
      '1 stop',
    ],
  ],
  ["skips events that Anthropic's API does not have", [
    { type: 'service-tier', serviceTier: 'default' },
    { type: 'logprobs', choice: 0, tokens: [] },
    { type: 'annotations', choice: 0, annotations: [] },
  ], []],
]

const ends: [reason: FinishReason, stop: string, details: object | null][] = [
  ['stop', 'end_turn', null],
  ['length', 'max_tokens', null],
  ['tool-calls', 'tool_use', null],
  ['content-filter', 'refusal', refusal(null)],
]

describe('createStreamEncoder()', () => {
  it('starts with a message without content, and a ping', () => {
    const { events, pings } = readEvents(createStreamEncoder(IDENTITY, 12).start())
    assert.equal(pings, 1)
    assert.deepEqual(events, [{
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'oci/m',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: { ...UNCOUNTED, ...UNSERVED, input_tokens: 12 },
        container: null,
        context_management: null,
        diagnostics: null,
      },
    }])
  })

  for (const [name, events, written] of blocks) {
    it(name, () => {
      assert.deepEqual(write(events), written)
    })
  }

  it('writes each delta at once', () => {
    const encoder = createStreamEncoder(IDENTITY, 0)
    const seen = [reasoning('hm'), text('Hi'), A, json(0, '{')].map((event) =>
      encoder.encode([event])
    )
    assert.deepEqual(seen.map((text) => text !== ''), [true, true, true, true])
  })

  it('closes the last block at the finish event', () => {
    const encoder = createStreamEncoder(IDENTITY, 0)
    encoder.encode([text('Hi')])
    assert.deepEqual(short(encoder.encode([finish('stop')])), ['0 stop'])
  })

  it('omits thinking that the client did not request', () => {
    const encoder = createStreamEncoder({ ...IDENTITY, thinking: false }, 0)
    assert.equal(encoder.encode([reasoning('hm')]), '')
    assert.deepEqual(short(encoder.encode([text('Hi')])), ['0 text', ['text_delta', 'Hi']])
  })

  for (const [reason, stop, details] of ends) {
    it(`N19 ends with ${stop} after ${reason}`, () => {
      const encoder = createStreamEncoder(IDENTITY, 0)
      encoder.encode([finish(reason), { type: 'usage', usage: usage({ prompt: 9, cached: 4 }) }])
      assert.deepEqual(readEvents(encoder.end()).events, [{
        type: 'message_delta',
        delta: { stop_reason: stop, stop_sequence: null, stop_details: details, container: null },
        usage: {
          ...UNCOUNTED,
          input_tokens: 5,
          cache_read_input_tokens: 4,
          output_tokens: 7,
        },
        context_management: null,
      }, { type: 'message_stop' }])
    })
  }

  it('fails when the stream has no finish event', () => {
    const encoder = createStreamEncoder(IDENTITY, 0)
    encoder.encode([text('Hi')])
    assert.throws(() => encoder.end(), { code: 'upstream_incomplete' })
  })

  it('rejects arguments of a call that has ended or not started', () => {
    const encoder = createStreamEncoder(IDENTITY, 0)
    encoder.encode([A, json(0, '{}'), text('x')])
    for (const index of [0, 1]) {
      assert.throws(() => encoder.encode([json(index, '{}')]), {
        code: 'upstream_invalid_response',
      })
    }
  })

  it('X17 encodes an error as an event', () => {
    const encoder = createStreamEncoder(IDENTITY, 0)
    const error = new ApiError('upstream_incomplete', 'Cannot go on', { opcRequestId: 'A/B' })
    assert.deepEqual(readEvents(encoder.fail(error)).error, {
      type: 'error',
      error: { type: 'api_error', message: 'Cannot go on (opc-request-id: A/B)' },
      request_id: 'request-1',
    })
  })

  it('X15 sends pings as heartbeats', () => {
    const beat = createStreamEncoder(IDENTITY, 0).heartbeat()
    assert.equal(beat, 'event: ping\ndata: {"type":"ping"}\n\n')
  })
})

function write(events: ChatEvent[]): Short[] {
  const encoder = createStreamEncoder(IDENTITY, 0)
  return short(
    events.map((event) => encoder.encode([event])).join('') + encoder.encode([
      finish('stop'),
    ]),
  )
}

function short(written: string): Short[] {
  return readEvents(written).events.map((event): Short => {
    switch (event.type) {
      case 'content_block_start': {
        const { content_block: block, index } = event
        return `${index} ${block.type}${block.type === 'tool_use' ? ` ${block.id}` : ''}`
      }
      case 'content_block_delta': {
        const { type, ...content } = event.delta
        return [type, Object.values(content).join()]
      }
      case 'content_block_stop':
        return `${event.index} stop`
      case 'message_start':
      case 'message_delta':
      case 'message_stop':
        return event.type
    }
  })
}

function text(content: string): ChatEvent & { type: 'text-delta' } {
  return { type: 'text-delta', choice: 0, text: content }
}

function reasoning(content: string): ChatEvent {
  return { type: 'reasoning-delta', choice: 0, text: content }
}

function start(index: number, id: string): ChatEvent {
  return { type: 'tool-call-start', choice: 0, index, id, name: 'f' }
}

function json(index: number, written: string): ChatEvent {
  return { type: 'tool-call-delta', choice: 0, index, arguments: written }
}

function finish(reason: FinishReason): ChatEvent {
  return { type: 'finish', choice: 0, reason }
}
