import { openGateway } from '../../src/entry/gateway.ts'
import { createSimulator } from '../../src/simulator/app.ts'
import keys from '../vectors/keys.json' with { type: 'json' }
import { type Folded, readStream } from './read-stream.ts'
import type { Upstream, UpstreamCall } from './upstream.ts'
import type { Completion, ErrorBody } from './wire.ts'

export interface TestGatewayOptions {
  /** Variables over those of the test's own credential. */
  env?: Record<string, string | undefined>
  /** What `GATEWAY_CONFIG` says beside waits short enough for a test. */
  config?: Record<string, unknown>
  /** Answers a call to OCI; what it leaves `undefined` the simulator answers. */
  upstream?: Upstream
  /** The simulator's clock, in milliseconds since the epoch. */
  now?: () => number
}

/** What came of one request: the answer, and what the gateway asked OCI for on its behalf. */
export interface Asked {
  status: number
  headers: Headers
  /** The warnings' header, taken apart. */
  warnings: string[]
  /** The `chatRequest` of each call, in order. */
  sent: Record<string, unknown>[]
  calls: UpstreamCall[]
}

/** The whole gateway in this process, with OCI behind it. */
export interface TestGateway {
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** The same, with the path as it is: some runtimes do not resolve `%2e%2e` in an address. */
  fetchRaw(path: string, init?: RequestInit): Promise<Response>
  /** Posts a chat that is answered in one piece; anything but a 200 fails. */
  ask(body: object): Promise<Asked & { reply: Completion }>
  /** Posts a chat that is streamed, and holds the stream to what every stream must be. */
  stream(body: object): Promise<Asked & Folded>
  /** Posts what is refused, streamed or not. */
  fail(body: object | string, headers?: HeadersInit): Promise<Asked & ErrorBody>
  /** Every call to OCI so far. */
  calls: UpstreamCall[]
  /** Every line of the log so far. */
  lines: string[]
}

export const TENANCY = `ocid1.tenancy.oc1..${'aaaaaaaacases'.padEnd(60, 't')}`
export const USER = `ocid1.user.oc1..${'aaaaaaaacases'.padEnd(60, 'u')}`
const { pkcs8Pem, spkiDerBase64, fingerprint } = keys.keys.rsa2048
/** A throw-away key, as the credential of every gateway here. */
export const IDENTITY = {
  OCI_CLI_TENANCY: TENANCY,
  OCI_CLI_USER: USER,
  OCI_CLI_FINGERPRINT: fingerprint,
  OCI_CLI_KEY_CONTENT: pkcs8Pem,
  OCI_CLI_REGION: 'us-chicago-1',
}

/** One of OCI's own keys, which only its OpenAI endpoint takes. */
const BEARER_KEY = 'sk-simulator'
/** Variables that make it the credential, over those of `IDENTITY`. */
export const BEARER = {
  OCI_AUTH: 'genai_api_key',
  OCI_GENAI_API_KEY: BEARER_KEY,
  OCI_REGION: 'us-chicago-1',
}

/** Opens a gateway with a memory of its own; `calls` and `lines` grow as it works. */
export async function openTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { env, config, upstream, now } = options
  const calls: UpstreamCall[] = []
  const lines: string[] = []
  const simulator = createSimulator({
    publicKeys: await publicKeys(),
    bearerKeys: new Set([BEARER_KEY]),
    eventDelay: 0,
    ...(now && { now }),
  })
  const { app } = await openGateway({
    env: { ...IDENTITY, GATEWAY_CONFIG: JSON.stringify(configOf(config)), ...env },
    files: undefined,
    write: (line) => lines.push(line),
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
  return { ...clientOf(fetch, calls), fetch, fetchRaw, calls, lines }
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
    return { response, asked: () => askedOf(response, calls.slice(before)) }
  }
  return {
    async ask(body) {
      const { response, asked } = await post(body)
      const text = await response.text()
      if (response.status !== 200) throw new Error(`status ${response.status}: ${text}`)
      return { ...asked(), reply: JSON.parse(text) }
    },
    async stream(body) {
      const { response, asked } = await post({ ...body, stream: true })
      if (response.status !== 200) {
        throw new Error(`status ${response.status}: ${await response.text()}`)
      }
      const folded = await readStream(response, body)
      return { ...asked(), ...folded }
    },
    async fail(body, headers) {
      const { response, asked } = await post(body, headers)
      const text = await response.text()
      if (response.status < 400) throw new Error(`status ${response.status}: ${text}`)
      return { ...asked(), ...JSON.parse(text) }
    },
  }
}

function askedOf({ status, headers }: Response, calls: UpstreamCall[]): Asked {
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
  // The gateway sends bytes, and nothing but JSON.
  const body = (init.body ?? undefined) as Uint8Array<ArrayBuffer> | undefined
  return {
    method: init.method ?? 'GET',
    url: new URL(url),
    headers: new Headers(init.headers),
    body: body ?? new Uint8Array(),
    json: body ? JSON.parse(new TextDecoder().decode(body)) : {},
    // Every call of the gateway's bears one.
    signal: init.signal as AbortSignal,
    redirect: init.redirect,
  }
}

function configOf({ timeouts, retry, ...config }: Record<string, unknown> = {}): object {
  return {
    timeouts: { usageGraceSeconds: 0.05, streamStartSeconds: 1, ...Object(timeouts) },
    retry: { initialDelaySeconds: 0.001, ...Object(retry) },
    ...config,
  }
}

async function publicKeys(): Promise<ReadonlyMap<string, CryptoKey>> {
  const der = Uint8Array.from(atob(spkiDerBase64), (character) => character.charCodeAt(0))
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('spki', der, algorithm, true, ['verify'])
  return new Map([[`${TENANCY}/${USER}/${fingerprint}`, key]])
}
