import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import type { DemoIdentity } from '../src/simulator/identity.ts'
import { environment, freePort, ROOT, type Server, startServer } from './processes.ts'

/** Another gateway and the headers that it needs with each request. */
export interface Peer {
  server: Server
  headers: Readonly<Record<string, string>>
}

/**
 * Installs Portkey, the gateway that others compare themselves with, from the lock file in
 * `bench/portkey/` into `folder`. Returns its folder.
 */
export async function installPortkey(folder: string): Promise<string> {
  const target = join(folder, 'portkey')
  await cp(join(ROOT, 'bench/portkey'), target, { recursive: true })
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: target,
    env: npmEnvironment(),
  })
  return target
}

/** Starts an installed Portkey on Node in front of the upstream. */
export async function startPortkey(
  target: string,
  upstream: string,
  identity: DemoIdentity,
): Promise<Peer> {
  const port = await freePort()
  const program = 'node_modules/@portkey-ai/gateway/build/start-server.js'
  const server = await startServer(
    ['node', program, `--port=${port}`, '--headless'],
    port,
    { NODE_ENV: 'production' },
    target,
  )
  return { server, headers: headersOf(upstream, identity) }
}

/** With the settings of the user's network, such as a proxy or a registry. */
function npmEnvironment(): Record<string, string> {
  const settings = Object.entries(process.env).filter(([name]) =>
    /^(npm_config_|https?_proxy$|no_proxy$|NODE_EXTRA_CA_CERTS$)/i.test(name)
  )
  return { ...Object.fromEntries(settings) as Record<string, string>, ...environment() }
}

/** Portkey receives its credential with each request, and a header cannot contain line breaks. */
function headersOf(upstream: string, identity: DemoIdentity): Record<string, string> {
  return {
    'x-portkey-provider': 'oracle',
    'x-portkey-custom-host': upstream,
    'x-portkey-oracle-api-version': '20231130',
    'x-portkey-oracle-region': 'us-chicago-1',
    'x-portkey-oracle-compartment-id': identity.compartment,
    'x-portkey-oracle-serving-mode': 'ON_DEMAND',
    'x-portkey-oracle-tenancy': identity.tenancy,
    'x-portkey-oracle-user': identity.user,
    'x-portkey-oracle-fingerprint': identity.fingerprint,
    'x-portkey-oracle-private-key': identity.privateKey.trim().replaceAll('\n', ' '),
  }
}
