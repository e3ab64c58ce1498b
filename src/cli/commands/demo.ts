import { EXIT, SERVER_EXIT_CODES } from '../../entry/exit-codes.ts'
import { type Gateway, openGateway } from '../../entry/gateway.ts'
import { sha256 } from '../../entry/native-hash.ts'
import { addressOf, writeLine } from '../../entry/process.ts'
import { readProcess } from '../../entry/process-reading.ts'
import { serveGateway } from '../../entry/serve.ts'
import type { Environment } from '../../platform.ts'
import { createSimulator } from '../../simulator/app.ts'
import { createDemoIdentity, environmentOf } from '../../simulator/identity.ts'
import { defineCommand } from '../command.ts'
import { LISTEN_FLAGS, withFlags } from '../connection-flags.ts'
import type { Host } from '../host.ts'
import { invitation } from '../invitation.ts'

/** The model name in the printed examples: an alias, because most clients have one configured. */
const MODEL = 'gpt-4o-mini'

/** `oci-gateway demo`: the complete gateway, signatures included, on the simulator. */
export const demo = defineCommand({
  options: LISTEN_FLAGS,
  examples: [
    { line: 'demo', does: 'start at http://127.0.0.1:8050' },
    { line: 'demo --port 0', does: 'start at a free port' },
  ],
  exitCodes: SERVER_EXIT_CODES,
  async run({ values, host }) {
    const gateway = await openDemo(withFlags(host.env, values), host)
    // A signal during the start, which only the server handles later.
    host.signal.throwIfAborted()
    const port = await serveGateway(gateway)
    host.signal.throwIfAborted()
    const address = addressOf(gateway.config.host, port)
    host.stderr.write(instructions(gateway, address))
    return EXIT.success
  },
})

async function openDemo(env: Environment, { openStore, stdout }: Host): Promise<Gateway> {
  const identity = await createDemoIdentity()
  const simulator = createSimulator({ publicKeys: identity.publicKeys })
  const { HOST, PORT, GATEWAY_API_KEYS, MODEL_MAP, LOG_LEVEL, LOG_FORMAT } = env
  const { GATEWAY_STORE, GATEWAY_COUNTERS, GATEWAY_ADMIN_KEY } = env
  return openGateway({
    env: {
      ...{ HOST, PORT, GATEWAY_API_KEYS, LOG_LEVEL, LOG_FORMAT },
      ...{ GATEWAY_STORE, GATEWAY_COUNTERS, GATEWAY_ADMIN_KEY },
      MODEL_MAP: MODEL_MAP ?? JSON.stringify({ 'gpt-5': 'openai.gpt-4.1' }),
      ...environmentOf(identity),
    },
    files: undefined,
    ...{ openStore, sha256, readProcess },
    write: writeLine,
    terminal: stdout.isTerminal ? stdout : undefined,
    fetch: (url, init) => simulator.fetch(new Request(url, init)),
  })
}

function instructions({ config, stored }: Gateway, address: string): string {
  const isOpen = config.access.apiKeys.length === 0 && stored === undefined
  return `
The answers come from a SIMULATOR of OCI Generative AI in this process, without an account, a model
or a network. The rest is the real gateway, including signatures. Stop it with Ctrl+C.
${invitation({ address, isOpen, model: MODEL })}
For any OpenAI SDK: base URL ${address}/v1, API key ${
    isOpen ? '"none"' : stored ? 'one of the store' : 'one of GATEWAY_API_KEYS'
  }.
`
}
