/** Whose words a path speaks: Anthropic's has its own errors and its own name for the request's id. */
export function dialectOf(path: string): 'anthropic' | 'openai' {
  return /^(?:\/v1)*\/messages(?:\/|$)/.test(path) ? 'anthropic' : 'openai'
}
