import { ApiError } from '../../errors.ts'
import type { Credential, SignableRequest } from './credential.ts'
import { type Bytes, encodeBase64, encodeUtf8, hashBytes } from './bytes.ts'
import {
  httpDate,
  signedFields,
  signedNames,
  type SignedValues,
  signingString,
} from './signing-string.ts'
import { prepareTarget, type SignedTarget } from './target.ts'

/** A private key and the key id under which OCI knows it. They always change together. */
export interface SigningIdentity {
  /** `tenancy/user/fingerprint`, or `ST$` and a token. */
  keyId: string
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  key: CryptoKey
}

/** Options for requests that deviate from the default signature. */
export interface SigningOptions {
  /** Defaults to `x-date`. */
  dateHeader?: 'x-date' | 'date'
  /** A delegation token, sent and signed as `opc-obo-token`. */
  oboToken?: string
}

const METHODS = new Map([
  ['GET', { hasBody: false }],
  ['DELETE', { hasBody: false }],
  ['POST', { hasBody: true }],
])
const NO_BYTES: Bytes = new Uint8Array()
/**
 * Creates a credential that signs each request with this key and returns the headers to add.
 * `host` and `content-length` are signed as well, but the runtime sends them.
 */
export function requestSigner(
  { keyId, key }: SigningIdentity,
  options: SigningOptions = {},
): Credential {
  checkKeyId(keyId)
  return async function signRequest(request) {
    const isWithBody = hasBody(request)
    const target = prepareTarget(request.url)
    const hashing = isWithBody ? contentOf(request) : undefined
    const content = hashing instanceof Promise ? await hashing : hashing
    const values = valuesOf(request, target, options, content)
    const fields = signedFields(values)
    const { encodeText = encodeUtf8 } = request
    const bytes = encodeText(signingString(fields))
    const signing = crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, bytes)
    request.onBegin?.()
    const signature = await signing
    return {
      authorization: authorization(keyId, signedNames(fields), new Uint8Array(signature)),
      [values.dateHeader]: values.date,
      ...(values.oboToken !== undefined && { 'opc-obo-token': values.oboToken }),
      ...(content && { 'content-type': content.type, 'x-content-sha256': content.sha256 }),
    }
  }
}

/** The value of the Authorization header. The format has no escapes, so `checkKeyId` runs first. */
function authorization(keyId: string, names: string, signature: Uint8Array): string {
  return `Signature version="1",keyId="${keyId}",algorithm="rsa-sha256",headers="${names}",` +
    `signature="${encodeBase64(signature)}"`
}

function checkKeyId(keyId: string): void {
  // deno-lint-ignore no-control-regex
  if (keyId !== '' && !/["\x00-\x20\x7f-\uffff]/.test(keyId)) return
  const state = 'it is empty or contains a quote, a space, a control or a non-ASCII character'
  throw new ApiError('configuration_error', `Cannot use the key id: ${state}`, {
    reason: 'bad_key_id',
  })
}

function valuesOf(
  { method, date }: SignableRequest,
  url: SignedTarget,
  { dateHeader = 'x-date', oboToken }: SigningOptions,
  content: SignedContent | undefined,
): SignedValues {
  return { dateHeader, date: httpDate(date), method, url, oboToken: oboToken?.trim(), content }
}

/** Whether a request is signed with its body. Throws for a method that is not signed. */
function hasBody({ method }: SignableRequest): boolean {
  const known = METHODS.get(method)
  if (known !== undefined) return known.hasBody
  throw new ApiError('internal_error', `Cannot sign a "${method}" request: unsupported method`)
}

type SignedContent = NonNullable<SignedValues['content']>

/** Size in bytes from which a body is hashed on another thread. Below it, the switch costs more. */
const MAX_SYNCHRONOUS = 256 * 1024

function contentOf(
  { body = NO_BYTES, content, contentType = 'application/json', sha256 }: SignableRequest,
): SignedContent | Promise<SignedContent> {
  const type = contentType.trim()
  if (content) return { type, ...content }
  const { length } = body
  return sha256 && length <= MAX_SYNCHRONOUS
    ? { type, length, sha256: sha256(body) }
    : hashBytes('SHA-256', body).then((hash) => ({ type, length, sha256: encodeBase64(hash) }))
}
