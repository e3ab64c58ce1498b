import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { promisify } from 'node:util'
import { BIN, environment, ROOT } from './processes.ts'

/**
 * The command that serves a Worker by workerd alone: `wrangler dev` would put a proxy of its own
 * before it, and that would be measured too. `entry` is bundled as it is deployed.
 */
export async function workerdCommand(
  entry: string,
  port: number,
  bindings: Readonly<Record<string, string>>,
  folder: string,
  v8Flags: readonly string[] = [],
): Promise<string[]> {
  const { name } = parse(entry)
  const target = join(folder, name)
  await promisify(execFile)(
    join(BIN, 'wrangler'),
    ['deploy', entry, '--config', 'wrangler.toml', '--dry-run', '--outdir', target],
    { cwd: ROOT, env: { ...environment(), CI: '1', WRANGLER_SEND_METRICS: 'false' } },
  )
  const config = join(target, 'config.capnp')
  await writeFile(
    config,
    configOf(await readFile(join(ROOT, 'wrangler.toml'), 'utf8'), {
      module: `${name}.js`,
      port,
      bindings,
      v8Flags,
    }),
  )
  return ['workerd', 'serve', config]
}

interface Worker {
  module: string
  port: number
  bindings: Readonly<Record<string, string>>
  v8Flags: readonly string[]
}

/** Cap'n Proto writes texts and lists as JSON does. */
function configOf(wrangler: string, { module, port, bindings, v8Flags }: Worker): string {
  const date = /^compatibility_date = (".*")/m.exec(wrangler)?.[1] ?? '""'
  const flags = /^compatibility_flags = (\[.*\])/m.exec(wrangler)?.[1] ?? '[]'
  const texts = Object.entries(bindings).map(([name, text]) =>
    `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ${JSON.stringify(v8Flags)},
  services = [
    (name = "worker", worker = .worker),
    (name = "internet", network = (allow = ["local", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "worker")],
);
const worker :Workerd.Worker = (
  modules = [(name = "main", esModule = embed "${module}")],
  compatibilityDate = ${date},
  compatibilityFlags = ${flags},
  bindings = [${texts.join(', ')}],
);
`
}
