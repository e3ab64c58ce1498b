import assert from 'node:assert/strict'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { type FakeOci, startOci } from '../runtimes/oci.ts'
import { chat } from './chat.ts'
import { COMMANDS, type Running, start } from './run.ts'

const isLinux = process.platform === 'linux'

describe('serve --workers', () => {
  let oci: FakeOci
  before(async () => {
    oci = await startOci()
  })
  after(() => oci.stop())

  for (const runtime of COMMANDS.keys()) {
    const name = `survives the end of a worker, and ends all of them, on ${runtime}`
    it(name, { skip: !isLinux && 'it needs Linux' }, async () => {
      const gateway = await start(runtime, ['serve', '--workers', '2', '--port', '0'], oci)
      try {
        const [, url = ''] = await gateway.printed(/listens on (http:\S+)\/v1\n/)
        const [killed = 0, other = 0] = pidsOf(gateway)
        await checkChats(url)
        process.kill(killed, 'SIGKILL')
        await gateway.printed(new RegExp(`"worker_exited","pid":${killed}`))
        await checkChats(url)
        // The code that starts the replacement is the same on all runtimes.
        if (runtime === 'node') await gateway.printed(/("worker_started"[^]*){3}/)
        process.kill(gateway.pid, 'SIGTERM')
        assert.equal(await gateway.exited, 0)
        assert.deepEqual([...pidsOf(gateway), other].filter(isRunning), [])
        assert.equal(gateway.output().match(/listens on/g)?.length, 1)
      } finally {
        await gateway.stop()
      }
    })
  }

  it('rejects other systems, where the kernel does not distribute connections', {
    skip: isLinux && 'it needs another system',
  }, async () => {
    const gateway = await start('node', ['--workers', '2'], oci)
    assert.equal(await gateway.exited, 2)
    assert.match(gateway.output(), /--workers needs Linux/)
  })
})

/** The process ids of all workers so far. */
function pidsOf(gateway: Running): number[] {
  const lines = gateway.output().matchAll(/"worker_started","pid":(\d+)/g)
  return Array.from(lines, ([, pid]) => Number(pid))
}

async function checkChats(url: string): Promise<void> {
  const answers = await Promise.all(Array.from({ length: 4 }, () => chat(url)))
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200])
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
