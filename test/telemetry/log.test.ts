import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LogRecord } from '../../src/platform.ts'
import { createLog } from '../../src/telemetry/log.ts'

const LEVELS: [level: LogRecord['level'] | 'silent', written: LogRecord['level'][]][] = [
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
  ['silent', []],
]

describe('createLog()', () => {
  for (const [level, written] of LEVELS) {
    it(`writes ${written.join(', ') || 'nothing'} at the level ${level}`, () => {
      const lines: string[] = []
      const log = createLog((line) => lines.push(line), level)
      for (const level of ['debug', 'info', 'warn', 'error'] as const) log({ level, event: 'x' })
      assert.deepEqual(lines.map((line) => JSON.parse(line).level), written)
    })
  }

  it('writes a record as one line of JSON, time first', () => {
    const lines: string[] = []
    const log = createLog((line) => lines.push(line), 'info')
    log({ level: 'info', event: 'request', path: '/a\n"b"', status: 200, error: undefined })
    const [line = '', ...others] = lines
    assert.deepEqual(others, [])
    assert.match(line, /^\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",/)
    assert.doesNotMatch(line, /\n/)
    assert.deepEqual({ ...JSON.parse(line), time: '' }, {
      time: '',
      level: 'info',
      event: 'request',
      path: '/a\n"b"',
      status: 200,
    })
  })
})
