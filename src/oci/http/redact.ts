import type { UpstreamResponse } from '../../platform.ts'
import { sentHeaders } from './sent-request.ts'

/** Removes credentials from a text that OCI, or a proxy before it, has answered. */
export type Redact = (text: string) => string

/** Replaces a secret. */
const REDACTED = '[redacted]'

/** Headers whose values are credentials; resource principals send `security-context`. */
const SECRET_HEADERS = ['authorization', 'opc-obo-token', 'security-context', 'x-api-key']

/** Shorter values may be ordinary words. */
const MIN_SECRET_LENGTH = 8

/** Length of a token's beginning that is also redacted, since errors may quote only a part. */
const PREFIX_LENGTH = 16

/** Creates a function that redacts the credentials of the request behind an answer. */
export function redactorOf(response: UpstreamResponse): Redact {
  return (text) => redactorFor(sentHeaders(response))(text)
}

/** Creates a function that redacts credentials in headers, and all values of a JSON or form body. */
export function redactorFor(headers: Readonly<Record<string, string>>, body = ''): Redact {
  const secrets = [...new Set([...secretsInHeaders(headers), ...valuesOf(body)])]
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .sort((one, other) => other.length - one.length)
  return (text) => secrets.reduce(redactSecret, text)
}

function secretsInHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => SECRET_HEADERS.includes(name.toLowerCase()))
    .flatMap(([, value]) => [value, ...partsOf(value)])
}

/** Splits an authorization into the parts that are secrets. */
function partsOf(authorization: string): string[] {
  const [, scheme = '', credentials = ''] = /^(\w+) +(.+)$/.exec(authorization) ?? []
  switch (scheme.toLowerCase()) {
    case 'signature': {
      const keyId = /keyId="([^"]*)"/.exec(credentials)?.[1] ?? ''
      const signature = /signature="([^"]*)"/.exec(credentials)?.[1] ?? ''
      return [keyId, signature, keyId.replace(/^ST\$/, ''), ...keyId.split('/').filter(isLong)]
    }
    case 'basic':
      return [credentials, ...decodeBasic(credentials).split(':')]
    default:
      return credentials === '' ? [] : [credentials]
  }
}

/** Whether a part of a key id is an OCID or a fingerprint, not a word such as `resource`. */
function isLong(part: string): boolean {
  return part.length >= 20
}

function decodeBasic(credentials: string): string {
  try {
    return atob(credentials)
  } catch {
    return ''
  }
}

function valuesOf(body: string): string[] {
  if (!body.startsWith('{')) return [...new URLSearchParams(body).values()]
  try {
    return Object.values(JSON.parse(body)).filter((value) => typeof value === 'string')
  } catch {
    return []
  }
}

function redactSecret(text: string, secret: string): string {
  const forms = new Set([secret, encodeURIComponent(secret), secret.replaceAll('/', '\\/')])
  const whole = [...forms].reduce((rest, form) => rest.replaceAll(form, REDACTED), text)
  return isToken(secret) ? redactBeginnings(whole, secret) : whole
}

/** Whether beginnings of the secret are secret, too. Those of OCIDs are not. */
function isToken(secret: string): boolean {
  return secret.length > 2 * PREFIX_LENGTH && /^(ST\$)?[\w+/=.~-]+$/.test(secret) &&
    !secret.startsWith('ocid1.')
}

/** Redacts each occurrence of the secret's beginning, as long as it matches. */
function redactBeginnings(text: string, secret: string): string {
  const prefix = secret.slice(0, PREFIX_LENGTH)
  let redacted = ''
  let read = 0
  for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, read)) {
    let length = PREFIX_LENGTH
    while (length < secret.length && text[at + length] === secret[length]) length++
    redacted += text.slice(read, at) + REDACTED
    read = at + length
  }
  return redacted + text.slice(read)
}
