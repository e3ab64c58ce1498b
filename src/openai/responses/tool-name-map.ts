import type { BuiltInType } from './built-in-tools.ts'

/** A tool as the client defines it. A tool with a type of its own has the type as its name. */
export interface ClientTool {
  type: 'function' | 'custom' | BuiltInType
  name: string
  /** The namespace that contains the tool. */
  namespace: string | undefined
}

/** Maps the tools of a request to the names under which the model knows them. */
export interface ToolNameMap {
  /** Adds a tool that is offered and returns its unique name. */
  add(tool: ClientTool): string
  /** Returns the model's name of a tool, offered or not. */
  decode(tool: ClientTool): string
  /** Returns the tool of a model's name. An unknown name becomes a function with this name. */
  encode(name: string): ClientTool
}

/** Creates an empty map. */
export function createToolNameMap(): ToolNameMap {
  const names = new NameTable()
  const tools = new Map<string, ClientTool>()
  const counts = new Map<string, number>()

  /** Remembers the last suffix of each name: searching from 1 each time would be quadratic. */
  const freeName = (name: string): string => {
    for (let count = (counts.get(name) ?? 0) + 1;; count++) {
      const candidate = count === 1 ? name : `${name}_${count}`
      if (tools.has(candidate)) continue
      counts.set(name, count)
      return candidate
    }
  }
  return {
    add(tool) {
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

/** Names by tool, in nested maps: one combined key would copy the namespace for each of its tools. */
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

/** Maximum length of the namespace in a tool's name. Models accept 64 characters for the whole name. */
const MAX_NAMESPACE_LENGTH = 64

/** Namespaces such as `mcp__files__` already end with the separator. */
function flatName({ name, namespace }: ClientTool): string {
  if (namespace === undefined) return name
  return `${withoutTrailingUnderscores(namespace.slice(0, MAX_NAMESPACE_LENGTH))}__${name}`
}

/** Not `/_+$/`, which is quadratic in a run of underscores before another character. */
function withoutTrailingUnderscores(text: string): string {
  let end = text.length
  while (text[end - 1] === '_') end--
  return text.slice(0, end)
}
