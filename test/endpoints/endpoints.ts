/**
 * Runs the real `openai` package against every endpoint that is passed on, on Node, Bun and Deno, with
 * an API signing key and with a bearer key, and uploads 200 MB. Prints how much the memory of the
 * gateway grows.
 *
 *   npm run test:endpoints
 */
import { serve } from '@hono/node-server'
import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import OpenAI from 'openai'
import { createSimulator } from '../../src/simulator/app.ts'
import type { ReceivedRequest } from '../../src/simulator/exchange.ts'
import { createDemoIdentity } from '../../src/simulator/identity.ts'
import { testEndpoints } from '../contract/endpoints.ts'
import type { ContractTarget } from '../contract/target.ts'
import { memoryReader } from '../faults/gateways.ts'
import { BEARER, BEARER_KEY, PROJECT } from '../oci-names.ts'
import { startGateway, type Target } from '../runtimes/start.ts'

const SIZE = 200_000_000
const UPLOADS = 3
/** MiB by which the memory of a gateway may grow. */
const MAX_GROWTH = 30
const folder = await mkdtemp(join(tmpdir(), 'endpoints-'))
const file = join(folder, 'large.bin')
const oci = await startOci()
await writeLargeFile()
after(async () => {
  oci.stop()
  await rm(folder, { recursive: true, force: true })
})

for (const runtime of ['node', 'bun', 'deno'] as const) {
  for (const [name, variables] of [['API key', {}], ['bearer key', BEARER]] as const) {
    describe(`${runtime}, ${name}`, () => {
      let gateway: Target | undefined
      before(async () => {
        gateway = await startGateway(runtime, oci, { OCI_GENAI_PROJECT: PROJECT, ...variables })
      })
      after(() => gateway?.stop())
      const target = (): ContractTarget => {
        if (!gateway) throw new Error('The gateway did not start')
        return { ...gateway, seen: oci.seen }
      }
      testEndpoints(target)

      it('uploads 200 MB with little memory', async (test) => {
        const { url, key } = target()
        const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
        const memory = memoryReader(gateway?.pid ?? 0)
        const upload = () =>
          client.files.create({ file: createReadStream(file), purpose: 'user_data' })
        const growths: number[] = []
        for (let count = 0; count < UPLOADS; count++) {
          const { created, growth } = await measure(memory, upload)
          assert.ok(created.bytes === SIZE)
          growths.push(growth)
          await client.files.delete(created.id)
        }
        const shown = growths.map((growth) => `+${growth.toFixed(1)}`).join(', ')
        test.diagnostic(`${runtime}, ${name}: ${SIZE / 1e6} MB, memory ${shown} MiB`)
        assert.ok(Math.max(...growths) <= MAX_GROWTH, shown)
      })
    })
  }
}

async function measure(
  memory: () => number,
  upload: () => Promise<OpenAI.FileObject>,
): Promise<{ created: OpenAI.FileObject; growth: number }> {
  const start = memory()
  let peak = start
  const timer = setInterval(() => peak = Math.max(peak, memory()), 10)
  try {
    const created = await upload()
    return { created, growth: Math.max(peak, memory()) - start }
  } finally {
    clearInterval(timer)
  }
}

/** The simulator on a port. Of large requests it keeps nothing but the stored file. */
async function startOci() {
  const identity = await createDemoIdentity()
  const seen: ReceivedRequest[] = []
  const simulator = createSimulator({
    publicKeys: identity.publicKeys,
    bearerKeys: new Set([BEARER_KEY]),
    eventDelay: 1,
    onRequest: (request) => {
      if (request.body.length < SIZE) seen.push(request)
    },
  })
  const server = serve({ fetch: simulator.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  // The address of a server on a TCP port is an `AddressInfo`.
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, identity, seen, stop: () => server.close() }
}

/** Bytes that no part of the way can compress. */
async function writeLargeFile(): Promise<void> {
  const handle = await open(file, 'w')
  const block = new Uint8Array(1_000_000)
  for (let at = 0; at < block.length; at += 50_000) {
    crypto.getRandomValues(block.subarray(at, at + 50_000))
  }
  for (let count = 0; count < SIZE / block.length; count++) await handle.write(block)
  await handle.close()
}
