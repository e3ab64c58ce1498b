import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { BIN, environment, ROOT } from './processes.ts'

/**
 * The command that serves a Worker with workerd alone; the proxy of `wrangler dev` would be measured
 * too. `entry` is bundled as for a deployment; a path of JavaScript is a bundle.
 */
export async function workerdCommand(
  entry: string,
  port: number,
  bindings: Readonly<Record<string, string>>,
  folder: string,
  { v8Flags = [], hasStore = false, checkout = ROOT }: WorkerOptions = {},
): Promise<string[]> {
  const { name } = parse(entry)
  const target = join(folder, name)
  await mkdir(target, { recursive: true })
  await writeFile(
    join(target, `${name}.js`),
    await (entry.endsWith('.js') ? readFile(entry) : bundleOf(entry, checkout)),
  )
  const config = join(target, 'config.capnp')
  const storage = hasStore ? join(target, 'storage') : undefined
  if (storage) await mkdir(storage, { recursive: true })
  await writeFile(
    config,
    configOf(await readFile(join(checkout, 'wrangler.toml'), 'utf8'), {
      module: `${name}.js`,
      port,
      bindings,
      v8Flags,
      storage,
    }),
  )
  return ['workerd', 'serve', config]
}

const bundles = new Map<string, Promise<Uint8Array>>()

/**
 * The bundled code of an entry; cached, because bundling takes seconds. Processes share it in the
 * folder of the variable `BUNDLES`, which `npm test` sets.
 */
function bundleOf(entry: string, checkout: string): Promise<Uint8Array> {
  if (checkout !== ROOT) return makeBundle(entry, checkout)
  const bundle = bundles.get(entry) ?? sharedBundle(entry, process.env['BUNDLES'])
  bundles.set(entry, bundle)
  return bundle
}

async function sharedBundle(entry: string, shared: string | undefined): Promise<Uint8Array> {
  if (shared === undefined) return await makeBundle(entry)
  const file = join(shared, `${entry.replaceAll(/[^\w.]/g, '-')}.js`)
  for (;;) {
    const found = await readFile(file).catch(() => undefined)
    if (found) return found
    if (await isFirst(`${file}.lock`)) return await writeBundle(entry, file)
    await setTimeout(LOCK_INTERVAL)
  }
}

/** Milliseconds between two looks for the bundle of another process. */
const LOCK_INTERVAL = 100

/** Whether this process is the one that makes a bundle: the folder of its lock can be created once. */
async function isFirst(lock: string): Promise<boolean> {
  return await mkdir(lock).then(() => true, (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return false
    throw error
  })
}

async function writeBundle(entry: string, file: string): Promise<Uint8Array> {
  try {
    const bundle = await makeBundle(entry)
    // Another process never reads a file that is partially written.
    const unfinished = `${file}.${process.pid}`
    await writeFile(unfinished, bundle)
    await rename(unfinished, file)
    return bundle
  } finally {
    await rm(`${file}.lock`, { recursive: true })
  }
}

async function makeBundle(entry: string, checkout = ROOT): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  try {
    await promisify(execFile)(
      join(BIN, 'wrangler'),
      ['deploy', entry, '--config', 'wrangler.toml', '--dry-run', '--outdir', folder],
      { cwd: checkout, env: { ...environment(), CI: '1', WRANGLER_SEND_METRICS: 'false' } },
    )
    return await readFile(join(folder, `${parse(entry).name}.js`))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Differences from the Worker of `wrangler.toml`. */
export interface WorkerOptions {
  v8Flags?: readonly string[] | undefined
  /** Whether the Durable Object of the store is bound as `STORE`, with its storage in the folder. */
  hasStore?: boolean | undefined
  /** The folder of the project. Default: this one. */
  checkout?: string | undefined
}

interface Worker {
  module: string
  port: number
  bindings: Readonly<Record<string, string>>
  v8Flags: readonly string[]
  /** The folder of the Durable Object; `undefined` without one. */
  storage: string | undefined
}

const STORE = `
  durableObjectNamespaces = [(className = "GatewayStore", uniqueKey = "store", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),`

/** Cap'n Proto has the same syntax for texts and lists as JSON. */
function configOf(wrangler: string, { module, port, bindings, v8Flags, storage }: Worker): string {
  const date = /^compatibility_date = (".*")/m.exec(wrangler)?.[1] ?? '""'
  const flags = /^compatibility_flags = (\[.*\])/m.exec(wrangler)?.[1] ?? '[]'
  const texts = Object.entries(bindings).map(([name, text]) =>
    `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`
  )
  if (storage) texts.push('(name = "STORE", durableObjectNamespace = "GatewayStore")')
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ${JSON.stringify(v8Flags)},
  services = [
    (name = "worker", worker = .worker),
${storage ? `(name = "storage", disk = (path = ${JSON.stringify(storage)}, writable = true)),` : ''}
    (name = "internet", network = (allow = ["local", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "worker")],
);
const worker :Workerd.Worker = (
  modules = [(name = "main", esModule = embed "${module}")],
  compatibilityDate = ${date},
  compatibilityFlags = ${flags},
  bindings = [${texts.join(', ')}],${storage ? STORE : ''}
);
`
}
