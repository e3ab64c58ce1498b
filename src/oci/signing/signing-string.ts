/** One line of the signing string: a header's lower-case name, or `(request-target)`, and its value. */
export type SignedField = readonly [name: string, value: string]

/** The values that OCI's signature covers; the URL is told apart only by path, query and host. */
export interface SignedValues {
  /** OCI takes either. `x-date` passes browsers and proxies; the auth service wants `date`. */
  dateHeader: 'x-date' | 'date'
  /** As HTTP writes it. */
  date: string
  method: string
  url: URL
  /** The token of the user on whose behalf an instance acts. */
  oboToken?: string | undefined
  /** What stands for the body, where the method has one. */
  content?: { type: string; length: number; sha256: string } | undefined
}

/**
 * The fields to sign, in the order of Oracle's TypeScript SDK. OCI reads the order from the
 * `headers` parameter, so any would do; this one makes signatures comparable.
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

/** The text that is signed: one line for each field, no newline at the end. */
export function signingString(fields: readonly SignedField[]): string {
  return fields.map(([name, value]) => `${name}: ${value}`).join('\n')
}

/** The `headers` parameter of the authorization: the names in the order they were signed. */
export function signedNames(fields: readonly SignedField[]): string {
  return fields.map(([name]) => name).join(' ')
}

function contentFields(content: NonNullable<SignedValues['content']>): SignedField[] {
  return [
    ['content-type', content.type],
    ['content-length', String(content.length)],
    ['x-content-sha256', content.sha256],
  ]
}
