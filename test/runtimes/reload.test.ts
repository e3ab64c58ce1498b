import assert from 'node:assert/strict'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'node:test'
import {
  type ConfigurationFile,
  configurationText,
  createConfigurationFile,
  KEYS,
  MODELS,
  type Name,
} from '../reload/configurations.ts'
import { memoryOf } from '../faults/gateways.ts'
import { ask, startLoad, statusWith } from '../reload/load.ts'
import { valueOf } from '../telemetry/metrics/read-metrics.ts'
import { type FakeOci, startOci } from './oci.ts'
import { startGateway, type Target } from './start.ts'

/** Reloads of each gateway: `npm run test:reload` makes a thousand. */
const RELOADS = Number(process.env['RELOADS'] ?? 50)
const CLIENTS = 4
/** Reloads from which the memory of the process is checked, and the MiB that it may grow. */
const MIN_FOR_MEMORY = 500
const MAX_GROWTH = 40
/** In a small heap, garbage does not hide what is not garbage. */
const SMALL_HEAP = ['--max-old-space-size=128', '--max-semi-space-size=2']
/** Milliseconds until a change has to be visible; long, because the machine may be busy. */
const PATIENCE = 20_000

describe('the configuration file of a gateway', () => {
  for (const runtime of ['node', 'bun', 'deno'] as const) {
    it(`is reloaded ${RELOADS} times without a failed request on ${runtime}`, async (t) => {
      await withGateway(runtime, async ({ target, file }) => {
        const load = startLoad(target, CLIENTS)
        const memory: number[] = []
        for (let count = 1; count <= RELOADS; count++) {
          const name = count % 2 === 1 ? 'b' : 'a'
          await file.replace(configurationText(name))
          process.kill(target.pid, 'SIGHUP')
          await until(async () => await ask(target, count % 4 < 2) === MODELS[name])
          memory.push(memoryOf(target.pid))
        }
        const requests = await load.stop()
        t.diagnostic(`${requests} requests, ${checkMemory(memory)}`)
        assert.ok(requests >= RELOADS, `${requests} requests`)
        const metrics = await readMetrics(target)
        assert.equal(reloadsOf(metrics, 'failed'), 0)
        assert.ok(reloadsOf(metrics, 'succeeded') >= RELOADS)
        assert.equal(valueOf(metrics, 'gateway_concurrent_requests_limit', {}), 200)
      })
    })

    it(`is watched on ${runtime}: a rename, a write and a swapped link are noticed`, async () => {
      await withGateway(runtime, async ({ target, file }) => {
        assert.deepEqual(await statuses(target), [200, 401])
        for (const [change, name] of CHANGES) {
          await file[change](configurationText(name))
          await until(async () => await ask(target, false) === MODELS[name])
          assert.deepEqual(await statuses(target), name === 'a' ? [200, 401] : [401, 200], change)
        }
      })
    })

    it(`changes nothing and says why on ${runtime} if it is invalid`, async () => {
      await withGateway(runtime, async ({ target, file }) => {
        await file.replace('{\n  "aliases": {},\n  "limits": { "maxTool": 1 },\n}')
        await until(() => Promise.resolve(/config_not_reloaded/.test(target.output())))
        const [line = ''] = /.*config_not_reloaded.*/.exec(target.output()) ?? []
        assert.match(
          line,
          /gateway\.config\.jsonc:3:15: limits\.maxTool: unknown key\. Did you mean/,
        )
        assert.equal(await ask(target, true), MODELS.a)
        assert.deepEqual(await statuses(target), [200, 401])
        assert.equal(reloadsOf(await readMetrics(target), 'failed'), 1)
        await file.replace(configurationText('b'))
        await until(async () => await ask(target, false) === MODELS.b)
      })
    })
  }
})

/** How the file is changed, in this order: `replace` turns the link into a file. */
const CHANGES: readonly (readonly [keyof Omit<ConfigurationFile, 'path' | 'remove'>, Name])[] = [
  ['swapLink', 'b'],
  ['swapLink', 'a'],
  ['replace', 'b'],
  ['overwrite', 'a'],
]

interface Setup {
  target: Target
  file: ConfigurationFile
  oci: FakeOci
}

async function withGateway(
  runtime: 'node' | 'bun' | 'deno',
  run: (setup: Setup) => Promise<void>,
): Promise<void> {
  const oci = await startOci(0)
  const file = await createConfigurationFile(configurationText('a'))
  const chosen = { GATEWAY_CONFIG: file.path, GATEWAY_API_KEYS: '' }
  const options = RELOADS < MIN_FOR_MEMORY ? {} : { v8Flags: SMALL_HEAP }
  const target = await startGateway(runtime, oci, chosen, options)
  try {
    await run({ target, file, oci })
  } finally {
    await target.stop()
    oci.stop()
    await file.remove()
  }
}

/** The median after a warm-up and the median at the end show whether old configurations remain. */
function checkMemory(readings: readonly number[]): string {
  const { length } = readings
  if (length < MIN_FOR_MEMORY) return 'too few reloads to check the memory'
  const first = median(readings.slice(length * 0.2, length * 0.4))
  const last = median(readings.slice(length * 0.8))
  const text = `${first.toFixed()} MiB after the warm-up, ${last.toFixed()} MiB at the end`
  assert.ok(last - first < MAX_GROWTH, text)
  return text
}

function median(readings: readonly number[]): number {
  return readings.toSorted((one, other) => one - other)[Math.floor(readings.length / 2)] ?? NaN
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE
  while (!await isDone()) {
    assert.ok(Date.now() < end, 'the change is not visible')
    await sleep(5)
  }
}

async function statuses(target: Target): Promise<number[]> {
  return [await statusWith(target, KEYS.a), await statusWith(target, KEYS.b)]
}

async function readMetrics({ url }: Target): Promise<string> {
  const headers = { authorization: `Bearer ${KEYS.both}` }
  return await (await fetch(`${url}/metrics`, { headers })).text()
}

function reloadsOf(metrics: string, outcome: string): number {
  return valueOf(metrics, 'gateway_config_reloads_total', { outcome })
}
