/** The client API of a request, which decides the format of errors. */
export type Dialect = 'anthropic' | 'openai'

/** The parts of a request that show its client API. */
interface RequestLine {
  path: string
  header(name: string): string | undefined
}

/**
 * The client API of a request: Anthropic's has its own error format and request id header. Its
 * clients send `anthropic-version` with every path, of which both APIs have some.
 */
export function dialectOf(request: RequestLine): Dialect {
  if (/^\/+(?:v1\/+)*messages(?:\/|$)/.test(request.path)) return 'anthropic'
  return request.header('anthropic-version') === undefined ? 'openai' : 'anthropic'
}
