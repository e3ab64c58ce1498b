import { readAuthorization, type SignatureParameters } from './authorization.ts'
import type { ServiceError } from './service-error.ts'

/** A request with its whole body. */
export interface SignedRequest {
  method: string
  url: URL
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

/** The maximum difference of a signed date from the clock: five minutes in milliseconds. */
const ALLOWED_SKEW = 300_000
const INCOMPLETE =
  'The required information to complete authentication was not provided or was incorrect.'
const UNVERIFIED = 'Failed to verify the HTTP(S) Signature'

/** The authenticated caller. */
export interface Caller {
  /** `tenancy/user/fingerprint`, or `tenancy/subject/token` for a token. */
  keyId: string
}

/** A caller and the key that verifies the signature. */
export interface KnownCaller extends Caller {
  key: CryptoKey
}

/** Finds the caller of a `keyId`; a string is the reason why there is none. */
export type FindKey = (keyId: string, request: SignedRequest) => Promise<KnownCaller | string>

/** The headers that have to be signed, in addition to the request target and the body. */
export interface Coverage {
  /** At least one of these has to be signed. */
  dates: readonly string[]
  host: boolean
}

const ANY_DATE: Coverage = { dates: ['x-date', 'date'], host: true }

/** Finds the callers with registered public keys. */
export function publicKeyFinder(publicKeys: ReadonlyMap<string, CryptoKey>): FindKey {
  return (keyId) => {
    const key = publicKeys.get(keyId)
    return Promise.resolve(key ? { keyId, key } : `unknown keyId "${keyId}"`)
  }
}

/** Verifies a request's HTTP signature as OCI does and returns the caller. */
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
  const missing = values.find(([, value]) => value === undefined)
  if (missing) return unauthenticated(INCOMPLETE, `signed header "${missing[0]}" is missing`)
  const dateError = checkDate(new Map(values), now, coverage)
  if (dateError) return dateError
  const known = await findKey(parameters.keyId, request)
  if (typeof known === 'string') return unauthenticated(INCOMPLETE, known)
  const bodyProblem = await checkBody(request)
  if (bodyProblem) return unauthenticated(UNVERIFIED, bodyProblem)
  const text = values.map(([name, value]) => `${name}: ${value}`).join('\n')
  const valid = await crypto.subtle.verify(
    'RSASSA-PKCS1-v1_5',
    known.key,
    parameters.signature,
    new TextEncoder().encode(text),
  )
  return valid ? { keyId: known.keyId } : unauthenticated(UNVERIFIED, 'wrong signature')
}

/** OCI's one error for all problems of a credential. */
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

/** In-process requests lack `host` and `content-length`; their values follow from URL and body. */
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
