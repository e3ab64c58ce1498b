import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createCollector } from '../../../chat/collect.ts'
import type { ChatEvent } from '../../../../src/chat/events.ts'
import type { ChatReply } from '../../../../src/chat/model.ts'
import { decodeReply } from '../../../../src/oci/formats/generic/decode.ts'
import { createStreamDecoder } from '../../../../src/oci/formats/generic/decode-stream.ts'
import { createSseDecoder, type SseMessage } from '../../../../src/sse/decode.ts'
import { decodeAll, fixture, messages, options } from './stream.ts'
import { grapheme } from '../../../characters.ts'
import { runsOf } from '../../../property-runs.ts'

const FIXTURES = [
  'text-grok',
  'text-llama',
  'text-on-finish',
  'tools-whole',
  'tools-grok',
  'tools-llama',
  'tools-llama-without-ids',
  'tools-gemini',
  'tools-gpt-oss',
  'tools-openai',
  'usage-last',
]

describe('createStreamDecoder()', () => {
  for (const name of FIXTURES) {
    it(`reads ${name} identically in any batches`, () => {
      const stream = fixture(name)
      const expected = decodeAll(stream)
      const cuts = fc.array(fc.nat(stream.length))
      fc.assert(fc.property(cuts, (at) => {
        assert.deepEqual(decodeBatches(slices(stream, at)), expected)
      }))
    })

    it(`X01 reads ${name} identically however its bytes are split`, () => {
      const stream = fixture(name)
      const expected = decodeAll(stream)
      const bytes = new TextEncoder().encode(stream.map(({ data }) => `data: ${data}\n\n`).join(''))
      for (const size of [1, 7, 64, bytes.length]) {
        const sse = createSseDecoder()
        const batches = chunks(bytes, size).map((chunk) => sse.push(chunk))
        assert.deepEqual(decodeBatches([...batches, sse.end()]), expected)
      }
    })
  }

  it('emits in pieces what decodeReply() reads at once', () => {
    fc.assert(
      fc.property(answers(), (answer) => {
        assert.deepEqual(
          fold(decodeAllConstant(messages(...streamed(answer)))),
          completeReply(answer),
        )
      }),
      runsOf(500),
    )
  })
})

interface Answer {
  choices: readonly AnswerChoice[]
  usage: object | undefined
  serviceTier: string | undefined
}

interface AnswerChoice {
  reasoning: readonly string[]
  text: readonly string[]
  refusal: readonly string[]
  calls: readonly Call[]
  finishReason: string
  /** Whether the finish event contains the last piece. */
  endsWithPiece: boolean
}

interface Call {
  id: string | undefined
  name: string
  /** The pieces of the arguments, or a complete object. */
  arguments: readonly string[] | object
}

function answers(): fc.Arbitrary<Answer> {
  const pieces = fc.array(fc.string({ unit: grapheme }), { maxLength: 4 })
  const json = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value))
  const texts = fc.oneof(json, json.map((text) => JSON.stringify(text)), fc.constant(''))
  const cut = fc.tuple(texts, fc.array(fc.nat(40))).map(([text, at]) => slices([...text], at))
  const args = fc.oneof(
    cut.map((parts) => parts.map((part) => part.join(''))),
    fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { noNullPrototype: true }),
  )
  const call = fc.record({
    id: fc.option(fc.uuid(), { nil: undefined }),
    name: fc.stringMatching(/^[a-z]{1,8}$/),
    arguments: args,
  })
  const choice = fc.record({
    reasoning: pieces,
    text: pieces,
    refusal: pieces,
    calls: fc.array(call, { maxLength: 4 }),
    finishReason: fc.constantFrom('stop', 'STOP', 'length', 'tool_calls', 'SAFETY', 'odd'),
    endsWithPiece: fc.boolean(),
  })
  return fc.record({
    choices: fc.array(choice, { minLength: 1, maxLength: 3 }),
    usage: fc.option(
      fc.record({ promptTokens: fc.nat(), completionTokens: fc.nat(), totalTokens: fc.nat() }),
      { nil: undefined },
    ),
    serviceTier: fc.constantFrom(undefined, 'DEFAULT'),
  })
}

/** The reply as a complete response. */
function completeReply({ choices, usage, serviceTier }: Answer): ChatReply {
  const json = {
    chatResponse: {
      choices: choices.map(({ reasoning, text, refusal, calls, finishReason }, index) => ({
        index,
        message: {
          role: 'ASSISTANT',
          content: text.map((text) => ({ type: 'TEXT', text })),
          reasoningContent: reasoning.join(''),
          refusal: refusal.join(''),
          toolCalls: calls.map((call) => ({
            type: 'FUNCTION',
            id: call.id,
            name: call.name,
            arguments: Array.isArray(call.arguments) ? call.arguments.join('') : call.arguments,
          })),
        },
        finishReason,
      })),
      usage,
      serviceTier,
    },
  }
  return decodeReply(json, constant())
}

/** The reply as a stream with interleaved choices. */
function streamed({ choices, usage, serviceTier }: Answer): object[] {
  const streams = choices.map(streamedChoice)
  const rounds = Math.max(...streams.map((events) => events.length))
  const turns = Array.from({ length: rounds }, (_, round) => round)
    .flatMap((round) => streams.flatMap((events) => events.slice(round, round + 1)))
  return [...turns, { usage, serviceTier }]
}

function streamedChoice(choice: AnswerChoice, index: number): object[] {
  const pieces = [
    ...choice.reasoning.map((reasoningContent) => ({ reasoningContent })),
    ...choice.text.map((text) => ({ content: [{ type: 'TEXT', text }] })),
    ...choice.refusal.map((refusal) => ({ refusal })),
    ...choice.calls.flatMap(streamedCall).map((call) => ({ toolCalls: [call] })),
  ]
  const { finishReason } = choice
  const last = choice.endsWithPiece ? pieces.at(-1) : undefined
  return [
    ...(last ? pieces.slice(0, -1) : pieces).map((message) => ({ index, message })),
    { index, message: last, finishReason },
  ]
}

function streamedCall({ id, name, arguments: args }: Call): object[] {
  const [first = '', ...rest] = Array.isArray(args) ? args : [args]
  return [
    { type: 'FUNCTION', id, name, arguments: first },
    ...rest.map((part) => ({ type: 'FUNCTION', arguments: part })),
  ]
}

function fold(events: readonly ChatEvent[]): ChatReply {
  const collector = createCollector()
  events.forEach((event) => collector.add(event))
  return collector.reply()
}

function decodeBatches(batches: readonly (readonly SseMessage[])[]): ChatEvent[] {
  const decoder = createStreamDecoder(options())
  return [...batches.flatMap((batch) => decoder.push(batch)), ...decoder.end()]
}

function decodeAllConstant(stream: readonly SseMessage[]): ChatEvent[] {
  const decoder = createStreamDecoder(constant())
  return [...decoder.push(stream), ...decoder.end()]
}

/** Options with generated ids that do not depend on their order. */
function constant() {
  return { ...options(), randomId: () => 'X' }
}

/** Splits the list at these positions. */
function slices<T>(list: readonly T[], at: readonly number[]): T[][] {
  const places = [0, ...at.toSorted((a, b) => a - b), list.length]
  return places.slice(1).map((end, index) => list.slice(places[index], end))
}

function chunks(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, index) => bytes.subarray(index * size, (index + 1) * size),
  )
}
