import process from 'node:process'
import { type Gateway, openGateway } from '../entry/gateway.ts'
import { addressOf, exitWithError, writeLine } from '../entry/process.ts'
import { serveNode } from '../entry/node.ts'
import { createDemoIdentity } from '../simulator/identity.ts'
import { createSimulator } from '../simulator/app.ts'

/** The model name in the printed examples: an alias, because most clients have one configured. */
const MODEL = 'gpt-4o-mini'

/** Runs the complete gateway, including signatures, with the simulator instead of an account. */
async function demo(): Promise<void> {
  const identity = await createDemoIdentity()
  const simulator = createSimulator({ publicKeys: identity.publicKeys })
  const { HOST, PORT, GATEWAY_API_KEYS, MODEL_MAP, LOG_LEVEL } = process.env
  const gateway = await openGateway({
    env: {
      ...{ HOST, PORT, GATEWAY_API_KEYS, LOG_LEVEL },
      MODEL_MAP: MODEL_MAP ?? JSON.stringify({ 'gpt-5': 'openai.gpt-4.1' }),
      OCI_CLI_TENANCY: identity.tenancy,
      OCI_CLI_USER: identity.user,
      OCI_CLI_FINGERPRINT: identity.fingerprint,
      OCI_CLI_KEY_CONTENT: identity.privateKey,
      OCI_CLI_REGION: 'us-chicago-1',
    },
    files: undefined,
    write: writeLine,
    fetch: (url, init) => simulator.fetch(new Request(url, init)),
  })
  const port = await serveNode(gateway)
  process.stderr.write(instructions(gateway, addressOf(gateway.config.host, port)))
}

function instructions({ config }: Gateway, address: string): string {
  const key = config.access.apiKeys.length > 0 ? '$GATEWAY_API_KEY' : 'none'
  const body = {
    model: MODEL,
    stream: true,
    messages: [{ role: 'user', content: 'Hello! What are you?' }],
  }
  return `
The answers come from a SIMULATOR of OCI Generative AI in this process, without an account, a model
or a network. The rest is the real gateway, including signatures. Stop it with Ctrl+C.

Try it:

  curl -N ${address}/v1/chat/completions \\
    -H 'content-type: application/json' -H 'authorization: Bearer ${key}' \\
    -d '${JSON.stringify(body)}'

For OpenClaw, in ~/.openclaw/openclaw.json:

${JSON.stringify(openClawConfig(address, key), null, 2).replace(/^/gm, '  ')}

For any OpenAI SDK: base URL ${address}/v1, API key "${key}".
`
}

function openClawConfig(address: string, apiKey: string): object {
  const model = {
    id: MODEL,
    name: 'OCI (simulated)',
    reasoning: false,
    input: ['text'],
    contextWindow: 200_000,
    maxTokens: 8_192,
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  }
  const provider = {
    baseUrl: `${address}/v1`,
    api: 'openai-completions',
    apiKey,
    timeoutSeconds: 600,
    models: [model],
  }
  return {
    models: { mode: 'merge', providers: { oci: provider } },
    agents: { defaults: { model: { primary: `oci/${MODEL}` } } },
  }
}

await demo().catch(exitWithError)
