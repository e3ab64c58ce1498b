import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { createCollector } from '../../chat/collect.ts'
import type { ChatEvent } from '../../../src/chat/events.ts'
import type { ChatReply, Choice } from '../../../src/chat/model.ts'
import { replay } from '../../../src/chat/replay.ts'
import { encodeReply } from '../../../src/openai/chat/encode.ts'
import { createStreamEncoder } from '../../../src/openai/chat/encode-stream.ts'
import { fold, readChunks } from './fold.ts'
import { Completion } from './public-schema.ts'
import { IDENTITY } from './reply.ts'
import { anyCharacter } from '../../characters.ts'

const text = fc.string({ unit: anyCharacter, maxLength: 12 })
const count = fc.nat()
const counted = fc.option(count, { nil: undefined })
const reason = fc.constantFrom('stop', 'length', 'tool-calls', 'content-filter')
const tier = fc.oneof(fc.constantFrom('default', 'priority', 'constructor'), text)
const logprob = fc.double({ noNaN: true, noDefaultInfinity: true })
const token = { token: text, logprob }
const tokens = fc.array(
  fc.record({ ...token, top: fc.array(fc.record(token), { maxLength: 3 }) }),
  {
    maxLength: 3,
  },
)
const annotations = fc.array(
  fc.record({
    url: text,
    title: fc.option(text, { nil: undefined }),
    start: counted,
    end: counted,
  }),
  { maxLength: 3 },
)
const usage = fc.record({
  prompt: count,
  completion: count,
  total: count,
  cached: counted,
  reasoning: counted,
  acceptedPrediction: counted,
  rejectedPrediction: counted,
})

const choice: fc.Arbitrary<Choice> = fc.record({
  index: fc.constant(0),
  text,
  reasoning: text,
  refusal: text,
  toolCalls: fc.array(fc.record({ id: text, name: text, arguments: text }), { maxLength: 3 }),
  annotations,
  logprobs: tokens,
  finishReason: reason,
})
const reply: fc.Arbitrary<ChatReply> = fc.record({
  choices: fc.array(choice, { minLength: 1, maxLength: 3 })
    .map((choices) => choices.map((choice, index) => ({ ...choice, index }))),
  usage: fc.option(usage, { nil: undefined }),
  serviceTier: fc.option(tier, { nil: undefined }),
  created: fc.constant(undefined),
})

const which = { choice: fc.nat(2) }
const index = fc.nat(2)
const event: fc.Arbitrary<ChatEvent> = fc.oneof(
  fc.record({ type: fc.constant('text-delta'), ...which, text }),
  fc.record({ type: fc.constant('reasoning-delta'), ...which, text }),
  fc.record({ type: fc.constant('refusal-delta'), ...which, text }),
  fc.record({ type: fc.constant('tool-call-start'), ...which, index, id: text, name: text }),
  fc.record({ type: fc.constant('tool-call-delta'), ...which, index, arguments: text }),
  fc.record({ type: fc.constant('annotations'), ...which, annotations }),
  fc.record({ type: fc.constant('logprobs'), ...which, tokens }),
  fc.record({ type: fc.constant('finish'), ...which, reason }),
  fc.record({ type: fc.constant('usage'), usage }),
  fc.record({ type: fc.constant('service-tier'), serviceTier: tier }),
)
const batches = fc.array(fc.array(event, { maxLength: 6 }), { maxLength: 8 })

describe('encodeReply()', () => {
  it('encodes every reply according to the public schema', () => {
    fc.assert(fc.property(reply, (reply) => {
      v.parse(Completion, whole(reply))
    }))
  })
})

describe('createStreamEncoder()', () => {
  it('encodes any events according to the public schema', () => {
    fc.assert(fc.property(batches, fc.boolean(), (batches, includeUsage) => {
      readChunks(stream(batches, includeUsage))
    }))
  })

  it('streams what encodeReply() returns, for replayed replies', () => {
    fc.assert(fc.property(reply, (reply) => {
      assert.deepEqual(fold(readChunks(stream(replay(reply), true))), whole(reply))
    }))
  })

  it('streams what encodeReply() returns, for any events', () => {
    fc.assert(fc.property(batches, (batches) => {
      const orderly = inOrder(batches)
      const collector = createCollector()
      orderly.flat().forEach(collector.add)
      assert.deepEqual(fold(readChunks(stream(orderly, true))), whole(collector.reply()))
    }))
  })

  it('writes text in the same bytes as JSON.stringify() of the chunk', () => {
    const texts = fc.array(fc.record({ choice: fc.nat(2), text }), { minLength: 1, maxLength: 6 })
    const tiers = fc.option(fc.constantFrom('default', 'priority'), { nil: undefined })
    fc.assert(fc.property(texts, text, tiers, fc.boolean(), (texts, model, tier, includeUsage) => {
      const encoder = createStreamEncoder({ ...IDENTITY, model }, { includeUsage })
      // The chunks with the role.
      texts.forEach(({ choice }) => encoder.encode([{ type: 'text-delta', choice, text: '' }]))
      if (tier) encoder.encode([{ type: 'service-tier', serviceTier: tier }])
      const written = encoder.encode(texts.map((piece) => ({ type: 'text-delta', ...piece })))
      const chunks = texts.map(({ choice: index, text: content }) => ({
        ...{ id: IDENTITY.id, object: 'chat.completion.chunk', created: IDENTITY.created, model },
        ...(tier && { service_tier: tier }),
        choices: [{ index, delta: { content }, logprobs: null, finish_reason: null }],
        ...(includeUsage && { usage: null }),
      }))
      assert.equal(written, chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''))
    }))
  })

  it('writes the same for any batches of the events', () => {
    fc.assert(fc.property(batches, (batches) => {
      assert.equal(stream(tokensWithText(batches), true), stream([batches.flat()], true))
    }))
  })
})

/** Decoders emit the log probabilities of a text in the batch of the text. */
function tokensWithText(batches: readonly (readonly ChatEvent[])[]): ChatEvent[][] {
  const moved: ChatEvent[][] = [[]]
  for (const batch of batches) {
    const isAfterText = moved.at(-1)?.at(-1)?.type === 'text-delta'
    const [first] = batch
    if (isAfterText && first?.type === 'logprobs') {
      moved.at(-1)?.push(first)
      moved.push(batch.slice(1))
    } else if (batch.length > 0) moved.push([...batch])
  }
  return moved
}

function stream(batches: readonly (readonly ChatEvent[])[], includeUsage: boolean): string {
  const encoder = createStreamEncoder(IDENTITY, { includeUsage })
  return [encoder.start(), ...batches.map((batch) => encoder.encode(batch)), encoder.end()].join('')
}

function whole(reply: ChatReply): object {
  return JSON.parse(JSON.stringify(encodeReply(reply, IDENTITY)))
}

/** The events in an order that models use: a call starts once, before its arguments; the end is last. */
function inOrder(batches: readonly (readonly ChatEvent[])[]): ChatEvent[][] {
  const begun = new Set<string>()
  const seen = new Set([0])
  const isOrderly = (event: ChatEvent): boolean => {
    if (event.type === 'finish') return false
    if ('choice' in event) seen.add(event.choice)
    if (event.type !== 'tool-call-start' && event.type !== 'tool-call-delta') return true
    const call = `${event.choice} ${event.index}`
    const isKnown = begun.has(call)
    if (event.type === 'tool-call-start') begun.add(call)
    return isKnown === (event.type === 'tool-call-delta')
  }
  const ordered = batches.map((batch) => batch.filter(isOrderly))
  const ends = [...seen].map((choice): ChatEvent => ({ type: 'finish', choice, reason: 'stop' }))
  return [...ordered, ends]
}
