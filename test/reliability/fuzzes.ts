import fc from 'fast-check'
import { HEADER_NAMES, rawHeaderValue } from '../fuzz/header-values.ts'
import type { Runtime } from '../runtimes/start.ts'
import { COMPLETE_STREAM, healthRequest } from './chat.ts'
import { createClient } from './client.ts'
import type { Figure } from './figures.ts'
import { openMeasured } from './gateway.ts'
import { fuzz } from './run-fuzz.ts'

const RUNS = { requests: 100_000, config: 100_000, headers: 20_000 }
/** The runs are divided between the three runtimes that support them, with different seeds. */
const RUNTIMES = 3

/** Random requests, configuration files, keys and header values, and raw header bytes: goal 13. */
export async function measureFuzzes(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const raw = await sendRawHeaders(runtime, Math.round(RUNS.headers * size))
  if (runtime === 'workers') return raw
  const requests = await fuzz(runtime, 'requests', Math.round(RUNS.requests * size / RUNTIMES))
  const config = await fuzz(runtime, 'config', Math.round(RUNS.config * size / RUNTIMES))
  const headers = await fuzz(runtime, 'headers', Math.round(RUNS.headers * size / RUNTIMES))
  return [
    { goal: 13, what: 'request bodies', value: requests.passed, unit: '' },
    { goal: 13, what: 'configuration files and keys', value: config.passed, unit: '' },
    { goal: 13, what: 'requests with random headers', value: headers.passed, unit: '' },
    {
      ...{ goal: 13, what: 'failures of these three', unit: '', max: 0 },
      value: requests.failed + config.failed + headers.failed,
    },
    ...raw,
  ]
}

/** Sends header bytes that `fetch` cannot send. The gateway must stay healthy. */
async function sendRawHeaders(runtime: Runtime, count: number): Promise<Figure[]> {
  const gateway = await openMeasured(runtime, {})
  gateway.upstream.choose = () => COMPLETE_STREAM
  const { port } = gateway
  const client = createClient(port)
  const values = fc.sample(fc.tuple(fc.constantFrom(...HEADER_NAMES), rawHeaderValue), count)
  let failures = 0
  try {
    for (const [name, value] of values) {
      const { status } = await client.ask(withHeader(port, name, value), { patience: 5_000 })
      // Invalid HTTP may be answered by closing the connection, which is status 0.
      if (status >= 500) failures++
    }
    const { status } = await client.ask(healthRequest(port)).then((reply) =>
      reply.end === 'complete' ? reply : client.ask(healthRequest(port))
    )
    return [
      { goal: 13, what: 'header values as raw bytes', value: values.length, unit: '' },
      { goal: 13, what: '5xx for these', value: failures, unit: '', max: 0 },
      { goal: 13, what: 'health afterwards', value: status, unit: '', min: 200, max: 200 },
    ]
  } finally {
    client.close()
    await gateway.stop()
  }
}

function withHeader(port: number, name: string, value: string): Uint8Array {
  const body = JSON.stringify({ model: 'gpt-4o-mini', stream: true, messages: [] })
  return Buffer.from(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n` +
      (name === 'authorization' ? '' : 'authorization: Bearer test-key-1\r\n') +
      (name === 'content-type' ? '' : 'content-type: application/json\r\n') +
      `${name}: ${value}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  )
}
