import { ApiError } from '../../errors.ts'
import type { Credential, SignableRequest } from './credential.ts'
import { type Bytes, encodeBase64 } from './bytes.ts'
import { httpDate } from './http-date.ts'
import { signedFields, signedNames, type SignedValues, signingString } from './signing-string.ts'
import { prepareTarget } from './target.ts'

/** Who signs: the name OCI knows the key by, and the key. They only ever change together. */
export interface SigningIdentity {
  /** `tenancy/user/fingerprint`, or `ST$` and a token. */
  keyId: string
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  key: CryptoKey
}

/** Departures from the usual signature. */
export interface SigningOptions {
  dateHeader?: 'x-date' | 'date'
  /** Sent and signed as `opc-obo-token`. */
  oboToken?: string
  /** Leaves the body out of the signature, as some uploads to Object Storage want it. */
  excludeBody?: boolean
}

const METHODS = new Map([
  ['GET', { body: false }],
  ['HEAD', { body: false }],
  ['DELETE', { body: false }],
  ['POST', { body: true }],
  ['PUT', { body: true }],
  ['PATCH', { body: true }],
])
const NO_BYTES: Bytes = new Uint8Array()
const encoder = new TextEncoder()

/**
 * A credential that signs each request with this key. It answers with the headers to add; `host`
 * and `content-length` are signed too, but written by the runtime.
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
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, bytes)
    const { content, oboToken } = values
    return {
      authorization: authorization(keyId, signedNames(fields), new Uint8Array(signature)),
      [values.dateHeader]: values.date,
      ...(oboToken === undefined ? {} : { 'opc-obo-token': oboToken }),
      ...(content && { 'content-type': content.type, 'x-content-sha256': content.sha256 }),
    }
  }
}

/** The value of the `Authorization` header. Its parameters are never escaped: check them before. */
export function authorization(keyId: string, names: string, signature: Uint8Array): string {
  return `Signature version="1",keyId="${keyId}",algorithm="rsa-sha256",headers="${names}",` +
    `signature="${encodeBase64(signature)}"`
}

function checkKeyId(keyId: string): void {
  // deno-lint-ignore no-control-regex
  if (keyId !== '' && !/["\x00-\x20\x7f-\uffff]/.test(keyId)) return
  const state = 'it is empty or has a quote, a blank, a control character or a letter beyond ASCII'
  throw new ApiError('configuration_error', `Cannot use the key id: ${state}`, {
    reason: 'bad_key_id',
  })
}

async function valuesOf(request: SignableRequest, options: SigningOptions): Promise<SignedValues> {
  const { method, url } = request
  const known = METHODS.get(method)
  if (known === undefined) {
    throw new ApiError('internal_error', `Cannot sign a "${method}" request: unknown method`)
  }
  prepareTarget(url)
  return {
    dateHeader: options.dateHeader ?? 'x-date',
    date: httpDate(request.date),
    method,
    url,
    oboToken: options.oboToken?.trim(),
    content: known.body && !options.excludeBody ? await contentOf(request) : undefined,
  }
}

async function contentOf({ body = NO_BYTES, contentType = 'application/json' }: SignableRequest) {
  const digest = await crypto.subtle.digest('SHA-256', body)
  return {
    type: contentType.trim(),
    length: body.length,
    sha256: encodeBase64(new Uint8Array(digest)),
  }
}
