import { EXIT, SERVER_EXIT_CODES } from '../../entry/exit-codes.ts'
import type { Gateway } from '../../entry/gateway.ts'
import { addressOf } from '../../entry/process.ts'
import { raiseBunFetchLimit } from '../../entry/raise-bun-fetch-limit.ts'
import { serveGateway } from '../../entry/serve.ts'
import { toApiError } from '../../errors.ts'
import type { ModelList } from '../../oci/models/list.ts'
import { defineCommand } from '../command.ts'
import { CONNECTION_FLAGS, LISTEN_FLAGS, withFlags } from '../connection-flags.ts'
import { PROGRAM } from '../help.ts'
import type { Host } from '../host.ts'
import { firstChatModel, invitation } from '../invitation.ts'
import { openHostGateway } from '../open-gateway.ts'
import { countWorkers, serveWorkers } from '../workers/serve-workers.ts'
import { reportListening, workerPort } from '../workers/process.ts'

/** Milliseconds to wait for the list of models, which is only printed. */
const LIST_TIMEOUT = 10_000

/** `oci-gateway serve`, the default command */
export const serve = defineCommand({
  options: {
    ...LISTEN_FLAGS,
    ...CONNECTION_FLAGS,
    workers: {
      type: 'string',
      value: 'N',
      description: 'Processes on the port (Linux); "auto" starts one per core. Default: 1',
    },
  },
  examples: [
    { line: 'serve', does: 'start with the default profile of ~/.oci/config' },
    { line: 'serve --port 8051 --profile FRANKFURT', does: 'another port and profile' },
    { line: 'serve --workers auto', does: 'use all cores' },
  ],
  exitCodes: SERVER_EXIT_CODES,
  async run({ values, host }) {
    if (host.runtime.name === 'bun') raiseBunFetchLimit()
    const log = (line: string) => host.stdout.write(`${line}\n`)
    const workers = countWorkers(values.workers)
    const terminal = host.stdout.isTerminal ? host.stdout : undefined
    const gateway = await openHostGateway(host, withFlags(host.env, values), log, { terminal })
    // A signal during the start, which only the server handles later.
    host.signal.throwIfAborted()
    const port = workerPort(host.env)
    if (port !== undefined) {
      reportListening(await serveGateway(gateway, { port, isWorker: true }))
    } else if (workers > 1) {
      const more = `  processes   ${workers}, each with its own limits\n`
      await serveWorkers(gateway, workers, host, (at) => introduce(gateway, at, host, more))
    } else {
      await introduce(gateway, await serveGateway(gateway), host)
    }
    return EXIT.success
  },
})

/** Prints where the gateway listens and how to use it. */
async function introduce(gateway: Gateway, port: number, host: Host, more = ''): Promise<void> {
  host.signal.throwIfAborted()
  const address = addressOf(gateway.config.host, port)
  host.stderr.write(summary(gateway, address) + more)
  host.stderr.write(await inviteClients(gateway, address, host))
}

function summary({ config, source, region, stored }: Gateway, address: string): string {
  const access = config.access.apiKeys.length > 0
    ? 'one of GATEWAY_API_KEYS'
    : stored
    ? `one of the store, see ${PROGRAM} keys list`
    : 'none needed (this machine only)'
  return `oci-genai-gateway listens on ${address}/v1\n` +
    `  credential  ${source}\n` +
    `  region      ${region}\n` +
    `  API key     ${access}\n`
}

/** The number of models and the lines to paste. A list that cannot be read is not an error. */
async function inviteClients(
  { oci, config, stored }: Gateway,
  address: string,
  { signal }: Host,
): Promise<string> {
  const isOpen = config.access.apiKeys.length === 0 && stored === undefined
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIST_TIMEOUT)])
  try {
    const list = await oci.listModels({ signal: limit, requestId: crypto.randomUUID() })
    const models = list.models.filter(({ retired }) => !retired)
    return `${describeModels(list, models.length)}${
      invitation({ address, isOpen, model: firstChatModel(models) })
    }`
  } catch (thrown) {
    const { message } = toApiError(thrown)
    return `  models      cannot be listed: ${message}\n              ${PROGRAM} doctor finds the cause\n`
  }
}

function describeModels({ warnings }: ModelList, count: number): string {
  const problem = warnings.length > 0
    ? ` (${warnings.join('; ')})\n              ${PROGRAM} doctor finds the cause`
    : ''
  return `  models      ${count} models${problem}\n`
}
