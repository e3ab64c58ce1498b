import type { Tool } from '../../../chat/model.ts'
import type { ToolNames } from './tool-names.ts'

/** Returns the first tool of each name. */
export function distinctTools(tools: readonly Tool[]): readonly Tool[] {
  return split(tools).first
}

/** Returns a warning for each tool that is omitted because an earlier one has the same name. */
export function warnAboutRepeatedTools(
  tools: readonly Tool[],
  names: Pick<ToolNames, 'encode'>,
): readonly string[] {
  return split(tools).repeated.map(({ name }) =>
    `tools: duplicate "${names.encode(name)}" left out`
  )
}

function split(tools: readonly Tool[]): { first: readonly Tool[]; repeated: readonly Tool[] } {
  if (tools.length === 0) return { first: tools, repeated: tools }
  const seen = new Set<string>()
  const { first = [], repeated = [] } = Object.groupBy(tools, ({ name }) => {
    if (seen.has(name)) return 'repeated'
    seen.add(name)
    return 'first'
  })
  return { first, repeated }
}
