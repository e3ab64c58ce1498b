import assert from 'node:assert/strict'
import { send } from './client.ts'
import { ADMIN_KEY, type Cluster, portOf } from './instances.ts'

/** Gauges that are 0 once all requests have ended and are in the ledger. */
const GAUGES = [
  'gateway_concurrent_requests',
  'gateway_reservations',
  'gateway_settlements_waiting',
]
/** Milliseconds. */
const LIMIT = 60_000
/** A request of a client that has left may reach its gateway after one reading. */
const READINGS = 2

/** Waits until no gateway has a request that runs or is not yet in the ledger. */
export async function untilQuiet({ gateways }: Pick<Cluster, 'gateways'>): Promise<void> {
  const began = performance.now()
  let quiet = 0
  while (quiet < READINGS) {
    const readings = await Promise.all(gateways.map((gateway) => isQuiet(portOf(gateway))))
    quiet = readings.every(Boolean) ? quiet + 1 : 0
    assert.ok(performance.now() - began < LIMIT, 'Requests still run after a minute')
  }
}

async function isQuiet(port: number): Promise<boolean> {
  const { status, text } = await send(port, { method: 'GET', path: '/metrics', key: ADMIN_KEY })
  assert.equal(status, 200, text)
  return GAUGES.every((name) => {
    const [, value] = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'm').exec(text) ?? []
    assert.ok(value !== undefined, `No metric ${name}`)
    return value === '0'
  })
}
