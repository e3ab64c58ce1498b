/** A profile in the format of V8's inspector, which Bun writes, too. */
export interface CpuProfile {
  nodes: readonly ProfileNode[]
  samples: readonly number[]
  /** Microseconds before each sample. */
  timeDeltas: readonly number[]
}

interface ProfileNode {
  id: number
  children?: readonly number[]
  callFrame: { functionName: string; url: string; lineNumber: number }
}

/** Lines of each list. */
const LENGTH = 30

/** Lists the functions with most time of their own, and those of the gateway with all that they call. */
export function renderProfile({ nodes, samples, timeDeltas }: CpuProfile): string {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  )
  const own = new Map<string, number>()
  const whole = new Map<string, number>()
  let busy = 0
  for (const [index, id] of samples.entries()) {
    const time = timeDeltas[index] ?? 0
    const names = namesOf(id, byId, parents)
    const [first = ''] = names
    if (first.startsWith('(idle)')) continue
    busy += time
    own.set(first, (own.get(first) ?? 0) + time)
    for (const name of new Set(names)) whole.set(name, (whole.get(name) ?? 0) + time)
  }
  const ours = new Map([...whole].filter(([name]) => name.includes(' src/')))
  return `\nOwn time\n${listOf(own, busy)}\nWith everything that is called\n${listOf(ours, busy)}`
}

/** The function of a sample and its callers. */
function namesOf(
  id: number,
  byId: ReadonlyMap<number, ProfileNode>,
  parents: ReadonlyMap<number, number>,
): readonly string[] {
  const names: string[] = []
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const node = byId.get(at)
    if (node) names.push(nameOf(node))
  }
  return names
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.replace(/^.*\/(?=(?:src|node_modules)\/)/, '')
  return `${functionName || '(anonymous)'} ${file}${file === '' ? '' : `:${lineNumber + 1}`}`
}

function listOf(times: ReadonlyMap<string, number>, all: number): string {
  return [...times].toSorted(([, one], [, other]) => other - one).slice(0, LENGTH)
    .map(([name, time]) => `${(100 * time / all).toFixed(1).padStart(6)}%  ${name}\n`)
    .join('')
}
