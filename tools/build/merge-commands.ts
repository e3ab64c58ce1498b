import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild'
import { join } from 'node:path'
import process from 'node:process'

const FOLDER = 'src/cli/commands/'

/** What a command loads when it starts, the largest first. Commands of one layer form one chunk. */
const LAYERS = [
  { name: 'with-simulator', root: 'src/simulator/app.ts' },
  { name: 'with-gateway', root: 'src/entry/gateway.ts' },
] as const
const SMALLEST = 'without-gateway'

/**
 * Creates a plugin that merges the lazily loaded commands by what they load. Otherwise each command,
 * and each set of files that some commands share, would be a file of the package.
 */
export async function mergeCommands(options: BuildOptions): Promise<Plugin> {
  const { metafile } = await build({ ...options, write: false, metafile: true })
  const layers = groupByLayer(metafile)
  const layerOf = new Map(
    [...layers].flatMap(([layer, commands]) => commands.map((command) => [command, layer])),
  )
  const root = options.absWorkingDir ?? process.cwd()
  return {
    name: 'merge-commands',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\..*\.ts$/ }, ({ kind, path, resolveDir }) => {
        const layer = layerOf.get(join(resolveDir, path).slice(root.length))
        return kind === 'dynamic-import' && layer ? { path: layer, namespace: 'commands' } : null
      })
      onLoad({ filter: /.*/, namespace: 'commands' }, ({ path }) => ({
        contents: (layers.get(path) ?? []).map((file) => `export * from './${file}'`).join('\n'),
        resolveDir: root,
      }))
    },
  }
}

/** The commands of each layer. Throws if two of a layer export the same name. */
export function groupByLayer({ inputs, outputs }: Metafile): ReadonlyMap<string, string[]> {
  const layers = new Map<string, string[]>()
  const exported = new Map<string, string>()
  for (const { entryPoint = '', exports } of Object.values(outputs)) {
    if (!entryPoint.startsWith(FOLDER)) continue
    const files = reachable(entryPoint, inputs)
    const layer = LAYERS.find(({ root }) => files.has(root))?.name ?? SMALLEST
    layers.set(layer, [...layers.get(layer) ?? [], entryPoint])
    for (const name of exports) {
      const other = exported.get(`${layer} ${name}`)
      if (other) throw new Error(`${other} and ${entryPoint} must not both export "${name}"`)
      exported.set(`${layer} ${name}`, entryPoint)
    }
  }
  return layers
}

/** The files that a file imports statically, over any number of others, and itself. */
function reachable(file: string, inputs: Metafile['inputs']): ReadonlySet<string> {
  const found = new Set([file])
  // A set is iterated over elements that are added meanwhile, too.
  for (const path of found) {
    for (const { kind, path: imported } of inputs[path]?.imports ?? []) {
      if (kind === 'import-statement') found.add(imported)
    }
  }
  return found
}
