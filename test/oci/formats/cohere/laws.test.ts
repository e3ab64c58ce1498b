import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { repairMessages } from '../../../../src/chat/repair.ts'
import type { Message } from '../../../../src/chat/model.ts'
import { decodeReply } from '../../../../src/oci/formats/cohere/decode.ts'
import { COHERE } from '../../../../src/oci/formats/cohere/format.ts'
import { runAtOnce } from '../../../../src/steps.ts'
import { messages as events } from '../generic/stream.ts'
import { text, user } from '../generic/request.ts'
import { assistant, result, send, system, tool } from './send.ts'
import { constant, decodeAll, decodeBatches, fixture, fold, slices } from './stream.ts'
import { grapheme } from '../../../characters.ts'

describe('createStreamDecoder()', () => {
  for (const name of ['cohere-text', 'cohere-tools']) {
    it(`reads ${name} identically in any batches`, () => {
      const stream = fixture(name)
      const expected = decodeAll(COHERE, stream)
      fc.assert(fc.property(fc.array(fc.nat(stream.length)), (at) => {
        assert.deepEqual(decodeBatches(COHERE, slices(stream, at)), expected)
      }))
    })
  }

  it('emits in pieces what decodeReply() reads at once', () => {
    fc.assert(fc.property(answers(), fc.boolean(), ({ pieces, ...rest }, callsFirst) => {
      const complete = { text: pieces.join(''), ...rest }
      const { toolCalls } = rest
      const stream = events(
        ...pieces.map((text) => ({ apiFormat: 'COHERE', text })),
        ...(callsFirst && toolCalls ? [{ toolCalls }] : []),
        { ...complete, chatHistory: [], usage: undefined },
        { usage: rest.usage },
      )
      const expected = decodeReply({ chatResponse: complete }, constant())
      assert.deepEqual(fold(decodeAll(COHERE, stream)), expected)
    }))
  })
})

function answers() {
  const call = fc.record({
    name: fc.stringMatching(/^[a-z]{1,8}$/),
    parameters: fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
  })
  const citation = fc.record({
    start: fc.nat(),
    end: fc.nat(),
    text: fc.string(),
    documentIds: fc.option(fc.array(fc.string()), { nil: undefined }),
  })
  return fc.record({
    pieces: fc.array(fc.string({ unit: grapheme }), { maxLength: 5 }),
    toolCalls: fc.option(fc.array(call, { maxLength: 3 }), { nil: undefined }),
    citations: fc.option(fc.array(citation, { maxLength: 3 }), { nil: undefined }),
    finishReason: fc.constantFrom('COMPLETE', 'MAX_TOKENS', 'ERROR_TOXIC', 'ODD'),
    usage: fc.option(
      fc.record({ promptTokens: fc.nat(), completionTokens: fc.nat(), totalTokens: fc.nat() }),
      { nil: undefined },
    ),
  })
}

describe('encodeRequest()', () => {
  it('follows the rules of the history and loses no text', () => {
    fc.assert(fc.property(conversations(), (messages) => {
      const mended = runAtOnce(repairMessages(messages)).messages
      const tools = ['f', 'g-1', '2'].map((name) => tool(name))
      const { body } = send({ messages: mended, tools })
      walk(body as unknown as Sent)
      assert.deepEqual(textsSent(body as unknown as Sent), textsOf(mended))
    }))
  })
})

/** Conversations of agents: results may be missing, and user messages may occur anywhere. */
function conversations(): fc.Arbitrary<Message[]> {
  const words = fc.stringMatching(/^[a-z]{1,5}$/)
  const turns = fc.oneof(
    words.map((word) => [user([text(word)])]),
    words.map((word) => [system(word)]),
    fc.option(words, { nil: '' }).map((word) => [assistant(word)]),
    fc.record({
      plan: fc.option(words, { nil: '' }),
      calls: fc.array(
        fc.record({
          name: fc.constantFrom('f', 'g-1', '2'),
          arguments: fc.oneof(
            fc.dictionary(words, fc.jsonValue()).map((value) => JSON.stringify(value)),
            fc.constantFrom('', '{', '[1]'),
          ),
          answer: fc.option(fc.oneof(words, fc.constant('{"a":1}')), { nil: undefined }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      id: fc.uuid(),
    }).map(({ plan, calls, id }) => [
      assistant(
        plan,
        ...calls.map(({ name, arguments: json }, at) => ({
          id: `${id}${at}`,
          name,
          arguments: json,
        })),
      ),
      ...calls.flatMap(({ answer }, at) =>
        answer === undefined ? [] : [result(`${id}${at}`, answer)]
      ),
    ]),
  )
  const ending = fc.oneof(
    words.map((word) => [user([text(word)])]),
    fc.tuple(words, words).map(([word, answer]) => [
      user([text(word)]),
      assistant('', { id: 'last', name: 'f', arguments: '{}' }),
      result('last', answer),
    ]),
  )
  return fc.tuple(fc.array(turns, { maxLength: 6 }), ending)
    .map(([before, last]) => [...before.flat(), ...last])
}

interface Call {
  name: string
  parameters: unknown
}

interface Result {
  call: Call
  outputs: unknown[]
}

interface Turn {
  role: string
  message?: string
  toolCalls?: Call[]
  toolResults?: Result[]
}

interface Sent {
  message: string
  preambleOverride?: string
  chatHistory?: Turn[]
  toolResults?: Result[]
  tools: { name: string; description: string }[]
}

/** Everything that Cohere is known to reject in a conversation. */
function walk({ message, chatHistory = [], toolResults, tools }: Sent): void {
  assert.notEqual(message === '', toolResults === undefined, 'either a message or results')
  const last: Turn = toolResults ? { role: 'TOOL', toolResults } : { role: 'USER', message }
  const turns = [...chatHistory, last]
  for (const [index, turn] of turns.entries()) {
    const before = turns[index - 1]
    const after = turns[index + 1]
    if (turn.role === 'TOOL') {
      assert.deepEqual(turn.toolResults?.map(({ call }) => call), before?.toolCalls)
      for (const { outputs } of turn.toolResults ?? []) {
        assert.ok(outputs.length > 0 && outputs.every((one) => Object(one) === one))
      }
      continue
    }
    assert.ok(turn.message, 'every entry has a message')
    if (turn.role === 'USER') assert.notEqual(before?.role, 'TOOL', 'no user right after results')
    if (turn.toolCalls) assert.equal(after?.role, 'TOOL', 'results right after calls')
    for (const { name, parameters } of turn.toolCalls ?? []) {
      assert.match(name, /^[A-Za-z_]\w*$/)
      assert.ok(Object(parameters) === parameters && !Array.isArray(parameters))
    }
  }
  for (const { name, description } of tools) {
    assert.match(name, /^[A-Za-z_]\w*$/)
    assert.notEqual(description, '')
  }
}

function textsSent({ message, chatHistory = [], toolResults = [], ...sent }: Sent): string[] {
  const turns = [...chatHistory, { role: 'TOOL', toolResults }, { role: 'USER', message }]
  const instructions = sent.preambleOverride?.split('\n\n') ?? []
  const texts = turns.flatMap((turn: Turn) => [
    turn.message ?? '',
    ...(turn.toolResults ?? []).flatMap(({ outputs }) => outputs.map(textOfOutput)),
  ])
  return [...instructions, ...texts].filter((text) => text.trim() !== '').toSorted()
}

function textOfOutput(output: unknown): string {
  const { output: text, ...rest } = output as { output?: string }
  return text ?? JSON.stringify(rest)
}

function textsOf(messages: readonly Message[]): string[] {
  return messages
    .map(({ content }) => content.map((part) => part.type === 'text' ? part.text : '').join(''))
    .filter((text) => text !== '')
    .toSorted()
}
