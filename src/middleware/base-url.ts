/**
 * The segments of a path after the prefixes that a base URL may have: `/v1`, `/v2`, and those of
 * Azure's clients.
 */
export function segmentsBelowBase(path: string): string[] {
  const rest = path.replace(/^\/openai(?:\/deployments\/[^/]*)?(?=\/)/, '')
  return rest.split('/').filter((segment) => segment !== '' && !/^v[12]$/.test(segment))
}
