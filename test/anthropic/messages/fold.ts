import assert from 'node:assert/strict'
import * as v from 'valibot'
import { parseInput } from '../../../src/anthropic/messages/encode.ts'
import { ErrorBody, type Message, StreamEvent } from './public-schema.ts'

/** A parsed stream. */
export interface Read {
  /** Each checked against the public schema. */
  events: StreamEvent[]
  pings: number
  /** The error at the end. */
  error: ErrorBody | undefined
}

/** Parses a stream. Every event must have its type as its name. */
export function readEvents(stream: string): Read {
  const texts = stream.split('\n\n')
  assert.equal(texts.pop(), '', 'the last event is whole')
  const events = texts.map((text) => {
    const [, name, data = ''] = /^event: (\w+)\ndata: ([^\r\n]+)$/.exec(text) ?? assert.fail(text)
    const json = JSON.parse(data)
    assert.equal(json.type, name)
    return json
  })
  const pings = events.filter(({ type }) => type === 'ping')
  for (const ping of pings) assert.deepEqual(ping, { type: 'ping' })
  const errors = events.filter(({ type }) => type === 'error')
  assert.deepEqual(errors, events.at(-1)?.type === 'error' ? [events.at(-1)] : [])
  return {
    events: events.filter(({ type }) => type !== 'ping' && type !== 'error')
      .map((event) => v.parse(StreamEvent, event)),
    pings: pings.length,
    error: errors.length === 0 ? undefined : v.parse(ErrorBody, errors[0]),
  }
}

/** Joins a stream as a client does: into the message that is not streamed. */
export function fold(events: readonly StreamEvent[]): Message {
  const [first, ...rest] = events
  const [last, delta] = rest.splice(-2).reverse()
  assert.ok(first?.type === 'message_start', 'message_start first')
  assert.equal(last?.type, 'message_stop', 'message_stop last')
  assert.ok(delta?.type === 'message_delta', 'message_delta before it')
  return {
    ...first.message,
    ...delta.delta,
    usage: { ...first.message.usage, ...delta.usage },
    content: foldBlocks(rest),
  }
}

/** Blocks are numbered from 0, and each starts after the end of the one before. */
function foldBlocks(events: readonly StreamEvent[]): Message['content'] {
  const starts = events.flatMap((event, at) => event.type === 'content_block_start' ? [at] : [])
  assert.ok(starts.length === 0 ? events.length === 0 : starts[0] === 0)
  return starts.map((start, index) => foldBlock(events.slice(start, starts[index + 1]), index))
}

type Block = Message['content'][number]

function foldBlock(events: readonly StreamEvent[], index: number): Block {
  const [start, ...deltas] = events
  const stop = deltas.pop()
  assert.deepEqual(stop, { type: 'content_block_stop', index })
  assert.ok(start?.type === 'content_block_start' && start.index === index)
  const pieces = deltas.map((event) => {
    assert.ok(event.type === 'content_block_delta' && event.index === index)
    return event.delta
  })
  switch (start.content_block.type) {
    case 'text':
      assert.equal(start.content_block.text, '')
      return {
        ...start.content_block,
        text: pieces.map((piece) => piece.type === 'text_delta' ? piece.text : assert.fail())
          .join(''),
      }
    case 'thinking': {
      const signature = pieces.pop()
      assert.ok(signature?.type === 'signature_delta')
      const texts = pieces.map((piece) =>
        piece.type === 'thinking_delta' ? piece.thinking : assert.fail()
      )
      return {
        ...start.content_block,
        thinking: texts.join(''),
        signature: signature.signature,
      }
    }
    case 'tool_use': {
      assert.deepEqual(start.content_block.input, {})
      const json = pieces.map((piece) =>
        piece.type === 'input_json_delta' ? piece.partial_json : assert.fail()
      )
      return { ...start.content_block, input: parseInput(json.join('')) }
    }
  }
}
