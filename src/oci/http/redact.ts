/** Removes from a text what must not come back from OCI, or from a proxy before it. */
export type Redact = (text: string) => string

/** Stands where a secret was. */
const REDACTED = '[redacted]'

/** Headers whose values are credentials; `security-context` is a resource principal's. */
const SECRET_HEADERS = ['authorization', 'opc-obo-token', 'security-context', 'x-api-key']

/** Shorter values are words that also occur by chance. */
const SHORTEST_SECRET = 8

/** An error that quotes only the beginning of a token still gives away this much of it. */
const PREFIX_LENGTH = 16

/** The headers that each answer's request was sent with, for errors that come inside the answer. */
const sentWith = new WeakMap<Response, Readonly<Record<string, string>>>()

/** Notes what a request was sent with. Costs nothing unless its answer turns out to be an error. */
export function rememberSent(response: Response, headers: Readonly<Record<string, string>>): void {
  sentWith.set(response, headers)
}

/** Redacts what the request of an answer was sent with. */
export function redactorOf(response: Response): Redact {
  return (text) => redactorFor(sentWith.get(response) ?? {})(text)
}

/** Redacts the credentials in headers, and in a body the values of its JSON or form members. */
export function redactorFor(headers: Readonly<Record<string, string>>, body = ''): Redact {
  const secrets = [...new Set([...secretsInHeaders(headers), ...valuesOf(body)])]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length)
  return (text) => secrets.reduce(redactSecret, text)
}

function secretsInHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => SECRET_HEADERS.includes(name.toLowerCase()))
    .flatMap(([, value]) => [value, ...partsOf(value)])
}

/** The parts of an authorization that are secrets on their own. */
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

/** OCIDs and fingerprints, not words such as `resource`. */
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

/** Key ids are made of OCIDs, whose beginnings say nothing. */
function isToken(secret: string): boolean {
  return secret.length > 2 * PREFIX_LENGTH && /^(ST\$)?[\w+/=.~-]+$/.test(secret) &&
    !secret.startsWith('ocid1.')
}

/** Redacts the longest beginning of `secret` wherever it occurs. */
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
