import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { describe, it } from 'node:test'
import { checkSharedStore, countWorkers } from '../../../src/cli/workers/serve-workers.ts'
import { workerPort } from '../../../src/cli/workers/process.ts'
import { runCli } from '../fake-host.ts'

const isLinux = process.platform === 'linux'

describe('countWorkers()', () => {
  it('is one by default, on every system', () => {
    assert.deepEqual([countWorkers(), countWorkers('1')], [1, 1])
  })

  it('reads a number or "auto"', { skip: !isLinux && 'it needs Linux' }, () => {
    assert.deepEqual([countWorkers('8'), countWorkers('auto')], [8, availableParallelism()])
  })

  for (const value of ['0', '-1', '1.5', 'two', '1000', 'AUTO', ' 2']) {
    it(`refuses "${value}"`, async () => {
      const { status, stderr } = await runCli(['serve', `--workers=${value}`])
      assert.equal(status, 2)
      assert.match(stderr, /^--workers must be a whole number from 1 to 999, or "auto"\n/)
    })
  }
})

describe('checkSharedStore()', () => {
  it('refuses a store in the memory of one process only', () => {
    assert.throws(
      () => checkSharedStore({ store: 'memory:' }),
      /needs a store that processes share/,
    )
    checkSharedStore({ store: 'sqlite:./gateway.db' })
    checkSharedStore({ store: undefined })
  })
})

describe('workerPort()', () => {
  it('reads the port of a worker from its environment', () => {
    assert.deepEqual(
      [workerPort({ OCI_GATEWAY_WORKER_PORT: '0' }), workerPort({ PORT: '8050' })],
      [0, undefined],
    )
  })
})
