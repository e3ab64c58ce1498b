import { openGateway } from '../../src/entry/gateway.ts'
import { sha256 } from '../../src/entry/native-hash.ts'
import { createSimulator } from '../../src/simulator/app.ts'
import type { Capacity } from '../../src/simulator/capacity.ts'
import type { SimulatedTenancy } from '../../src/simulator/tenancy.ts'
import type { Store } from '../../src/store/store.ts'
import keys from '../vectors/keys.json' with { type: 'json' }
import { BEARER_KEY } from '../oci-names.ts'
import { type Folded, readStream } from './read-stream.ts'
import type { Upstream, UpstreamCall } from './upstream.ts'
import type { Completion, ErrorBody } from './wire.ts'

export interface TestGatewayOptions {
  /** Environment variables, added to those of the test's credential. */
  env?: Record<string, string | undefined>
  /** Configuration, merged with delays that are short enough for a test. */
  config?: Record<string, unknown>
  /** Answers a call to OCI; the simulator answers when it returns `undefined`. */
  upstream?: Upstream
  /** The simulator's clock, in milliseconds since the epoch. */
  now?: () => number
  /** The regions, models and policies of the simulator. */
  tenancy?: SimulatedTenancy
  /** A hidden limit of the simulator. */
  capacity?: Capacity
  /** Keys, limits and prices; by default none. */
  store?: Store
}

/** The answer to one request, and the calls to OCI that it caused. */
export interface Exchange {
  status: number
  headers: Headers
  /** The warnings of the header `x-oci-gateway-warnings`. */
  warnings: string[]
  /** The `chatRequest` of each call, in call order. */
  sent: Record<string, unknown>[]
  calls: UpstreamCall[]
}

/** The whole gateway in this process, in front of a simulated OCI. */
export interface TestGateway {
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** As `fetch`, but keeps the path unchanged: some runtimes resolve `%2e%2e` in a URL. */
  fetchRaw(path: string, init?: RequestInit): Promise<Response>
  /** Posts a chat without streaming; throws unless the status is 200. */
  ask(body: object): Promise<Exchange & { reply: Completion }>
  /** Posts a streamed chat and checks the stream as `readStream` does. */
  stream(body: object): Promise<Exchange & Folded>
  /** Posts a request that must be rejected; throws when it succeeds. */
  fail(body: object | string, headers?: HeadersInit): Promise<Exchange & ErrorBody>
  /** All calls to OCI so far. */
  calls: UpstreamCall[]
  /** All log lines so far. */
  lines: string[]
  /** Writes the rows of all requests that have ended to the store. */
  flush(): Promise<void>
}

export const TENANCY = `ocid1.tenancy.oc1..${'aaaaaaaacases'.padEnd(60, 't')}`
export const USER = `ocid1.user.oc1..${'aaaaaaaacases'.padEnd(60, 'u')}`
const { pkcs8Pem, spkiDerBase64, fingerprint } = keys.keys.rsa2048
/** The credential of all test gateways, with a throw-away key. */
export const IDENTITY = {
  OCI_CLI_TENANCY: TENANCY,
  OCI_CLI_USER: USER,
  OCI_CLI_FINGERPRINT: fingerprint,
  OCI_CLI_KEY_CONTENT: pkcs8Pem,
  OCI_CLI_REGION: 'us-chicago-1',
}

/** Opens a gateway with its own state; `calls` and `lines` grow while it runs. */
export async function openTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { env, config, upstream, now, capacity, store, tenancy } = options
  const calls: UpstreamCall[] = []
  const lines: string[] = []
  const simulator = createSimulator({
    publicKeys: await publicKeys(),
    bearerKeys: new Set([BEARER_KEY]),
    eventDelay: 0,
    ...(now && { now }),
    ...(capacity && { capacity }),
    ...(tenancy && { tenancy }),
  })
  const { app, stored } = await openGateway({
    env: { ...IDENTITY, GATEWAY_CONFIG: JSON.stringify(configOf(config)), ...env },
    files: undefined,
    write: (line) => lines.push(line),
    sha256,
    ...(store && { store }),
    async fetch(url, init) {
      const call = callOf(url, init)
      calls.push(call)
      return await upstream?.(call) ?? await simulator.fetch(new Request(url, init))
    },
  })
  const fetch = async (path: string, init?: RequestInit) =>
    await app.request(`http://127.0.0.1:8050${path}`, init)
  const fetchRaw = async (path: string, init?: RequestInit) => {
    const request = new Request('http://127.0.0.1:8050/', init)
    Object.defineProperty(request, 'url', { value: `http://127.0.0.1:8050${path}` })
    return await app.fetch(request)
  }
  const flush = async () => await stored?.metering.flush()
  return { ...clientOf(fetch, calls), fetch, fetchRaw, calls, lines, flush }
}

type Client = Pick<TestGateway, 'ask' | 'stream' | 'fail'>

function clientOf(fetch: TestGateway['fetch'], calls: readonly UpstreamCall[]): Client {
  async function post(body: object | string, headers: HeadersInit = {}) {
    const before = calls.length
    const response = await fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...Object.fromEntries(new Headers(headers)) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { response, exchange: () => exchangeOf(response, calls.slice(before)) }
  }
  return {
    async ask(body) {
      const { response, exchange } = await post(body)
      const text = await response.text()
      if (response.status !== 200) throw new Error(`status ${response.status}: ${text}`)
      return { ...exchange(), reply: JSON.parse(text) }
    },
    async stream(body) {
      const { response, exchange } = await post({ ...body, stream: true })
      if (response.status !== 200) {
        throw new Error(`status ${response.status}: ${await response.text()}`)
      }
      const folded = await readStream(response, body)
      return { ...exchange(), ...folded }
    },
    async fail(body, headers) {
      const { response, exchange } = await post(body, headers)
      const text = await response.text()
      if (response.status < 400) throw new Error(`status ${response.status}: ${text}`)
      return { ...exchange(), ...JSON.parse(text) }
    },
  }
}

function exchangeOf({ status, headers }: Response, calls: UpstreamCall[]): Exchange {
  const chats = calls.filter(({ url }) => url.pathname.endsWith('/actions/chat'))
  return {
    status,
    headers,
    warnings: (headers.get('x-oci-gateway-warnings') ?? '').split('; ').filter(Boolean),
    sent: chats.map(({ json }) => json['chatRequest'] as Record<string, unknown>),
    calls,
  }
}

function callOf(url: string, init: RequestInit): UpstreamCall {
  // The gateway sends bytes, and large uploads as streams, which only the simulator reads.
  const body = ArrayBuffer.isView(init.body) ? init.body as Uint8Array<ArrayBuffer> : undefined
  const type = new Headers(init.headers).get('content-type') ?? ''
  const isJson = body !== undefined && body.length > 0 && !type.startsWith('multipart/')
  return {
    method: init.method ?? 'GET',
    url: new URL(url),
    headers: new Headers(init.headers),
    body: body ?? new Uint8Array(),
    json: isJson ? JSON.parse(new TextDecoder().decode(body)) : {},
    // Each call of the gateway has a signal.
    signal: init.signal as AbortSignal,
    redirect: init.redirect,
  }
}

function configOf({ timeouts, retry, ...config }: Record<string, unknown> = {}): object {
  return {
    timeouts: { usageGraceSeconds: 0.05, streamStartSeconds: 60, ...Object(timeouts) },
    retry: { initialDelaySeconds: 0.001, ...Object(retry) },
    ...config,
  }
}

/** The gateways of a process share it, because to import a key for each one takes time. */
let imported: Promise<ReadonlyMap<string, CryptoKey>> | undefined

/** The public key of `IDENTITY`, by its id. */
export function publicKeys(): Promise<ReadonlyMap<string, CryptoKey>> {
  return imported ??= importPublicKeys()
}

async function importPublicKeys(): Promise<ReadonlyMap<string, CryptoKey>> {
  const der = Uint8Array.from(atob(spkiDerBase64), (character) => character.charCodeAt(0))
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('spki', der, algorithm, true, ['verify'])
  return new Map([[`${TENANCY}/${USER}/${fingerprint}`, key]])
}
