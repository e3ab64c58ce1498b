import type { Tool } from '../chat/model.ts'
import type { ToolNames } from './tool-names.ts'

/** The first tool of each name. */
export function distinctTools(tools: readonly Tool[]): readonly Tool[] {
  return tools.filter(isFirst)
}

/** A warning for each tool that was left out because another bears its name. */
export function repeatedTools(
  tools: readonly Tool[],
  names: Pick<ToolNames, 'encode'>,
): readonly string[] {
  return tools
    .filter((tool, index) => !isFirst(tool, index, tools))
    .map(({ name }) => `tools: a second "${names.encode(name)}" left out`)
}

function isFirst({ name }: Tool, index: number, tools: readonly Tool[]): boolean {
  return tools.findIndex((tool) => tool.name === name) === index
}
