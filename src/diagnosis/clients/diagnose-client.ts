import { editCommand } from '../../causes/shell.ts'
import { filePaths } from '../../clients/file-paths.ts'
import { CLIENTS } from '../../clients/table.ts'
import { nearestNames } from '../../nearest-names.ts'
import { parseReference } from '../../config/secrets.ts'
import { resolveAlias } from '../../oci/models/names.ts'
import type { Check } from '../diagnose.ts'
import { attempt, fail, type Finding, ok, once, skip, warn } from '../finding.ts'
import { isGatewayAt, localAddress } from '../gateway-at.ts'
import type { Machine } from '../machine.ts'
import { valueOf } from '../remote.ts'
import type { Session } from '../session.ts'
import { claudeCode } from './claude-code.ts'
import {
  type ClientName,
  type ClientReader,
  type ClientSettings,
  isSameAddress,
} from './client-settings.ts'
import { codex } from './codex.ts'
import { openclaw } from './openclaw.ts'
import { opencode } from './opencode.ts'

/** The port for which `connect` configures clients by default. */
const DEFAULT_PORT = '8050'

const READERS: Readonly<Record<ClientName, ClientReader>> = {
  openclaw,
  codex,
  'claude-code': claudeCode,
  opencode,
}

/** The settings of a client and the path of its file, or the finding that there are none. */
type ClientFact =
  | { type: 'read'; settings: ClientSettings; path: string; address: string }
  | { type: 'wrong'; finding: Finding }

type ReadFact = Extract<ClientFact, { type: 'read' }>

/** The checks of one client: its file, base URL, API key and model, and whether a gateway runs. */
export function diagnoseClient(client: ClientName): readonly Check[] {
  const facts = new WeakMap<Session, () => Promise<ClientFact>>()
  const read = (session: Session) => {
    const fact = facts.get(session) ?? once(() => readClient(client, session))
    facts.set(session, fact)
    return fact()
  }
  const check =
    (work: (fact: ReadFact, session: Session) => Finding | Promise<Finding>) =>
    async (session: Session) => {
      const fact = await read(session)
      return fact.type === 'wrong' ? skip('needs its configuration') : await work(fact, session)
    }
  return [
    {
      ...{ id: 'client', title: 'Client', does: "whether the client's file is valid" },
      async run(session) {
        const fact = await read(session)
        return fact.type === 'wrong' ? fact.finding : ok(`${client}: ${fact.path}`)
      },
    },
    {
      ...{ id: 'client-url', title: 'Base URL', does: 'the port, and whether it ends with /v1' },
      run: check((fact) => checkUrl(client, fact)),
    },
    {
      ...{ id: 'client-key', title: 'API key', does: 'whether the gateway accepts its API key' },
      run: check((fact, session) => checkKey(client, fact, session)),
    },
    {
      ...{ id: 'client-model', title: 'Model', does: 'whether the gateway offers its model' },
      run: check((fact, session) => checkModel(client, fact, session)),
    },
    {
      ...{ id: 'gateway', title: 'Gateway', does: 'whether a gateway answers at the address' },
      run: check(checkGateway),
    },
  ]
}

async function readClient(client: ClientName, session: Session): Promise<ClientFact> {
  const { files, env } = session.machine
  const own = await session.settings()
  if (own.type === 'failed') return { type: 'wrong', finding: skip('needs the configuration') }
  const address = localAddress(own.value.config)
  const { needsFile, parse, read } = READERS[client]
  const paths = pathsOf(client, session.machine)
  for (const path of paths) {
    const text = await files.read(path).catch(() => undefined)
    if (text === undefined) continue
    const parsed = await attempt(() => parse(text))
    if (parsed.type === 'failed') return { type: 'wrong', finding: invalid(client, path, parsed) }
    return toFact(client, path, address, read(parsed.value, { env, address }))
  }
  const missing = `there is no file "${paths[0]}"`
  if (needsFile) {
    return { type: 'wrong', finding: notConfigured(client, missing, address) }
  }
  return toFact(client, 'variables', address, read(undefined, { env, address }))
}

/** The paths at which the client looks for its file. None of these clients has one in the folder. */
function pathsOf(client: ClientName, { files: { home }, env }: Machine): readonly string[] {
  const definition = CLIENTS.find(({ name }) => name === client)
  const folders = { home, current: '.', env }
  return definition?.files.flatMap((file) => filePaths(file, folders)) ?? []
}

function toFact(
  client: ClientName,
  path: string,
  address: string,
  reading: ReturnType<ClientReader['read']>,
): ClientFact {
  return reading.type === 'read' ? { type: 'read', settings: reading.settings, path, address } : {
    type: 'wrong',
    finding: notConfigured(client, reading.problem, address),
  }
}

/** `connect` reads the port neither from flags of other commands nor from the configuration file. */
function notConfigured(client: ClientName, problem: string, address: string): Finding {
  // A URL leaves out the default port of its scheme.
  const port = new URL(address).port || '80'
  const flag = port === DEFAULT_PORT ? '' : ` --port ${port}`
  return fail('client_not_configured', { client, problem, port: flag })
}

function invalid(
  client: ClientName,
  path: string,
  { error: { cause } }: { error: { cause?: unknown } },
): Finding {
  const problem = cause instanceof Error ? cause.message : 'it has a syntax error'
  const line = Number(/\((\d+):\d+\)|line (\d+)/i.exec(problem)?.[1] ?? NaN)
  const change = editCommand(path, Number.isNaN(line) ? undefined : line)
  return fail('client_file_invalid', { client, path, problem, change })
}

function checkUrl(client: ClientName, { settings, path: place, address }: ReadFact): Finding {
  const { baseUrl: url, endsWithV1, changeApi } = settings
  const expected = endsWithV1 ? `${address}/v1` : address
  const change = settings.changeUrl(expected)
  if (!isSameAddress(url, address)) {
    return isRemote(url)
      ? warn('client_url_of_other_address', { client, url, place, change })
      : fail('client_url_of_other_address', { client, url, place, change })
  }
  const hasV1 = /\/v1\/*$/.test(url)
  if (endsWithV1 && !hasV1) return fail('client_url_without_v1', { client, url, place, change })
  if (!endsWithV1 && hasV1) return fail('client_url_with_v1', { client, url, place, change })
  return changeApi === undefined
    ? ok(url)
    : fail('client_api', { client, place, change: changeApi })
}

/** Another machine may be where the gateway of the client runs. */
function isRemote(url: string): boolean {
  return URL.canParse(url) && !/^(localhost|127\.|\[::1\])/.test(new URL(url).hostname)
}

async function checkKey(
  client: ClientName,
  { settings, path: place }: ReadFact,
  session: Session,
): Promise<Finding> {
  const { access: { apiKeys }, store } = valueOf(await session.settings()).config
  const { apiKey, keyState: problem, changeKey: change } = settings
  if (apiKeys.length === 0 && store === undefined) return ok('the gateway needs none')
  if (apiKey === undefined) return fail('client_key_missing', { client, problem, change })
  if (apiKey.startsWith('(')) return skip('it is not in the file')
  if (store !== undefined) return skip('the store of the gateway has the keys')
  if (apiKeys.some(parseReference)) return skip('OCI Vault has the keys')
  return apiKeys.includes(apiKey)
    ? ok('one of the gateway')
    : fail('client_key_wrong', { client, place, change })
}

async function checkModel(
  client: ClientName,
  { settings, path: place }: ReadFact,
  session: Session,
): Promise<Finding> {
  const { model } = settings
  if (model === undefined) return skip('it names no model of the gateway')
  const models = await session.models()
  if (models.type === 'failed') return skip('needs the list of models')
  const { aliases } = valueOf(await session.settings()).config
  const served = models.value.filter(({ retired }) => !retired).map(({ id }) => id)
  if (served.includes(resolveAlias(model, aliases))) return ok(model)
  const chat = models.value.filter(({ tasks, retired }) => tasks.includes('chat') && !retired)
  const names = chat.map(({ id }) => id)
  const nearest = nearestNames(model, names)[0] ?? names[0] ?? 'openai.gpt-oss-120b'
  const change = settings.changeModel(nearest)
  return fail('client_model_unknown', { client, model, place, change })
}

async function checkGateway({ address }: ReadFact, session: Session): Promise<Finding> {
  const { config } = valueOf(await session.settings())
  return await isGatewayAt(config, session.machine)
    ? ok(address)
    : warn('gateway_not_running', { address })
}
