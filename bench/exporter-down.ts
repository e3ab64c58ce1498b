/**
 * Measures requests while the receiver of traces and metrics is down:
 *
 *   node --expose-gc bench/exporter-down.ts [--seconds 300]
 *
 * One gateway has no receiver, the other one sends to a port on which nothing listens. Both get the
 * same requests in turn, so that the machine's noise affects both. OCI answers at once, in this
 * process. It prints the percentiles of both gateways, and the heap at the beginning and at the end.
 */
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Gateway, openGateway } from '../src/entry/gateway.ts'
import { sha256 } from '../src/entry/native-hash.ts'
import { IDENTITY } from '../test/cases/gateway.ts'
import { answerOf, KEY, sendChat } from './in-process.ts'
import { freePort } from './processes.ts'

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '300' } } })
const SECONDS = Number(options.seconds)
/** Milliseconds between two pairs of requests: the gateway is not busy all the time. */
const PAUSE = 4
/** Milliseconds until code is compiled and queues are full. */
const WARM_UP = 10_000

const receiver = `http://127.0.0.1:${await freePort()}`
let failedExports = 0
const subjects = {
  without: await open({}),
  down: await open({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver }),
}
await run(WARM_UP, [[], []])
const before = heap()
const times: [number[], number[]] = [[], []]
await run(SECONDS * 1_000, times)
report(before, heap())
for (const gateway of Object.values(subjects)) await gateway.close()

async function open(variables: Record<string, string>): Promise<Gateway> {
  return await openGateway({
    env: { ...IDENTITY, GATEWAY_API_KEYS: KEY, ...variables },
    files: undefined,
    fetch: async (input, init) => {
      if (!String(input).startsWith(receiver)) return answerOf()
      failedExports++
      return await fetch(input, init)
    },
    sha256,
    write: () => {},
  })
}

async function run(milliseconds: number, times: [number[], number[]]): Promise<void> {
  const pair = [[subjects.without, times[0]], [subjects.down, times[1]]] as const
  const end = performance.now() + milliseconds
  for (let index = 0; performance.now() < end; index++) {
    for (const [gateway, own] of index % 2 === 0 ? pair : pair.toReversed()) {
      const startedAt = performance.now()
      await sendChat(gateway, KEY, index)
      own.push(performance.now() - startedAt)
    }
    await sleep(PAUSE)
  }
}

function report(before: number, after: number): void {
  for (const share of [0.5, 0.9, 0.99]) {
    const [without, down] = times.map((own) => percentile(own, share) * 1_000) as [number, number]
    const added = ((down / without - 1) * 100).toFixed(1)
    print(
      `p${share * 100}: ${without.toFixed(0)} µs without, ${down.toFixed(0)} µs down (${added} %)`,
    )
  }
  print(`${times[1].length} requests each, ${failedExports} exports failed`)
  print(`heap: ${before.toFixed(1)} MiB before, ${after.toFixed(1)} MiB after`)
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

function percentile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
