import { describe, it } from 'node:test'
import { createStreamEncoder as messagesEncoder } from '../../src/anthropic/messages/encode-stream.ts'
import { collect } from '../chat/collect.ts'
import type { ChatEvent, ChatEventBatches } from '../../src/chat/events.ts'
import { concatenateStreams } from '../../src/chat/join.ts'
import { replay } from '../../src/chat/replay.ts'
import type { StreamEncoder } from '../../src/chat/stream-encoder.ts'
import { extractFromReply, extractToolCalls } from '../../src/chat/tool-call-text.ts'
import { createStreamEncoder as chatEncoder } from '../../src/openai/chat/encode-stream.ts'
import { createStreamEncoder as completionsEncoder } from '../../src/openai/completions/encode-stream.ts'
import { createStreamEncoder as responsesEncoder } from '../../src/openai/responses/encode-stream.ts'
import { choice, reply } from '../openai/chat/reply.ts'
import { frame } from '../openai/responses/frame.ts'
import { assertLinear } from './measure.ts'

/** Events of the shorter streams; the longer ones have four times as many. */
const EVENTS = 1_600

const IDENTITY = { id: 'x', created: 1, model: 'm' }
const ENCODERS: [name: string, make: () => StreamEncoder][] = [
  ['chat completions', () => chatEncoder(IDENTITY, { includeUsage: true })],
  ['Responses', () => responsesEncoder(frame())],
  ['Messages', () => messagesEncoder({ ...IDENTITY, requestId: 'r', thinking: true }, 0)],
  [
    'completions',
    () => completionsEncoder(IDENTITY, { includeUsage: true, echo: () => '', choices: 1 }),
  ],
]

const text = (content = 'word '): ChatEvent => ({ type: 'text-delta', choice: 0, text: content })
const thought: ChatEvent = { type: 'reasoning-delta', choice: 0, text: 'hm ' }
const refusal: ChatEvent = { type: 'refusal-delta', choice: 0, text: 'no ' }
const finish: ChatEvent = { type: 'finish', choice: 0, reason: 'stop' }
const start = (index: number): ChatEvent => ({
  type: 'tool-call-start',
  choice: 0,
  index,
  id: `c${index}`,
  name: 'f',
})
const written = (index: number, json: string): ChatEvent => ({
  type: 'tool-call-delta',
  choice: 0,
  index,
  arguments: json,
})
const source = { url: 'https://a', title: 't', start: 0, end: 1 }

/** The one or more events of an answer for an index. */
type Answer = (index: number) => readonly ChatEvent[]

const answers: [name: string, first: readonly ChatEvent[], each: Answer][] = [
  ['text', [], () => [text()]],
  ['one call whose pieces end with braces', [start(0)], () => [written(0, '{"a":1}')]],
  ['two parallel calls, the first of them incomplete', [
    start(0),
    written(0, '{"a":[{},'),
    start(1),
  ], () => [written(0, `{"b":"${'x'.repeat(60)}"},{}`), written(1, '{}')]],
  ['two parallel calls, the first of them invalid', [
    start(0),
    written(0, '{}'),
    written(0, 'x'),
    start(1),
  ], () => [written(0, '}')]],
  ['many calls that never end', [], (at) => [start(at), written(at, '{"a":')]],
  ['many complete calls', [], (at) => [start(at), written(at, '{}')]],
  ['text after a call that never ends', [start(0)], () => [text(), thought]],
  ['alternating reasoning and text', [], () => [thought, text()]],
  ['alternating text and refusals', [], () => [text(), refusal]],
  ['many sources', [text()], () => [{ type: 'annotations', choice: 0, annotations: [source] }]],
  ['many ends', [text()], (at) => [start(at), finish]],
  ['many probabilities', [], () => [
    text(),
    { type: 'logprobs', choice: 0, tokens: [{ token: 'word ', logprob: -1, top: [] }] },
  ]],
]

describe('encoding a stream', () => {
  for (const [api, make] of ENCODERS) {
    for (const [name, first, each] of answers) {
      it(`F2: is linear in ${name} (${api})`, async () => {
        await assertLinear((count) => {
          const events = [first, ...Array.from({ length: count }, (_, at) => each(at))]
          return () => {
            const encoder = make()
            let length = encoder.start().length
            for (const batch of events) length += encoder.encode(batch).length
            return length + encoder.encode([finish]).length + encoder.end().length
          }
        }, EVENTS)
      })
    }
  }

  for (const [name, first, each] of answers) {
    it(`F2: folding is linear in ${name}`, async () => {
      await assertLinear((count) => {
        const events = [first, ...Array.from({ length: count }, (_, at) => each(at)), [finish]]
        return () => collect(from(events))
      }, EVENTS)
    })
  }
})

const OPTIONS = { randomId: () => 'x'.repeat(24) }
/** A text, and the characters of each piece. */
const texts: [name: string, piece: string, size: number][] = [
  ['an open tag followed by short pieces', 'abc', 4],
  ['an open tag and a text of many pieces', 'some words ', 100],
  ['open tags', '<tool_call>', 11],
  ['open tags in short pieces', '<tool_call>', 4],
  ['beginnings of a closing tag', '</tool_cal', 3],
  ['closed calls', '<tool_call>{"name":"f"}</tool_call>', 7],
  ['closed calls in one piece', '<tool_call>{"name":"f"}</tool_call>', Infinity],
  ['text without a call', '<tool_call>x</tool_call>', 5],
  ['blanks', ' ', 4],
]

describe('tool calls in a text', () => {
  for (const [name, piece, size] of texts) {
    it(`F2: are found in linear time in ${name}`, async () => {
      await assertLinear((length) => {
        const whole = '<tool_call>' + piece.repeat(Math.ceil(length / piece.length))
        const step = Math.min(size, whole.length)
        const count = Math.ceil(whole.length / step)
        const events = Array.from(
          { length: count },
          (_, at) => [text(whole.slice(at * step, (at + 1) * step))],
        )
        return () => Array.fromAsync(extractToolCalls(from([...events, [finish]]), OPTIONS))
      }, 20_000)
      await assertLinear((length) => {
        const whole = reply({ choices: [choice({ text: piece.repeat(length / piece.length) })] })
        return () => extractFromReply(whole, OPTIONS)
      }, 80_000)
    })
  }

  for (const piece of [' ', 'a', 'a ', '漢', '漢 ', '\n', '\ud800', 'é\u0301']) {
    it(`F2: a text of ${JSON.stringify(piece)} is split into events in linear time`, async () => {
      await assertLinear((length) => {
        const whole = reply({ choices: [choice({ text: piece.repeat(length) })] })
        return () => replay(whole)
      }, 20_000)
    })
  }

  it('F2: many counts of usage in one batch are added up', async () => {
    const usage = { prompt: 1, completion: 1, total: 2 }
    const none = { cached: undefined, reasoning: undefined }
    const prediction = { acceptedPrediction: undefined, rejectedPrediction: undefined }
    const event: ChatEvent = { type: 'usage', usage: { ...usage, ...none, ...prediction } }
    await Array.fromAsync(
      concatenateStreams(from([Array.from({ length: 200_000 }, () => event)]), [], 1),
    )
  })
})

async function* from(batches: readonly (readonly ChatEvent[])[]): ChatEventBatches {
  yield* batches
}
