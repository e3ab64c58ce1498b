import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { encodeReply, parseInput } from '../../../src/anthropic/messages/encode.ts'
import { createStreamEncoder } from '../../../src/anthropic/messages/encode-stream.ts'
import { createCollector } from '../../chat/collect.ts'
import type { ChatEvent } from '../../../src/chat/events.ts'
import type { ChatReply, Choice } from '../../../src/chat/model.ts'
import { replay } from '../../../src/chat/replay.ts'
import { fold, readEvents } from './fold.ts'
import { Message } from './public-schema.ts'
import { IDENTITY } from './reply.ts'
import { anyCharacter } from '../../characters.ts'

const text = fc.string({ unit: anyCharacter, maxLength: 12 })
const count = fc.nat()
const counted = fc.option(count, { nil: undefined })
const usage = fc.record({
  prompt: count,
  completion: count,
  total: count,
  cached: counted,
  reasoning: counted,
  acceptedPrediction: counted,
  rejectedPrediction: counted,
})
const object = fc.dictionary(text, fc.jsonValue(), { maxKeys: 3 })
const json = fc.oneof(object.map((value) => JSON.stringify(value)), text)

const choice: fc.Arbitrary<Choice> = fc.record({
  index: fc.constant(0),
  text,
  reasoning: text,
  refusal: text,
  toolCalls: fc.array(fc.record({ id: text, name: text, arguments: json }), { maxLength: 3 }),
  annotations: fc.constant([]),
  logprobs: fc.constant([]),
  finishReason: fc.constantFrom('stop', 'length', 'tool-calls', 'content-filter'),
})
const reply: fc.Arbitrary<ChatReply> = fc.record({
  choices: choice.map((choice) => [choice]),
  usage: fc.option(usage, { nil: undefined }),
  // Only a whole message has these; a stream has no member for them.
  serviceTier: fc.constant(undefined),
  created: fc.constant(undefined),
})
const shown = fc.boolean().map((thinking) => ({ ...IDENTITY, thinking }))

/** Parallel calls with streamed arguments, interleaved in any order. */
const interleaved: fc.Arbitrary<ChatEvent[]> = fc.record({
  texts: fc.array(
    fc.record({
      type: fc.constantFrom('text-delta' as const, 'reasoning-delta' as const),
      choice: fc.constant(0),
      text,
    }),
    { maxLength: 4 },
  ),
  calls: fc.array(fc.tuple(object, fc.array(fc.nat(20), { maxLength: 4 })), { maxLength: 4 }),
  order: fc.infiniteStream(fc.nat(100)),
}).map(({ texts, calls, order }) => {
  const queues = [texts, ...calls.map(([value, cuts], index) => callEvents(value, cuts, index))]
  return [...draw(queues, order), { type: 'finish', choice: 0, reason: 'tool-calls' }]
})

describe('encodeReply()', () => {
  it('encodes every reply according to the public schema', () => {
    fc.assert(fc.property(reply, shown, (reply, identity) => {
      v.parse(Message, encodeReply(reply, identity))
    }))
  })
})

describe('createStreamEncoder()', () => {
  it('streams what encodeReply() returns, for replayed replies', () => {
    fc.assert(fc.property(reply, shown, (reply, identity) => {
      const { events } = readEvents(stream(replay(reply), identity))
      assert.deepEqual(fold(events), whole(encodeReply(reply, identity)))
    }))
  })

  it('streams what encodeReply() returns, for parallel calls', () => {
    fc.assert(fc.property(interleaved, (events) => {
      const collector = createCollector()
      events.forEach(collector.add)
      const message = fold(readEvents(stream([events], IDENTITY)).events)
      assert.deepEqual(joined(message), joined(encodeReply(collector.reply(), IDENTITY)))
    }))
  })

  it('writes the same for any batches of the events', () => {
    fc.assert(fc.property(interleaved, (events) => {
      const alone = stream(events.map((event) => [event]), IDENTITY)
      assert.equal(alone, stream([events], IDENTITY))
    }))
  })
})

function stream(
  batches: readonly (readonly ChatEvent[])[],
  identity: typeof IDENTITY,
): string {
  const encoder = createStreamEncoder(identity, 0)
  return [encoder.start(), ...batches.map((batch) => encoder.encode(batch)), encoder.end()].join('')
}

function whole(message: object): object {
  return JSON.parse(JSON.stringify(message))
}

/** A message without the order of its blocks: a stream has them in the order of arrival. */
function joined({ content }: Pick<Message, 'content'>): object {
  const wordsOf = (type: 'text' | 'thinking') =>
    content.map((block) => 'text' in block && type === 'text' ? block.text : '')
      .concat(
        content.map((block) => 'thinking' in block && type === 'thinking' ? block.thinking : ''),
      ).join('')
  return {
    text: wordsOf('text'),
    thinking: wordsOf('thinking'),
    calls: content.filter(({ type }) => type === 'tool_use'),
  }
}

function callEvents(value: object, cuts: readonly number[], index: number): ChatEvent[] {
  const written = JSON.stringify(value)
  assert.deepEqual(parseInput(written), JSON.parse(written))
  const ends = [...cuts.map((cut) => Math.min(cut, written.length)), written.length]
    .toSorted((one, other) => one - other)
  return [
    { type: 'tool-call-start', choice: 0, index, id: `id${index}`, name: 'f' },
    ...ends.map((end, at): ChatEvent => ({
      type: 'tool-call-delta',
      choice: 0,
      index,
      arguments: written.slice(ends[at - 1] ?? 0, end),
    })),
  ]
}

/** Interleaves events of the queues; calls start in their order. */
function draw(queues: readonly ChatEvent[][], order: Iterable<number>): ChatEvent[] {
  const rest = queues.map((queue) => [...queue])
  const drawn: ChatEvent[] = []
  let begun = 0
  for (const choice of order) {
    const open = rest.filter((queue, at) => queue.length > 0 && at <= begun + 1)
    const queue = open[choice % Math.max(1, open.length)]
    if (!queue) return drawn
    const event = queue.shift()
    if (event?.type === 'tool-call-start') begun = event.index + 1
    if (event) drawn.push(event)
  }
  return drawn
}
