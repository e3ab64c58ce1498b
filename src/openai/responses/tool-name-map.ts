/** A tool as the client knows it. */
export interface ClientTool {
  type: 'function' | 'custom'
  name: string
  /** The group it stands in. */
  namespace: string | undefined
}

/** The tools of a request by the one name under which the model knows each of them. */
export interface ToolNameMap {
  /** Enters a tool that is offered, and gives the name it gets: that of no other tool. */
  enter(tool: ClientTool): string
  /** The name of a tool that is spoken of, offered or not. */
  decode(tool: ClientTool): string
  /** The tool the model means by a name; one it made up is a function so called. */
  encode(name: string): ClientTool
}

/** Makes an empty book. */
export function createToolNameMap(): ToolNameMap {
  const names = new NameTable()
  const tools = new Map<string, ClientTool>()
  const counts = new Map<string, number>()

  /** Each name goes on counting where it stopped: from 1 every time would be quadratic. */
  const freeName = (name: string): string => {
    for (let count = (counts.get(name) ?? 0) + 1;; count++) {
      const candidate = count === 1 ? name : `${name}_${count}`
      if (tools.has(candidate)) continue
      counts.set(name, count)
      return candidate
    }
  }
  return {
    enter(tool) {
      const known = names.get(tool)
      if (known !== undefined) return known
      const name = freeName(flatName(tool))
      names.set(tool, name)
      tools.set(name, tool)
      return name
    },
    decode: (tool) => names.get(tool) ?? flatName(tool),
    encode: (name) => tools.get(name) ?? { type: 'function', name, namespace: undefined },
  }
}

/** Names by tool, in levels: a key made of all members would copy a namespace for each of its tools. */
class NameTable {
  readonly #namespaces = new Map<string | undefined, Map<string, Map<string, string>>>()

  get({ type, name, namespace }: ClientTool): string | undefined {
    return this.#namespaces.get(namespace)?.get(type)?.get(name)
  }

  set({ type, name, namespace }: ClientTool, value: string): void {
    const types = this.#namespaces.get(namespace) ?? new Map<string, Map<string, string>>()
    const names = types.get(type) ?? new Map<string, string>()
    this.#namespaces.set(namespace, types.set(type, names.set(name, value)))
  }
}

/** The part of a namespace that goes into a tool's name; models take 64 characters of both. */
const MAX_NAMESPACE_LENGTH = 64

/** Namespaces such as `mcp__files__` end with the separator already. */
function flatName({ name, namespace }: ClientTool): string {
  if (namespace === undefined) return name
  return `${withoutTrailingUnderscores(namespace.slice(0, MAX_NAMESPACE_LENGTH))}__${name}`
}

/** As `/_+$/` would, which is quadratic in a run of underscores before another character. */
function withoutTrailingUnderscores(text: string): string {
  let end = text.length
  while (text[end - 1] === '_') end--
  return text.slice(0, end)
}
