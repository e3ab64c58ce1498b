import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { createCollector } from '../../chat/collect.ts'
import type { ChatEvent } from '../../../src/chat/events.ts'
import type { ChatReply, Choice } from '../../../src/chat/model.ts'
import { replay } from '../../../src/chat/replay.ts'
import { encodeReply } from '../../../src/openai/responses/encode.ts'
import { createStreamEncoder } from '../../../src/openai/responses/encode-stream.ts'
import type { ClientTool } from '../../../src/openai/responses/tool-name-map.ts'
import { fold, readEvents } from './fold.ts'
import { frame } from './frame.ts'
import { type Item, Response } from './public-schema.ts'
import { anyCharacter } from '../../characters.ts'

const TOOLS: readonly ClientTool[] = [
  { type: 'function', name: 'get', namespace: undefined },
  { type: 'function', name: 'get', namespace: 'crm' },
  { type: 'custom', name: 'patch', namespace: undefined },
  { type: 'shell', name: 'shell', namespace: undefined },
  { type: 'local_shell', name: 'local_shell', namespace: undefined },
  { type: 'apply_patch', name: 'apply_patch', namespace: undefined },
  { type: 'tool_search', name: 'tool_search', namespace: undefined },
]
const FRAME = frame(TOOLS)

const text = fc.string({ unit: anyCharacter, maxLength: 12 })
const some = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 12 })
const count = fc.nat()
const counted = fc.option(count, { nil: undefined })
const reason = fc.constantFrom('stop', 'length', 'tool-calls', 'content-filter')
const token = { token: text, logprob: fc.double({ noNaN: true, noDefaultInfinity: true }) }
const tokens = fc.array(
  fc.record({ ...token, top: fc.array(fc.record(token), { maxLength: 2 }) }),
  { maxLength: 3 },
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
const name = fc.constantFrom('get', 'crm__get', 'patch', 'unheard')
const builtIn = fc.constantFrom('shell', 'local_shell', 'apply_patch', 'tool_search')
const json = fc.oneof(
  text,
  fc.record({ input: text }).map((value) => JSON.stringify(value)),
  fc.record({ action: fc.record({ commands: fc.array(text), command: fc.array(text) }) })
    .map((value) => JSON.stringify(value)),
)
/** Pieces that do not complete an object, after which a call gets no more of them. */
const piece = text.map((text) => text.replaceAll('{', '('))

const choice: fc.Arbitrary<Choice> = fc.record({
  index: fc.constant(0),
  text,
  reasoning: text,
  refusal: text,
  toolCalls: fc.array(
    fc.record({ id: some, name: fc.oneof(name, builtIn), arguments: json }),
    { maxLength: 3 },
  ),
  annotations,
  logprobs: tokens,
  finishReason: reason,
})
  // Citations and logprobs need a text.
  .map((choice) => choice.text === '' ? { ...choice, annotations: [], logprobs: [] } : choice)
const reply: fc.Arbitrary<ChatReply> = fc.record({
  choices: choice.map((choice) => [choice]),
  usage: fc.option(usage, { nil: undefined }),
  serviceTier: fc.option(fc.constantFrom('default', 'priority', 'unheard'), { nil: undefined }),
  created: fc.constant(undefined),
})

const which = { choice: fc.constant(0) }
const index = fc.nat(2)
const event: fc.Arbitrary<ChatEvent> = fc.oneof(
  fc.record({ type: fc.constant('text-delta'), ...which, text }),
  fc.record({ type: fc.constant('reasoning-delta'), ...which, text }),
  fc.record({ type: fc.constant('refusal-delta'), ...which, text }),
  fc.record({ type: fc.constant('tool-call-start'), ...which, index, id: some, name }),
  fc.record({ type: fc.constant('tool-call-delta'), ...which, index, arguments: piece }),
  fc.record({ type: fc.constant('annotations'), ...which, annotations }),
  fc.record({ type: fc.constant('logprobs'), ...which, tokens }),
  fc.record({ type: fc.constant('usage'), usage }),
)
const batches = fc.array(fc.array(event, { maxLength: 6 }), { maxLength: 8 })

describe('encodeReply()', () => {
  it('encodes every reply according to the public schema', () => {
    fc.assert(fc.property(reply, (reply) => {
      v.parse(Response, whole(reply))
    }))
  })
})

describe('createStreamEncoder()', () => {
  it('streams what encodeReply() returns, in deltas and in the last event', () => {
    fc.assert(fc.property(reply, (reply) => {
      const { response, items } = fold(readEvents(stream(replay(reply))))
      assert.deepEqual(response, whole(reply))
      assert.deepEqual(items, response.output)
    }))
  })

  it('writes the same in deltas as in the last event, for any order of events', () => {
    fc.assert(fc.property(batches, reason, (batches, reason) => {
      const { response, items, done } = fold(readEvents(stream(inOrder(batches, reason))))
      assert.deepEqual(items, response.output)
      // Citations may arrive after the end of the message.
      assert.deepEqual(done.map(withoutAnnotations), response.output.map(withoutAnnotations))
    }))
  })

  it('writes everything received, for any order of events', () => {
    fc.assert(fc.property(batches, reason, (batches, reason) => {
      const orderly = inOrder(batches, reason)
      const { response } = fold(readEvents(stream(orderly)))
      const collector = createCollector()
      orderly.flat().forEach(collector.add)
      assert.deepEqual(gist(response.output), gist(whole(collector.reply()).output))
    }))
  })

  it('writes the same for any batches of the events, except for the position of logprobs', () => {
    fc.assert(fc.property(batches, reason, (batches, reason) => {
      const orderly = inOrder(batches, reason)
      const { response } = fold(readEvents(stream(orderly)))
      const { response: other } = fold(readEvents(stream([orderly.flat()])))
      assert.deepEqual(response, other)
    }))
  })
})

function stream(batches: readonly (readonly ChatEvent[])[]): string {
  const encoder = createStreamEncoder(FRAME)
  return [encoder.start(), ...batches.map((batch) => encoder.encode(batch)), encoder.end()].join('')
}

function whole(reply: ChatReply): Response {
  return v.parse(Response, JSON.parse(JSON.stringify(encodeReply(reply, FRAME))))
}

function withoutAnnotations(item: Item): Item {
  if (item.type !== 'message') return item
  const content = item.content.map((part) =>
    part.type === 'output_text' ? { ...part, annotations: [] } : part
  )
  return { ...item, content }
}

/** The content received, by kind. */
function gist(items: readonly Item[]): object {
  const parts = items.flatMap((item) => item.type === 'message' ? item.content : [])
  const texts = parts.flatMap((part) => part.type === 'output_text' ? [part] : [])
  const calls = items.flatMap((item) => {
    if (item.type === 'function_call') return [{ of: item.call_id, content: item.arguments }]
    return item.type === 'custom_tool_call' ? [{ of: item.call_id, content: item.input }] : []
  })
  return {
    text: texts.map((part) => part.text).join(''),
    logprobs: texts.flatMap(({ logprobs }) => logprobs),
    annotations: new Set(texts.flatMap((part) => part.annotations.map((each) => each.url))),
    refusal: parts.map((part) => part.type === 'refusal' ? part.refusal : '').join(''),
    reasoning: items.flatMap((item) => item.type === 'reasoning' ? item.summary : [])
      .map((part) => part.text).join(''),
    calls: calls.toSorted((one, other) => JSON.stringify(one) < JSON.stringify(other) ? -1 : 1),
  }
}

/** The events in an order that models use: a call starts once, before its arguments; the end is last. */
function inOrder(
  batches: readonly (readonly ChatEvent[])[],
  reason: Choice['finishReason'],
): ChatEvent[][] {
  const begun = new Set<number>()
  const isOrderly = (event: ChatEvent): boolean => {
    if (event.type !== 'tool-call-start' && event.type !== 'tool-call-delta') return true
    const isKnown = begun.has(event.index)
    if (event.type === 'tool-call-start') begun.add(event.index)
    return isKnown === (event.type === 'tool-call-delta')
  }
  const ordered = batches.map((batch) => batch.filter(isOrderly))
  return [...ordered, [{ type: 'finish', choice: 0, reason }]]
}
