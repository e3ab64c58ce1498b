import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const COMMANDS = 'src/cli/commands/'

/** What a command loads when it starts, the largest first. Commands of one layer form one chunk. */
const LAYERS = [
  { name: 'with-simulator', root: 'src/simulator/app.ts' },
  { name: 'with-gateway', root: 'src/entry/gateway.ts' },
] as const
const SMALLEST_LAYER = 'without-gateway'

/** Small modules that are loaded lazily, of which each would be a file of its own. */
const GROUPS: Plan['layers'] = new Map([
  ['store-drivers', [
    'src/entry/postgres-client.ts',
    'src/entry/redis-client.ts',
    'src/entry/sqlite-database.ts',
  ]],
])

/**
 * Bytes up to which chunks of shared code are merged, by the name of the result. What starts the
 * program needs only small ones. Larger ones are the gateway and the simulator.
 */
const SHARED = { 'shared-small': 10_000, 'shared-medium': 150_000 } as const

type Inputs = Metafile['inputs']

/** How files are distributed over chunks. Paths are those of the metafile. */
interface Plan {
  /** The commands or other modules that form one chunk, by its name. */
  layers: ReadonlyMap<string, readonly string[]>
  shared: readonly SharedChunk[]
}

/** Files that form one chunk of shared code. */
interface SharedChunk {
  name: string
  files: readonly string[]
  /** The entries that need one of the files. */
  entries: ReadonlySet<string>
}

/**
 * Creates a plugin for a build with few files. By itself, esbuild makes a file of each command, and
 * one of each set of files that the same entries share.
 */
export async function fewerFiles(options: BuildOptions): Promise<Plugin> {
  const root = options.absWorkingDir ?? ''
  const analyze = async (plan?: Plan) => {
    const plugins = plan ? [createPlugin(root, plan)] : []
    return (await build({ ...options, plugins, write: false, metafile: true })).metafile
  }
  const layers = new Map([...groupByLayer(await analyze()), ...GROUPS])
  return createPlugin(root, { layers, shared: findShared(await analyze({ layers, shared: [] })) })
}

function createPlugin(root: string, { layers, shared }: Plan): Plugin {
  const pairs = [...layers].flatMap(([layer, files]) => files.map((file) => [file, layer] as const))
  const layerOf = new Map(pairs)
  const sharedFiles = new Set(shared.flatMap(({ files }) => files))
  // Each entry that needs one of the files imports all of them, so that they have the same entries.
  const append = (entry: string) =>
    shared.filter(({ entries }) => entries.has(entry)).map(({ name }) => `\nimport '${name}'\n`)
      .join('')
  return {
    name: 'fewer-files',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\..*\.ts$/ }, ({ kind, path: imported, resolveDir }) => {
        const path = join(resolveDir, imported)
        const file = path.slice(root.length)
        const layer = layerOf.get(file)
        if (kind === 'dynamic-import' && layer) return { path: layer, namespace: 'commands' }
        // Without side effects, an import of no names would be dropped.
        return sharedFiles.has(file) ? { path, sideEffects: true } : null
      })
      onLoad({ filter: /.*/, namespace: 'commands' }, ({ path }) => ({
        contents: (layers.get(path) ?? []).map((file) => `export * from './${file}'`).join('\n') +
          append(`commands:${path}`),
        resolveDir: root,
      }))
      onResolve({ filter: /^shared-/ }, ({ path }) => ({
        ...{ path, namespace: 'shared', sideEffects: true },
      }))
      onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) => ({
        contents: shared.find(({ name }) => name === path)?.files
          .map((file) => `import './${file}'`).join('\n') ?? '',
        resolveDir: root,
      }))
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const appended = append(path.slice(root.length))
        if (appended === '') return null
        return { contents: await readFile(path, 'utf8') + appended, loader: 'ts' }
      })
    },
  }
}

/** The commands of each layer. Throws if two of a layer export the same name. */
export function groupByLayer({ inputs, outputs }: Metafile): Plan['layers'] {
  const layers = new Map<string, string[]>()
  const exported = new Map<string, string>()
  for (const { entryPoint = '', exports } of Object.values(outputs)) {
    if (!entryPoint.startsWith(COMMANDS)) continue
    const files = reachable(entryPoint, inputs)
    const layer = LAYERS.find(({ root }) => files.has(root))?.name ?? SMALLEST_LAYER
    layers.set(layer, [...layers.get(layer) ?? [], entryPoint])
    for (const name of exports) {
      const other = exported.get(`${layer} ${name}`)
      if (other) throw new Error(`${other} and ${entryPoint} must not both export "${name}"`)
      exported.set(`${layer} ${name}`, entryPoint)
    }
  }
  return layers
}

/** The chunks of shared code to merge: those that import no larger chunk. */
export function findShared({ inputs, outputs }: Metafile): readonly SharedChunk[] {
  const chunks = Object.values(outputs)
  const entries = chunks.flatMap(({ entryPoint }) => entryPoint ?? [])
  const merged = new Set<string>()
  return Object.entries(SHARED).map(([name, maxBytes]) => {
    const candidates = chunks.filter(({ entryPoint, bytes }) => !entryPoint && bytes <= maxBytes)
      .flatMap((chunk) => Object.keys(chunk.inputs)).filter(isOwn)
    // Files with types only are in no chunk.
    const isSmall = (file: string) => candidates.includes(file) || isEmpty(file)
    const files = candidates.filter((file) =>
      !merged.has(file) && [...reachable(file, inputs)].every(isSmall)
    )
    for (const file of files) merged.add(file)
    const isNeeded = (entry: string) => {
      const needed = reachable(entry, inputs)
      return files.some((file) => needed.has(file))
    }
    return { name, files, entries: new Set(entries.filter(isNeeded)) }
  })

  /** Parsers that a few commands load lazily stay apart. */
  function isOwn(file: string): boolean {
    return !file.includes('node_modules/')
  }

  function isEmpty(file: string): boolean {
    return !chunks.some((chunk) => file in chunk.inputs)
  }
}

/** The files that a file imports statically, over any number of others, and itself. */
function reachable(file: string, inputs: Inputs): ReadonlySet<string> {
  const found = new Set([file])
  // A set is iterated over elements that are added meanwhile, too.
  for (const path of found) {
    for (const { kind, path: imported, external } of inputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !external) found.add(imported)
    }
  }
  return found
}
