/** The API of a path: Anthropic's has its own error format and request id header. */
export function dialectOf(path: string): 'anthropic' | 'openai' {
  return /^(?:\/v1)*\/messages(?:\/|$)/.test(path) ? 'anthropic' : 'openai'
}
