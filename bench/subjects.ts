import { createDemoIdentity, type DemoIdentity } from '../src/simulator/identity.ts'
import { freePort, type Server, startServer } from './processes.ts'
import { workerdCommand } from './workerd.ts'

export type Runtime = 'node' | 'bun' | 'deno' | 'workers'

export const RUNTIMES: readonly Runtime[] = ['node', 'bun', 'workers', 'deno']

/** The measured servers on each runtime: the gateway and its two lower bounds. */
export interface Subjects {
  gateway: Server
  pipe: Server
  sign: Server
}

/** Starts the gateway of a checkout on Node. */
export async function startNodeGateway(upstream: string, checkout: string): Promise<Server> {
  const port = await freePort()
  const env = { ...settings(upstream, await createDemoIdentity()), PORT: String(port) }
  return await startServer(['node', 'src/server.ts'], port, env, checkout)
}

/** The API key of every gateway; all have one, because Workers require one. */
export const CLIENT_KEY = 'bench-key'

/** Starts all three on one runtime, with the commands of the README. */
export async function startSubjects(
  runtime: Runtime,
  upstream: string,
  folder: string,
): Promise<Subjects> {
  const variables = settings(upstream, await createDemoIdentity())
  const [gateway, pipe, sign] = await Promise.all([
    startGateway(runtime, variables, folder),
    startHandler(runtime, 'pipe', folder),
    startHandler(runtime, 'sign', folder),
  ])
  return { gateway, pipe, sign }
}

type Variables = Readonly<Record<string, string>>

async function startGateway(
  runtime: Runtime,
  variables: Variables,
  folder: string,
): Promise<Server> {
  const port = await freePort()
  const env = { ...variables, PORT: String(port) }
  switch (runtime) {
    case 'node':
      return await startServer(['node', 'src/server.ts'], port, env)
    case 'bun':
      return await startServer(['bun', 'run', 'src/server.ts'], port, env)
    case 'deno':
      return await startServer(denoServe('src/server.ts', port), port, env)
    case 'workers': {
      const command = await workerdCommand('src/entry/workers.ts', port, variables, folder)
      return await startServer(command, port)
    }
  }
}

async function startHandler(
  runtime: Runtime,
  name: 'pipe' | 'sign',
  folder: string,
): Promise<Server> {
  const port = await freePort()
  switch (runtime) {
    case 'node':
      return await startServer(['node', 'bench/serve.ts', `./${name}.ts`, String(port)], port)
    case 'bun':
      return await startServer(['bun', 'bench/serve.ts', `./${name}.ts`, String(port)], port)
    case 'deno':
      return await startServer(denoServe(`bench/${name}.ts`, port), port)
    case 'workers':
      return await startServer(
        await workerdCommand(`bench/${name}.ts`, port, {}, folder),
        port,
      )
  }
}

function denoServe(file: string, port: number): string[] {
  return ['deno', 'serve', '-A', '--host', '127.0.0.1', '--port', String(port), file]
}

/** The credential as environment variables, which every runtime supports. */
function settings(upstream: string, identity: DemoIdentity): Variables {
  return {
    OCI_GENAI_ENDPOINT: upstream,
    OCI_GENAI_CONTROL_ENDPOINT: upstream,
    OCI_COMPARTMENT_ID: identity.compartment,
    OCI_REGION: 'us-chicago-1',
    OCI_CLI_TENANCY: identity.tenancy,
    OCI_CLI_USER: identity.user,
    OCI_CLI_FINGERPRINT: identity.fingerprint,
    OCI_CLI_KEY_CONTENT: identity.privateKey,
    GATEWAY_API_KEYS: CLIENT_KEY,
    GATEWAY_CONFIG: JSON.stringify({ models: { 'bench.relay*': { endpoint: 'openai' } } }),
  }
}
