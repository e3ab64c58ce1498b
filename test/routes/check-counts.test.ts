import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEFAULT_REQUEST_LIMITS } from '../../src/limits.ts'
import { checkCounts } from '../../src/routes/check-counts.ts'

const LIMITS = {
  ...DEFAULT_REQUEST_LIMITS,
  maxMessages: 2,
  maxContentParts: 3,
  maxTools: 2,
  maxInputs: 4,
}

const user = { role: 'user', content: 'Hi' }
const parts = (count: number) => Array(count).fill({ type: 'text', text: 'Hi' })

const accepted: [name: string, body: Readonly<Record<string, unknown>>][] = [
  ['an empty body', {}],
  ['the maximum of messages', { messages: [user, user] }],
  ['the maximum of content parts', {
    messages: [{ role: 'user', content: parts(2) }, { content: parts(1) }],
  }],
  ['the maximum of texts', { input: ['a', 'b', 'c', 'd'] }],
  ['the maximum of tools', { tools: [{ type: 'function' }, { type: 'function' }] }],
  ['values that are not lists', {
    messages: 'x',
    input: 7,
    tools: null,
    documents: { length: 99 },
  }],
  ['list items that are not objects', { messages: [null, 7], tools: [null, 'x'] }],
  ['names of methods', { messages: [{ hasOwnProperty: 1, content: { length: 99 } }] }],
]

const rejected: [
  name: string,
  body: Readonly<Record<string, unknown>>,
  param: string,
  message: RegExp,
][] = [
  ['messages', { messages: [user, user, user] }, 'messages', /^Too many messages: 3, at most 2 /],
  ['input items', { input: [user, user, user] }, 'input', /input items: 3.*limits\.maxMessages/],
  ['parts', { messages: [{ content: parts(4) }] }, 'messages', /content parts: 4, at most 3/],
  ['parts of results', { input: [{ type: 'x', output: parts(4) }] }, 'input', /content parts: 4/],
  ['tools', { tools: [1, 2, 3] }, 'tools', /tools: 3, at most 2 .*limits\.maxTools/],
  ['tools of namespaces', { tools: [{ tools: [1, 2] }] }, 'tools', /tools: 3/],
  ['functions', { functions: [1, 2, 3] }, 'functions', /tools: 3/],
  ['texts', { input: [1, 2, 3, 4, 5] }, 'input', /inputs: 5, at most 4 .*limits\.maxInputs/],
  ['documents', { documents: [1, 2, 3, 4, 5] }, 'documents', /inputs: 5/],
  ['prompts', { prompt: [1, 2, 3, 4, 5] }, 'prompt', /inputs: 5/],
]

describe('checkCounts()', () => {
  for (const [name, body] of accepted) {
    it(`accepts ${name}`, () => checkCounts(body, LIMITS))
  }

  it('F2: rejects too many fields', () => {
    const body = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`k${at}`, at]))
    assert.throws(() => checkCounts(body, LIMITS), { code: 'invalid_request', message: /1001/ })
  })

  for (const [name, body, param, message] of rejected) {
    it(`F2: rejects too many ${name}`, () => {
      assert.throws(() => checkCounts(body, LIMITS), { code: 'invalid_request', param, message })
    })
  }
})
