import { createSimulator, type SimulatorOptions } from '../../src/simulator/app.ts'
import type { ReceivedRequest } from '../../src/simulator/exchange.ts'
import { createDemoIdentity, type DemoIdentity } from '../../src/simulator/identity.ts'
import type { ServiceError } from '../../src/simulator/service-error.ts'
import './reuse-keys.ts'

/** A request, whose signature a test may change. */
export interface Call {
  method?: string
  path?: string
  body?: unknown
  /** Headers that override those of the signature. */
  headers?: Record<string, string>
  /** The names to sign, in order. */
  signed?: readonly string[]
  /** Parameters that override those of the Authorization header. */
  parameters?: Record<string, string>
  date?: number
  /** The signer. Default: the caller's API key. */
  signer?: Signer
  signal?: AbortSignal
}

/** A name and a key to sign with. */
export interface Signer {
  keyId: string
  key: CryptoKey
}

/** A caller that the simulator accepts. */
export interface Caller {
  identity: DemoIdentity
  fetch(request: Request): Promise<Response>
  seen: ReceivedRequest[]
  errors: ServiceError[]
  send(call: Call): Promise<Response>
  /** Sends a GENERIC chat request. */
  chat(model: string, chatRequest: object, signal?: AbortSignal): Promise<Response>
}

/** 2026-11-22T12:00:00Z, the simulator's clock and the caller's. */
export const NOW = Date.UTC(2026, 10, 22, 12)
export const COMPARTMENT = 'ocid1.compartment.oc1..aaaaaaaatest'
const HOST = 'http://127.0.0.1:4010'

/** Creates a caller with a new key and a simulator without delays that accepts it. */
export async function createCaller(options: Partial<SimulatorOptions> = {}): Promise<Caller> {
  const identity = await createDemoIdentity()
  const key = await importKey(identity.privateKey)
  const seen: ReceivedRequest[] = []
  const errors: ServiceError[] = []
  const simulator = createSimulator({
    publicKeys: identity.publicKeys,
    now: () => NOW,
    eventDelay: 0,
    onRequest: (request) => seen.push(request),
    onError: (refusal) => errors.push(refusal),
    ...options,
  })
  const self = { keyId: identity.keyId, key }
  const send = async (call: Call) => await simulator.fetch(await sign(call, call.signer ?? self))
  return {
    identity,
    fetch: simulator.fetch,
    seen,
    errors,
    send,
    chat: (model, chatRequest, signal) =>
      send({ ...(signal ? { signal } : {}), body: chatBody(model, chatRequest) }),
  }
}

/** The body of a GENERIC chat request, on demand. */
export function chatBody(model: string, chatRequest: object): object {
  return {
    compartmentId: COMPARTMENT,
    servingMode: { servingType: 'ON_DEMAND', modelId: model },
    chatRequest: { apiFormat: 'GENERIC', ...chatRequest },
  }
}

/** A message with one text. */
export function message(role: string, text: string): object {
  return { role, content: [{ type: 'TEXT', text }] }
}

/** The payloads of a stream's `data:` lines, parsed where they are JSON. */
export async function readEvents(response: Response): Promise<unknown[]> {
  const text = await response.text()
  return text.split(/\r\n|\r|\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trim())
    .map((data) => data.startsWith('{') ? JSON.parse(data) : data)
}

async function sign(call: Call, { keyId, key }: Signer): Promise<Request> {
  const { method = 'POST', path = '/20231130/actions/chat' } = call
  const url = new URL(path, HOST)
  const body = method === 'POST' ? new TextEncoder().encode(textOf(call.body)) : undefined
  const headers = new Headers({ ...await headersOf(body, call.date ?? NOW), ...call.headers })
  const names = call.signed ?? [
    ...['x-date', '(request-target)', 'host'],
    ...(body ? ['content-length', 'content-type', 'x-content-sha256'] : []),
  ]
  const values = new Map([
    ...headers,
    ['host', headers.get('host') ?? url.host],
    ['(request-target)', `${method.toLowerCase()} ${url.pathname}${url.search}`],
  ])
  const text = names.map((name) => `${name}: ${values.get(name) ?? ''}`).join('\n')
  const bytes = new TextEncoder().encode(text)
  const signature = toBase64(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, bytes))
  const parameters = {
    ...{ version: '1', keyId, algorithm: 'rsa-sha256', headers: names.join(' '), signature },
    ...call.parameters,
  }
  const list = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`)
  if (!headers.has('authorization')) headers.set('authorization', `Signature ${list.join(',')}`)
  headers.delete('content-length')
  return new Request(url, {
    method,
    headers,
    ...(body ? { body } : {}),
    ...(call.signal ? { signal: call.signal } : {}),
  })
}

async function headersOf(body: Uint8Array<ArrayBuffer> | undefined, date: number) {
  const always = { 'x-date': new Date(date).toUTCString() }
  if (!body) return always
  return {
    ...always,
    'content-type': 'application/json',
    'content-length': String(body.byteLength),
    'x-content-sha256': toBase64(await crypto.subtle.digest('SHA-256', body)),
  }
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body ?? {})
}

/** Encodes bytes as base64 without line breaks. */
export function toBase64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
}

/** The private key of an identity. */
export async function importKey(pem: string): Promise<CryptoKey> {
  const base64 = pem.replaceAll(/-----[^-]+-----|\s/g, '')
  const der = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  return await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
}
