import assert from 'node:assert/strict'
import * as v from 'valibot'
import { type Item, type Response, StreamEvent } from './public-schema.ts'

/** A parsed stream. Each event is named by its type, numbered, and checked against the public schema. */
export function readEvents(stream: string): StreamEvent[] {
  assert.ok(stream.endsWith('\n\n'), 'a blank line behind the last event')
  return stream.slice(0, -2).split('\n\n').map((text, at) => {
    const [, name, json = ''] = /^event: (\S+)\ndata: ([^\n]*)$/.exec(text) ?? []
    const event = v.parse(StreamEvent, JSON.parse(json))
    assert.equal(event.type, name)
    assert.equal(event.sequence_number, at)
    return event
  })
}

/** The items, joined from their deltas and as their last events have them. */
export interface Folded {
  /** Joined from deltas only. */
  items: Item[]
  /** As `output_item.done` has them. */
  done: Item[]
  /** From the last event. */
  response: Response
}

/** Joins a stream as a client does. Each delta must belong to an item that has started. */
export function fold(events: readonly StreamEvent[]): Folded {
  const [created, started, ...rest] = events
  assert.equal(created?.type, 'response.created')
  assert.equal(started?.type, 'response.in_progress')
  const last = rest.pop()
  assert.ok(last && 'response' in last, 'the whole response at the end')
  const items: Item[] = []
  const done: Item[] = []
  for (const event of rest) apply(event, items, done)
  return { items, done, response: last.response }
}

function apply(event: StreamEvent, items: Item[], done: Item[]): void {
  assert.ok('output_index' in event, event.type)
  if (event.type === 'response.output_item.added') {
    assert.equal(event.output_index, items.length, 'items in order')
    assert.equal(Object.keys(done).length, items.length, 'each item has ended before the next')
    items.push(structuredClone(event.item))
    return
  }
  const item = items[event.output_index]
  assert.ok(item, 'an item that has begun')
  if (event.type === 'response.output_item.done') {
    assert.equal(done[event.output_index], undefined, 'ended once')
    assert.equal(event.item.id, item.id)
    done[event.output_index] = event.item
    if ('status' in item && 'status' in event.item) item.status = event.item.status
    return
  }
  assert.equal(event.item_id, item.id)
  if (event.type !== 'response.output_text.annotation.added') {
    assert.equal(done[event.output_index], undefined, 'nothing after the end')
  }
  addTo(item, event)
}

type PieceEvent = Exclude<StreamEvent, { response: unknown } | { item: unknown }>

function addTo(item: Item, event: PieceEvent): void {
  switch (item.type) {
    case 'reasoning':
      return addThought(item, event)
    case 'message':
      return addWords(item, event)
    case 'function_call':
      if (event.type === 'response.function_call_arguments.delta') item.arguments += event.delta
      else if (event.type === 'response.function_call_arguments.done') {
        assert.deepEqual([event.arguments, event.name], [item.arguments, item.name])
      } else assert.fail(event.type)
      return
    case 'custom_tool_call':
      if (event.type === 'response.custom_tool_call_input.delta') item.input += event.delta
      else if (event.type === 'response.custom_tool_call_input.done') {
        assert.equal(event.input, item.input)
      } else assert.fail(event.type)
      return
    default:
      // The other items are written at once.
      assert.fail(event.type)
  }
}

function addThought(item: Extract<Item, { type: 'reasoning' }>, event: PieceEvent): void {
  assert.ok('summary_index' in event, event.type)
  if (event.type === 'response.reasoning_summary_part.added') {
    assert.equal(event.summary_index, item.summary.length)
    item.summary.push({ ...event.part })
    return
  }
  const part = item.summary[event.summary_index]
  assert.ok(part)
  if (event.type === 'response.reasoning_summary_text.delta') part.text += event.delta
  else if ('text' in event) assert.equal(event.text, part.text)
  else assert.deepEqual(event.part, part)
}

function addWords(item: Extract<Item, { type: 'message' }>, event: PieceEvent): void {
  assert.ok('content_index' in event, event.type)
  if (event.type === 'response.content_part.added') {
    assert.equal(event.content_index, item.content.length)
    item.content.push(structuredClone(event.part))
    return
  }
  const part = item.content[event.content_index]
  assert.ok(part)
  if (event.type === 'response.content_part.done') return assert.deepEqual(event.part, part)
  if (part.type === 'refusal') {
    if (event.type === 'response.refusal.delta') part.refusal += event.delta
    else if (event.type === 'response.refusal.done') assert.equal(event.refusal, part.refusal)
    else assert.fail(event.type)
    return
  }
  addText(part, event)
}

type TextPart = Extract<Extract<Item, { type: 'message' }>['content'][number], { text: string }>

function addText(part: TextPart, event: PieceEvent): void {
  switch (event.type) {
    case 'response.output_text.delta':
      part.text += event.delta
      part.logprobs.push(...event.logprobs)
      return
    case 'response.output_text.done':
      assert.deepEqual([event.text, event.logprobs], [part.text, part.logprobs])
      return
    case 'response.output_text.annotation.added':
      assert.equal(event.annotation_index, part.annotations.length)
      part.annotations.push(event.annotation)
      return
    default:
      assert.fail(event.type)
  }
}
