/** The names by which a request or a list names a model. */
export interface ModelNames {
  /** The name in the request, or the id in the list. */
  requested: string
  /** OCI's name or OCID of the model that it stands for. */
  model: string
  /** OCI's name of an OCID, if it is known. */
  name?: string | undefined
}

/**
 * Whether patterns allow a model: a pattern must match OCI's name or OCID, or be the requested alias
 * itself. A pattern with `*` matches no alias, because an alias of any name may stand for any model.
 */
export function isModelAllowed(
  patterns: readonly string[],
  { requested, model, name }: ModelNames,
): boolean {
  if (patterns.length === 0) return true
  return patterns.some((pattern) =>
    pattern === requested || matches(pattern, model) ||
    (name !== undefined && matches(pattern, name))
  )
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
