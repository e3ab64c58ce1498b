import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  checkCount,
  checkModelName,
  checkUpstreamCalls,
  DEFAULT_REQUEST_LIMITS,
} from '../src/limits.ts'

describe('checkCount()', () => {
  it('F2: rejects a count over the limit and names the setting', () => {
    const names = { param: 'tools', unit: 'tools', setting: 'limits.maxTools' }
    checkCount(3, 3, names)
    assert.throws(() => checkCount(4, 3, names), {
      code: 'invalid_request',
      param: 'tools',
      message: 'Too many tools: 4, at most 3 are allowed (limits.maxTools)',
    })
  })
})

describe('checkUpstreamCalls()', () => {
  it('F11: rejects more calls than the limit', () => {
    checkUpstreamCalls(DEFAULT_REQUEST_LIMITS.maxUpstreamCalls, 'input')
    checkUpstreamCalls(446, 'input', { maxUpstreamCalls: 446 })
    assert.throws(() => checkUpstreamCalls(446, 'input'), {
      code: 'invalid_request',
      param: 'input',
      message: '"input" needs 446 calls to OCI, at most 32 are allowed for one request ' +
        '(limits.maxUpstreamCalls). Send it in several requests',
    })
  })
})

describe('checkModelName()', () => {
  it('F3: rejects a name of more than 256 characters', () => {
    checkModelName('x'.repeat(256))
    assert.throws(() => checkModelName('x'.repeat(257)), {
      code: 'invalid_request',
      param: 'model',
      message: '"model" must be at most 256 characters',
    })
  })
})
