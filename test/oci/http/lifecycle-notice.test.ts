import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createNoticeLog } from '../../../src/oci/http/lifecycle-notice.ts'
import type { LogRecord } from '../../../src/platform.ts'

const DATE = '2030-01-01T00:00:00.000Z'

describe('createNoticeLog()', () => {
  for (const name of ['model-deprecation-info', 'model-retirement-info']) {
    it(`logs the header ${name} once for each model`, () => {
      const { log, notices } = setUp()
      for (const model of ['acme.one', 'acme.two', 'acme.one']) log(model, { [name]: DATE })
      assert.deepEqual(notices, [['acme.one', DATE], ['acme.two', DATE]])
    })
  }

  it('logs nothing without a header or a model', () => {
    const { log, notices } = setUp()
    log('acme.one', { 'opc-request-id': 'a' })
    log(undefined, { 'model-deprecation-info': DATE })
    assert.deepEqual(notices, [])
  })

  it('logs a limited part of the header', () => {
    const { log, notices } = setUp()
    log('acme.one', { 'model-deprecation-info': 'x'.repeat(5_000) })
    assert.deepEqual(notices, [['acme.one', 'x'.repeat(200)]])
  })
})

function setUp() {
  const notices: unknown[] = []
  const log = createNoticeLog(({ level, event, model, notice }: LogRecord) => {
    assert.deepEqual([level, event], ['warn', 'model_deprecated'])
    notices.push([model, notice])
  })
  return {
    notices,
    log: (model: string | undefined, headers: Record<string, string>) =>
      log(model, { headers: new Headers(headers) }),
  }
}
