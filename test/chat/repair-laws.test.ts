import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { flattenToolTurns } from '../../src/chat/flatten.ts'
import { repairMessages } from '../../src/chat/repair.ts'
import type { AssistantMessage, Message } from '../../src/chat/model.ts'
import { runAtOnce } from '../../src/steps.ts'
import { assistant, call, image, system, tool, user } from './messages.ts'

describe('repairMessages()', () => {
  it('M16-M19 T28 puts one result directly after each call, in order, with unique ids', () => {
    fc.assert(fc.property(conversations(), (input) => {
      assert.deepEqual(faultsIn(runAtOnce(repairMessages(input)).messages), [])
    }))
  })

  it('M06 leaves no empty message and no empty text', () => {
    fc.assert(fc.property(conversations(), (input) => {
      const { messages } = runAtOnce(repairMessages(input))
      assert.ok(messages.every((message) => message.content.every(isFull)))
      assert.ok(messages.every(saysSomething))
    }))
  })

  it('T25-T27 makes all arguments valid JSON', () => {
    fc.assert(fc.property(conversations(), (input) => {
      const { messages } = runAtOnce(repairMessages(input))
      assert.doesNotThrow(() => callsOf(messages).map((one) => JSON.parse(one.arguments)))
    }))
  })

  it('changes nothing and gives no warning the second time', () => {
    fc.assert(fc.property(conversations(), (input) => {
      const { messages } = runAtOnce(repairMessages(input))
      assert.deepEqual(runAtOnce(repairMessages(messages)), { messages, warnings: [] })
    }))
  })

  it('warns in ASCII, with the location first', () => {
    fc.assert(fc.property(conversations(), (input) => {
      const { warnings } = runAtOnce(repairMessages(input))
      assert.ok(warnings.every((warning) => /^messages\[\d+\]: [ -~]+$/.test(warning)))
    }))
  })

  it('loses no user text, and no result without a warning', () => {
    fc.assert(fc.property(conversations(), (input) => {
      const { messages, warnings } = runAtOnce(repairMessages(input))
      const warned = warnings.filter((warning) => warning.includes('left out')).length
      assert.ok(textsOf(input).length - warned <= textsOf(messages).length)
    }))
  })

  it('keeps the order of everything but tool results', () => {
    fc.assert(fc.property(conversations(), (input) => {
      const withoutResults = (messages: readonly Message[]) =>
        messages.filter(({ role }) => role === 'system' || role === 'assistant').filter(
          saysSomething,
        )
          .map(({ content }) => content)
      assert.deepEqual(
        withoutResults(runAtOnce(repairMessages(input)).messages),
        withoutResults(input),
      )
    }))
  })
})

describe('flattenToolTurns()', () => {
  it('M20 leaves messages of one call with its result, and loses none', () => {
    fc.assert(fc.property(conversations(), (input) => {
      const { messages } = runAtOnce(repairMessages(input))
      const flat = flattenToolTurns(messages)
      assert.deepEqual(faultsIn(flat), [])
      assert.ok(flat.every((one) => one.role !== 'assistant' || one.toolCalls.length <= 1))
      assert.deepEqual(callsOf(flat), callsOf(messages))
      assert.deepEqual(resultsOf(flat), resultsOf(messages))
    }))
  })
})

/** Conversations with any faults, ending with a user message that has content. */
function conversations(): fc.Arbitrary<readonly Message[]> {
  const ids = fc.constantFrom('a', 'b', 'a_2', '', 'c|d', 'é', 'x'.repeat(70))
  const json = fc.constantFrom('', '{}', '{"a":1}', "{'a'}", '"{}"', '"\\"[]\\""', '"x"', '[1]')
  const content = fc.array(fc.constantFrom('', 'word', 'words', image('i')), { maxLength: 3 })
  const calls = fc.array(fc.tuple(ids, json).map(([id, text]) => call(id, text)), { maxLength: 3 })
  const message: fc.Arbitrary<Message> = fc.oneof(
    fc.constantFrom('', 'rule').map(system),
    content.map((parts) => user(...parts)),
    fc.tuple(fc.constantFrom('', 'text'), calls).map(([text, made]) => assistant(text, ...made)),
    fc.tuple(ids, content).map(([id, parts]) => tool(id, ...parts)),
  )
  return fc.array(message, { maxLength: 12 }).map((messages) => [...messages, user('go on')])
}

/** The faults that a strict upstream would report. */
function faultsIn(messages: readonly Message[]): string[] {
  const ids = callsOf(messages).map(({ id }) => id)
  const expected = messages.flatMap((message, at) =>
    message.role === 'assistant'
      ? message.toolCalls.map(({ id }, n) => ({ id, at: at + 1 + n }))
      : []
  )
  const answers = messages.flatMap((message, at) =>
    message.role === 'tool' ? [{ id: message.toolCallId, at }] : []
  )
  return [
    ...(new Set(ids).size === ids.length ? [] : [`repeated ids: ${ids}`]),
    ...ids.filter((id) => !/^[A-Za-z0-9_-]{1,64}$/.test(id)).map((id) => `unsafe id: ${id}`),
    ...(JSON.stringify(answers) === JSON.stringify(expected)
      ? []
      : [`${JSON.stringify(answers)} for ${JSON.stringify(expected)}`]),
  ]
}

function callsOf(messages: readonly Message[]): AssistantMessage['toolCalls'] {
  return messages.flatMap((message) => message.role === 'assistant' ? message.toolCalls : [])
}

function resultsOf(messages: readonly Message[]): readonly Message[] {
  return messages.filter(({ role }) => role === 'tool')
}

function textsOf(messages: readonly Message[]): readonly unknown[] {
  const heard = messages.filter(({ role }) => role === 'user' || role === 'tool')
  return heard.filter((message) => message.content.some(isFull))
}

function isFull(part: { type: string; text?: string }): boolean {
  return part.type !== 'text' || part.text !== ''
}

function saysSomething(message: Message): boolean {
  const calls = message.role === 'assistant' ? message.toolCalls.length : 0
  return calls > 0 || message.content.some(isFull)
}
