/** Files and the files that each imports, or rooms and rooms. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

/** One cycle for each group of nodes that reach each other, as `a → b → a`. */
export function findCycles(graph: ImportGraph): string[] {
  return stronglyConnected(graph).flatMap((group) => {
    const cycle = shortestCycle(graph, group)
    return cycle ? [cycle.join(' → ')] : []
  })
}

interface Visit {
  index: number
  /** The lowest index that is reachable over nodes on the stack. */
  lowest: number
  isOnStack: boolean
}

/** Tarjan's algorithm: the groups of nodes that reach each other, single nodes included. */
function stronglyConnected(graph: ImportGraph): string[][] {
  const visits = new Map<string, Visit>()
  const stack: string[] = []
  const groups: string[][] = []

  function visit(node: string): Visit {
    const own: Visit = { index: visits.size, lowest: visits.size, isOnStack: true }
    visits.set(node, own)
    stack.push(node)
    for (const target of graph.get(node) ?? []) {
      const known = visits.get(target)
      if (!known) own.lowest = Math.min(own.lowest, visit(target).lowest)
      else if (known.isOnStack) own.lowest = Math.min(own.lowest, known.index)
    }
    if (own.lowest === own.index) groups.push(popGroup(node))
    return own
  }

  function popGroup(root: string): string[] {
    const group = stack.splice(stack.indexOf(root))
    for (const node of group) visits.get(node)!.isOnStack = false
    return group
  }

  for (const node of graph.keys()) if (!visits.has(node)) visit(node)
  return groups
}

/** A shortest way from the first node of a group back to itself; `undefined` if there is none. */
function shortestCycle(graph: ImportGraph, group: readonly string[]): string[] | undefined {
  const [start = ''] = group
  const seen = new Set<string>()
  const paths = [[start]]
  for (const path of paths) {
    for (const target of graph.get(path.at(-1)!) ?? []) {
      if (target === start) return [...path, start]
      if (!group.includes(target) || seen.has(target)) continue
      seen.add(target)
      paths.push([...path, target])
    }
  }
  return undefined
}
