import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import { describe, it } from 'node:test'
import { withFakeClock } from '../fake-clock.ts'
import {
  createDisconnectWatcher,
  readTcpTables,
  watchUntilResponse,
} from '../../src/entry/deno-disconnects.ts'

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid'

/** Lines of proc(5) for a gateway on port 8050. */
function table(...connections: [remotePort: number, state: string][]): string {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
  const lines = connections.map(([port, state], index) =>
    `   ${index}: 0100007F:${hex(8050)} 0100007F:${
      hex(port)
    } ${state} 00000000:00000000 00:00000000`
  )
  return [HEAD, ...lines, ''].join('\n')
}

describe('createDisconnectWatcher()', () => {
  it('F1: calls the callback of a closed or half-closed connection only', async () => {
    const tables = [
      table([1001, '01'], [1002, '01'], [1003, '01']),
      // The kernel omits the first connection in one poll.
      table([1002, '01'], [1003, '01']),
      table([1001, '01'], [1001, '06'], [1002, '08'], [1003, '01']),
      table([1001, '01'], [1002, '08']),
    ]
    const called: number[] = []
    let polls = 0
    const done = Promise.withResolvers<void>()
    const { watch } = createDisconnectWatcher({
      interval: 1,
      readTables() {
        // Far more polls than those after which the last connection counts as closed.
        if (++polls === 20) done.resolve()
        return tables.length > 1 ? tables.shift() : tables[0]
      },
    })
    const stops = [1001, 1002, 1003].map((remotePort) =>
      watch({ localPort: 8050, remotePort }, () => called.push(remotePort))
    )
    await done.promise
    for (const stop of stops) stop()
    assert.deepEqual(called, [1002, 1003])
  })

  it('does not read the tables for requests that end within one interval', async () => {
    let reads = 0
    const readTables = () => {
      reads++
      return undefined
    }
    await withFakeClock(async ({ advance }) => {
      const { watch } = createDisconnectWatcher({ interval: 100, readTables })
      for (let at = 0; at < 10; at++) {
        const stop = watch({ localPort: 8050, remotePort: at }, () => {})
        await advance(90)
        stop()
      }
      assert.equal(reads, 0)
      watch({ localPort: 8050, remotePort: 1 }, () => {})
      await advance(200)
      assert.equal(reads, 1)
    })
  })

  it('pauses for a multiple of what a poll takes, shorter while a connection is missing', async () => {
    const took = 50
    let clock = 0
    let polls = 0
    await withFakeClock(async ({ advance }) => {
      const { watch } = createDisconnectWatcher({
        interval: 100,
        now: () => clock,
        readTables() {
          polls++
          clock += took
          return polls === 1 ? table([1001, '01']) : table()
        },
      })
      let hasLeft = false
      watch({ localPort: 8050, remotePort: 1001 }, () => hasLeft = true)
      const pauses = [200, 10 * took, 4 * took, 4 * took]
      for (const [index, pause] of pauses.entries()) {
        await advance(pause - 1)
        assert.equal(polls, index)
        await advance(1)
        assert.equal(polls, index + 1)
        assert.equal(hasLeft, index === pauses.length - 1)
      }
    })
  })

  it('stops polling when there is no connection to watch, or no table', async () => {
    let polls = 0
    const polled = Promise.withResolvers<void>()
    const { watch } = createDisconnectWatcher({
      interval: 1,
      readTables() {
        polls++
        setTimeout(polled.resolve, 20)
        return undefined
      },
    })
    watch({ localPort: 8050, remotePort: 1 }, () => assert.fail('called back'))
    await polled.promise
    assert.equal(polls, 1)
  })

  it('finds a real connection in the tables of this machine, if there are any', async (t) => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    const client = connect(address.port, '127.0.0.1')
    await new Promise((resolve) => client.once('connect', resolve))
    const connection = { localPort: address.port, remotePort: client.localPort ?? 0 }
    if (readTcpTables() === undefined) return t.skip('this system has no /proc/net/tcp')
    const closed = Promise.withResolvers<void>()
    const { watch } = createDisconnectWatcher({ interval: 5, readTables: readTcpTables })
    let isClosed = false
    watch(connection, () => {
      isClosed = true
      closed.resolve()
    })
    readTcpTables()
    assert.equal(isClosed, false)
    client.destroy()
    await closed.promise
    server.close()
  })
})

describe('watchUntilResponse()', () => {
  for (const [name, end] of [['starts', 'response'], ['fails', new Error('no')]] as const) {
    it(`stops watching when the response ${name}`, async () => {
      const watched = new Set<() => void>()
      const disconnect = () => {}
      const response = Promise.withResolvers<string>()
      const ended = watchUntilResponse(
        (callback) => {
          watched.add(callback)
          return () => void watched.delete(callback)
        },
        (onDisconnect) => {
          onDisconnect(disconnect)
          return response.promise
        },
      )
      assert.deepEqual(watched, new Set([disconnect]))
      if (typeof end === 'string') response.resolve(end)
      else response.reject(end)
      assert.equal(await ended.catch((error: unknown) => error), end)
      assert.equal(watched.size, 0)
    })
  }
})
