import { createDemoIdentity, type DemoIdentity } from '../src/simulator/identity.ts'
import { freePort, ROOT, type Server, startServer } from './processes.ts'
import { workerdCommand } from './workerd.ts'

export type Runtime = 'node' | 'bun' | 'deno' | 'workers'

export const RUNTIMES: readonly Runtime[] = ['node', 'bun', 'workers', 'deno']

/** The measured servers on each runtime: the gateway and its two lower bounds. */
export interface Subjects {
  gateway: Server
  pipe: Server
  sign: Server
}

/** How a gateway is started that is compared with others, or profiled. */
export interface GatewayStart {
  upstream: string
  /** A temporary folder, another one for each gateway. */
  folder: string
  /** The folder of the project. Default: this one. */
  checkout?: string
  /** Arguments of the runtime, before the file. */
  flags?: readonly string[]
}

/** Starts one gateway. */
export async function startOneGateway(
  runtime: Runtime,
  { upstream, folder, ...options }: GatewayStart,
): Promise<Server> {
  const variables = settings(upstream, await createDemoIdentity())
  return await startGateway(runtime, variables, folder, options)
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
  { checkout = ROOT, flags = [] }: Pick<GatewayStart, 'checkout' | 'flags'> = {},
): Promise<Server> {
  const port = await freePort()
  const env = { ...variables, PORT: String(port) }
  switch (runtime) {
    case 'node':
      return await startServer(['node', ...flags, 'src/server.ts'], port, env, checkout)
    case 'bun':
      return await startServer(['bun', ...flags, 'run', 'src/server.ts'], port, env, checkout)
    case 'deno':
      return await startServer(denoServe('src/server.ts', port, flags), port, env, checkout)
    case 'workers': {
      const entry = 'src/entry/workers.ts'
      const [program = '', serve = '', ...config] = await workerdCommand(
        entry,
        port,
        variables,
        folder,
        { checkout },
      )
      return await startServer([program, serve, ...flags, ...config], port)
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
    case 'node': {
      const file = name === 'pipe' ? ['bench/node-pipe.ts'] : ['bench/serve.ts', `./${name}.ts`]
      return await startServer(['node', ...file, String(port)], port)
    }
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

function denoServe(file: string, port: number, flags: readonly string[] = []): string[] {
  return ['deno', 'serve', ...flags, '-A', '--host', '127.0.0.1', '--port', String(port), file]
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
