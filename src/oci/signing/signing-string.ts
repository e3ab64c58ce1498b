import type { SignedTarget } from './target.ts'

/** One line of the signing string: a header's lower-case name, or `(request-target)`, and its value. */
export type SignedField = readonly [name: string, value: string]

/** The values that OCI's signature covers. Of the URL these are host, path and query. */
export interface SignedValues {
  /** OCI accepts both. `x-date` passes browsers and proxies; the auth service expects `date`. */
  dateHeader: 'x-date' | 'date'
  /** As an HTTP date. */
  date: string
  method: string
  url: SignedTarget
  /** The delegation token of the user for whom an instance acts. */
  oboToken?: string | undefined
  /** The headers that describe the body, for methods with a body. */
  content?: { type: string; length: number; sha256: string } | undefined
}

/**
 * Returns the fields to sign, in the order of Oracle's TypeScript SDK. OCI accepts any order, as
 * the `headers` parameter states it; this one makes signatures comparable with the SDK's.
 */
export function signedFields(values: SignedValues): SignedField[] {
  const { url, oboToken, content } = values
  const target = `${values.method.toLowerCase()} ${url.pathname}${url.search}`
  return [
    [values.dateHeader, values.date],
    ['(request-target)', target],
    ['host', url.host],
    ...(oboToken === undefined ? [] : [['opc-obo-token', oboToken] as const]),
    ...(content === undefined ? [] : contentFields(content)),
  ]
}

/** The text to sign: one line for each field, without a newline at the end. */
export function signingString(fields: readonly SignedField[]): string {
  return fields.map(([name, value]) => `${name}: ${value}`).join('\n')
}

/** The `headers` parameter of the Authorization header: the names in signing order. */
export function signedNames(fields: readonly SignedField[]): string {
  return fields.map(([name]) => name).join(' ')
}

let latest = { second: Number.NaN, text: '' }

/**
 * Formats milliseconds since the epoch as an HTTP date: `Tue, 14 Jul 2026 09:26:53 GMT`. HTTP dates
 * have no fractions, so all requests within one second share one text.
 */
export function httpDate(time: number): string {
  const second = Math.floor(time / 1000)
  if (second !== latest.second) latest = { second, text: new Date(time).toUTCString() }
  return latest.text
}

function contentFields(content: NonNullable<SignedValues['content']>): SignedField[] {
  return [
    ['content-type', content.type],
    ['content-length', String(content.length)],
    ['x-content-sha256', content.sha256],
  ]
}
