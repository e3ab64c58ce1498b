import type { Tool } from '../../../chat/model.ts'
import type { ToolNames } from './tool-names.ts'

/** The first tool of each name. */
export function distinctTools(tools: readonly Tool[]): readonly Tool[] {
  return split(tools).first
}

/** A warning for each tool that was left out because another bears its name. */
export function warnAboutRepeatedTools(
  tools: readonly Tool[],
  names: Pick<ToolNames, 'encode'>,
): readonly string[] {
  return split(tools).repeated.map(({ name }) => `tools: a second "${names.encode(name)}" left out`)
}

function split(tools: readonly Tool[]): { first: readonly Tool[]; repeated: readonly Tool[] } {
  const seen = new Set<string>()
  const { first = [], repeated = [] } = Object.groupBy(tools, ({ name }) => {
    if (seen.has(name)) return 'repeated'
    seen.add(name)
    return 'first'
  })
  return { first, repeated }
}
