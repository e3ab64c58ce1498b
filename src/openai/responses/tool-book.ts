/** A tool as the client knows it. */
export interface ClientTool {
  type: 'function' | 'custom'
  name: string
  /** The group it stands in. */
  namespace: string | undefined
}

/** The tools of a request by the one name under which the model knows each of them. */
export interface ToolBook {
  /** Enters a tool that is offered, and gives the name it gets: that of no other tool. */
  enter(tool: ClientTool): string
  /** The name of a tool that is spoken of, offered or not. */
  decode(tool: ClientTool): string
  /** The tool the model means by a name; one it made up is a function so called. */
  encode(name: string): ClientTool
}

/** Makes an empty book. */
export function createToolBook(): ToolBook {
  const names = new Map<string, string>()
  const tools = new Map<string, ClientTool>()
  return {
    enter(tool) {
      const known = names.get(keyOf(tool))
      if (known !== undefined) return known
      const name = freeName(flatName(tool), tools)
      names.set(keyOf(tool), name)
      tools.set(name, tool)
      return name
    },
    decode: (tool) => names.get(keyOf(tool)) ?? flatName(tool),
    encode: (name) => tools.get(name) ?? { type: 'function', name, namespace: undefined },
  }
}

function keyOf({ type, name, namespace }: ClientTool): string {
  return JSON.stringify([type, namespace ?? null, name])
}

/** Groups such as `mcp__files__` bring the dashes along. */
function flatName({ name, namespace }: ClientTool): string {
  return namespace === undefined ? name : `${namespace.replace(/_+$/, '')}__${name}`
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  for (let count = 1;; count++) {
    const candidate = count === 1 ? name : `${name}_${count}`
    if (!taken.has(candidate)) return candidate
  }
}
