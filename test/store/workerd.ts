import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createDurableStore } from '../../src/store/durable-object/client.ts'
import type { Store } from '../../src/store/store.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const bin = join(root, 'node_modules/.bin')

/** Durable Objects in workerd. */
export interface DurableObjects {
  /** Opens the object with this name, which has a store of its own. */
  open(name: string): Store
  stop(): Promise<void>
}

/** Starts workerd with the class of the Durable Object, and its storage in a temporary folder. */
export async function startDurableObjects(): Promise<DurableObjects> {
  const folder = await mkdtemp(join(tmpdir(), 'durable-'))
  await mkdir(join(folder, 'storage'))
  await promisify(execFile)(join(bin, 'esbuild'), [
    ...[join(root, 'test/store/durable-worker.ts'), '--bundle', '--format=esm'],
    `--outfile=${join(folder, 'worker.js')}`,
  ])
  await writeFile(join(folder, 'config.capnp'), configOf(join(folder, 'storage')))
  const child = spawn(
    join(bin, 'workerd'),
    ['serve', join(folder, 'config.capnp'), '--control-fd=1'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const closed = new Promise((resolve) => child.once('close', resolve))
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      const [, found] = /"event":"listen".*"port":(\d+)/.exec(String(chunk)) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('close', () => reject(new Error('workerd ended')))
  })
  return {
    open: (name) =>
      createDurableStore((url, init) => {
        return fetch(`http://127.0.0.1:${port}/${name}${new URL(url).pathname}`, init)
      }),
    async stop() {
      process.off('exit', kill)
      child.kill('SIGKILL')
      await closed
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function configOf(storage: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "storage", disk = (path = ${JSON.stringify(storage)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);
const worker :Workerd.Worker = (
  modules = [(name = "main", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-01",
  durableObjectNamespaces = [(className = "GatewayStore", uniqueKey = "store", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),
  bindings = [(name = "STORE", durableObjectNamespace = "GatewayStore")],
);
`
}
