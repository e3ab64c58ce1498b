/** A route's path as documents show it: `/files/:id` as `/files/{id}`, without a parameter's pattern. */
export function documentedPath(path: string): string {
  return path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')
}
