import { readAuthorization, type SignatureParameters } from './authorization.ts'
import type { ServiceError } from './service-error.ts'

/** A request as it arrived, its body read to the end. */
export interface SignedRequest {
  method: string
  url: URL
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

/** Five minutes, in milliseconds: how far a signed date may be from our clock. */
const ALLOWED_SKEW = 300_000
const INCOMPLETE =
  'The required information to complete authentication was not provided or was incorrect.'
const UNVERIFIED = 'Failed to verify the HTTP(S) Signature'

/** Who sent a request. */
export interface Caller {
  /** `tenancy/user/fingerprint`, or what stands for it when a token was shown. */
  keyId: string
}

/** A caller with the key to check the signature with. */
export interface KnownCaller extends Caller {
  key: CryptoKey
}

/** Finds out whose `keyId` it is; a text says why nobody's. */
export type FindKey = (keyId: string, request: SignedRequest) => Promise<KnownCaller | string>

/** What a signature has to cover, beside the request target and the body. */
export interface Coverage {
  /** One of these. */
  dates: readonly string[]
  host: boolean
}

const ANY_DATE: Coverage = { dates: ['x-date', 'date'], host: true }

/** Finds those whose public keys are known beforehand. */
export function publicKeyFinder(publicKeys: ReadonlyMap<string, CryptoKey>): FindKey {
  return (keyId) => {
    const key = publicKeys.get(keyId)
    return Promise.resolve(key ? { keyId, key } : `unknown keyId "${keyId}"`)
  }
}

/** Checks a request's HTTP signature as OCI does, and tells who sent it. */
export async function verifySignature(
  request: SignedRequest,
  findKey: FindKey,
  now: number,
  coverage = ANY_DATE,
): Promise<Caller | ServiceError> {
  const header = request.headers.get('authorization')
  if (header === null) return unauthenticated(INCOMPLETE, 'no Authorization header')
  const parameters = readAuthorization(header)
  if (!parameters) return unauthenticated(INCOMPLETE, 'malformed Authorization header')
  const problem = checkParameters(parameters, request.method, coverage)
  if (problem) return unauthenticated(INCOMPLETE, problem)
  const values = parameters.headers.map((name) => [name, valueOf(name, request)] as const)
  const absent = values.find(([, value]) => value === undefined)
  if (absent) return unauthenticated(INCOMPLETE, `signed header "${absent[0]}" is absent`)
  const late = checkDate(new Map(values), now, coverage)
  if (late) return late
  const known = await findKey(parameters.keyId, request)
  if (typeof known === 'string') return unauthenticated(INCOMPLETE, known)
  const broken = await checkBody(request)
  if (broken) return unauthenticated(UNVERIFIED, broken)
  const text = values.map(([name, value]) => `${name}: ${value}`).join('\n')
  const valid = await crypto.subtle.verify(
    'RSASSA-PKCS1-v1_5',
    known.key,
    parameters.signature,
    new TextEncoder().encode(text),
  )
  return valid ? { keyId: known.keyId } : unauthenticated(UNVERIFIED, 'wrong signature')
}

/** OCI's one answer to everything that is wrong with a credential. */
export function notAuthenticated(reason: string): ServiceError {
  return unauthenticated(INCOMPLETE, reason)
}

function unauthenticated(message: string, reason: string): ServiceError {
  return { status: 401, code: 'NotAuthenticated', message, reason }
}

function checkParameters(
  parameters: SignatureParameters,
  method: string,
  { dates, host }: Coverage,
): string | undefined {
  const { version, algorithm, headers } = parameters
  if (version !== '1') return `unknown version "${version}"`
  if (algorithm !== 'rsa-sha256') return `unknown algorithm "${algorithm}"`
  if (!dates.some((name) => headers.includes(name))) return 'date is not signed'
  const unsigned = requiredHeaders(method, host).find((name) => !headers.includes(name))
  return unsigned === undefined ? undefined : `${unsigned} is not signed`
}

function requiredHeaders(method: string, host: boolean): readonly string[] {
  const always = ['(request-target)', ...(host ? ['host'] : [])]
  if (!carriesBody(method)) return always
  return [...always, 'content-length', 'content-type', 'x-content-sha256']
}

function carriesBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
}

/** In process nobody writes `host` and `content-length`: then they are what the wire would carry. */
function valueOf(name: string, request: SignedRequest): string | undefined {
  const { method, url, headers, body } = request
  if (name === '(request-target)') return `${method.toLowerCase()} ${url.pathname}${url.search}`
  if (!/^[a-z0-9-]+$/.test(name)) return undefined
  const sent = headers.get(name)
  if (sent !== null) return sent
  if (name === 'host') return url.host
  return name === 'content-length' ? String(body.byteLength) : undefined
}

function checkDate(
  values: ReadonlyMap<string, string | undefined>,
  now: number,
  { dates }: Coverage,
): ServiceError | undefined {
  const date = dates.map((name) => values.get(name)).find((value) => value !== undefined) ?? ''
  const time = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(date) ? Date.parse(date) : NaN
  if (Number.isNaN(time)) return unauthenticated(INCOMPLETE, `malformed date "${date}"`)
  if (Math.abs(time - now) <= ALLOWED_SKEW) return undefined
  const range = `['${utc(now - ALLOWED_SKEW)}', '${utc(now + ALLOWED_SKEW)}']`
  return unauthenticated(
    `Date '${utc(time)}' is not within allowed clock skew. ` +
      `Current '${utc(now)}', valid datetime range: ${range}`,
    'clock skew',
  )
}

function utc(time: number): string {
  return new Date(time).toUTCString().replace('GMT', 'UTC')
}

async function checkBody({ method, headers, body }: SignedRequest): Promise<string | undefined> {
  if (!carriesBody(method)) return undefined
  const length = headers.get('content-length')
  if (length !== null && length !== String(body.byteLength)) return 'wrong content-length'
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  const expected = btoa(String.fromCharCode(...hash))
  return headers.get('x-content-sha256') === expected ? undefined : 'wrong x-content-sha256'
}
