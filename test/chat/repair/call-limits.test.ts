import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AssistantMessage, ToolCall } from '../../../src/chat/model.ts'
import { checkCalls } from '../../../src/chat/repair/call-limits.ts'
import { MAX_ARGUMENTS_LENGTH, MAX_CALLS_PER_MESSAGE } from '../../../src/limits.ts'

const call = (length = 2): ToolCall => ({ id: 'c', name: 'f', arguments: ' '.repeat(length) })

const message = (toolCalls: readonly ToolCall[], location?: string): AssistantMessage => ({
  role: 'assistant',
  content: [],
  reasoning: undefined,
  refusal: undefined,
  toolCalls,
  name: undefined,
  location,
})

describe('checkCalls()', () => {
  it('F2: accepts as many calls, and arguments as long, as allowed', () => {
    checkCalls(message(Array.from({ length: MAX_CALLS_PER_MESSAGE }, () => call())), 1)
    checkCalls(message([call(MAX_ARGUMENTS_LENGTH)]), 1)
  })

  const cases: [title: string, message: AssistantMessage, error: object][] = [
    [
      'more calls',
      message(Array.from({ length: MAX_CALLS_PER_MESSAGE + 1 }, () => call())),
      {
        code: 'invalid_request',
        reason: 'limit',
        param: 'messages[1]',
        message: '"messages[1]" must have at most 1024 tool calls',
      },
    ],
    ['longer arguments of one call', message([call(MAX_ARGUMENTS_LENGTH + 1)]), {
      param: 'messages[1]',
      message: '"messages[1]" must have at most 2097152 characters in the arguments of its tool ' +
        'calls',
    }],
    [
      'longer arguments of all calls, at the location of the client API',
      message([call(MAX_ARGUMENTS_LENGTH), call(1)], 'input[4]'),
      { param: 'input[4]' },
    ],
  ]
  for (const [title, tooLarge, error] of cases) {
    it(`F2: rejects ${title}`, () => assert.throws(() => checkCalls(tooLarge, 1), error))
  }
})
