import { ApiError } from '../../errors.ts'
import type { Credential, SignableRequest } from './credential.ts'
import { type Bytes, encodeBase64, hashBytes } from './bytes.ts'
import {
  httpDate,
  signedFields,
  signedNames,
  type SignedValues,
  signingString,
} from './signing-string.ts'
import { prepareTarget } from './target.ts'

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
const encoder = new TextEncoder()

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
    const values = await valuesOf(request, options)
    const fields = signedFields(values)
    const bytes = encoder.encode(signingString(fields))
    const signing = crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, bytes)
    request.onBegin?.()
    const signature = await signing
    const { content, oboToken } = values
    return {
      authorization: authorization(keyId, signedNames(fields), new Uint8Array(signature)),
      [values.dateHeader]: values.date,
      ...(oboToken === undefined ? {} : { 'opc-obo-token': oboToken }),
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

async function valuesOf(request: SignableRequest, options: SigningOptions): Promise<SignedValues> {
  const { method, url } = request
  const known = METHODS.get(method)
  if (known === undefined) {
    throw new ApiError('internal_error', `Cannot sign a "${method}" request: unsupported method`)
  }
  prepareTarget(url)
  return {
    dateHeader: options.dateHeader ?? 'x-date',
    date: httpDate(request.date),
    method,
    url,
    oboToken: options.oboToken?.trim(),
    content: known.hasBody ? await contentOf(request) : undefined,
  }
}

/** Size in bytes from which a body is hashed on another thread. Below it, the switch costs more. */
const MAX_SYNCHRONOUS = 256 * 1024

async function contentOf(
  { body = NO_BYTES, content, contentType = 'application/json', sha256 }: SignableRequest,
) {
  if (content) return { type: contentType.trim(), ...content }
  const isSmall = body.length <= MAX_SYNCHRONOUS
  return {
    type: contentType.trim(),
    length: body.length,
    sha256: isSmall && sha256 ? sha256(body) : encodeBase64(await hashBytes('SHA-256', body)),
  }
}
