import { build, type BuildOptions, type Metafile } from 'esbuild'
import { execFile } from 'node:child_process'
import { chmod, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fewerFiles } from './fewer-files.ts'
import { writeNotices } from './notices.ts'

/** The oldest supported runtime, see `engines` in package.json. */
const TARGET = 'node22'

/** The executable, below `dist`. */
const EXECUTABLE = 'oci-gateway'

/** The folder of shared and lazily loaded code, below `dist`. */
const CHUNKS = 'chunks'

/** The public modules by their names in `dist`. */
const ENTRIES: Readonly<Record<string, string>> = {
  [EXECUTABLE]: 'src/package/executable.ts',
  gateway: 'src/package/gateway.ts',
  simulator: 'src/package/simulator.ts',
}

/**
 * Bundles the JavaScript of the package into `dist`: the executable and the modules for Node, Bun and
 * Deno, which share their code in chunks, and the self-contained Worker.
 * @param root the directory of the repository
 * @param dist the directory of the result, below `root`
 * @param pageInputs the files of the console's page, which is a text in one of the modules
 */
export async function bundleJavaScript(
  root: string,
  dist: string,
  pageInputs: readonly string[],
): Promise<void> {
  const common: BuildOptions = {
    absWorkingDir: root,
    ...{ outdir: dist, bundle: true, format: 'esm', charset: 'utf8', legalComments: 'none' },
    // The package would otherwise be larger than 1 MB. Names remain, for stack traces.
    ...{ minifySyntax: true, minifyWhitespace: true, lineLimit: 400 },
    ...{ logLevel: 'warning', define: { BUILD_COMMIT: await commitOf(root) } },
  }
  const modules = {
    ...common,
    ...{ entryPoints: { ...ENTRIES }, platform: 'node', target: TARGET, splitting: true },
    // Dependencies are installed with the package, peers by the user. Others are bundled.
    external: await dependencies(root),
    // The build of "yaml" for Node is CommonJS and requires modules of Node, see `bundle()`.
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    chunkNames: `${CHUNKS}/[name]-[hash]`,
  } satisfies BuildOptions
  // The names of chunks differ from build to build.
  await rm(join(dist, CHUNKS), { recursive: true, force: true })
  const built = await Promise.all([
    bundle({ ...modules, plugins: [await fewerFiles(modules)] }),
    bundle({
      ...common,
      ...{ entryPoints: { workers: 'src/entry/workers.ts' }, platform: 'neutral' },
      ...{ target: 'es2024', conditions: ['workerd', 'worker', 'browser'] },
      ...{ mainFields: ['module', 'main'], external: ['node:*', 'cloudflare:*'] },
    }),
  ])
  const inputs = built.flatMap(({ inputs }) => Object.keys(inputs))
  await writeNotices(root, dist, [...inputs, ...pageInputs])
  await chmod(join(dist, `${EXECUTABLE}.js`), 0o755)
}

/** The commit as JavaScript; `undefined` outside of a clone of the repository. */
async function commitOf(root: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: root })
    return JSON.stringify(stdout.trim())
  } catch {
    return 'undefined'
  }
}

/**
 * Bundles modules. Throws for a CommonJS dependency that requires a module outside of the bundle: in
 * an ES module there is no `require`, so that the call fails when it runs.
 */
async function bundle(options: BuildOptions): Promise<Metafile> {
  const { metafile } = await build({ ...options, metafile: true })
  const required = Object.values(metafile.inputs).flatMap(({ imports }) => imports)
    .filter(({ kind, external }) => kind === 'require-call' && external)
  if (required.length === 0) return metafile
  throw new Error(`The bundle requires ${required.map(({ path }) => path).join(', ')}`)
}

/** The dependencies and optional peers in package.json, with their submodules. */
async function dependencies(root: string): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>
    peerDependencies: Readonly<Record<string, string>>
  }
  const installed = { ...manifest.dependencies, ...manifest.peerDependencies }
  return Object.keys(installed).flatMap((name) => [name, `${name}/*`])
}
