import type { ClientModel, Connection } from '../../clients/client.ts'
import { nearestNames } from '../../nearest-names.ts'
import type { Environment } from '../../platform.ts'
import type { OptionTable, Values } from '../parse-arguments.ts'
import type { Host } from '../host.ts'
import { usageError } from '../usage-error.ts'
import { builtInModels, fetchModels, knownModel, type OfferedModel } from './gateway-models.ts'

/** Flags that name the gateway and the model. */
export const TARGET_FLAGS = {
  port: { type: 'string', value: 'PORT', short: 'p', description: 'Port of the gateway' },
  url: { type: 'string', value: 'URL', description: 'Address of a gateway on another machine' },
  key: { type: 'string', value: 'KEY', description: 'API key; default: first of GATEWAY_API_KEYS' },
  model: { type: 'string', value: 'MODEL', description: 'Model that the client uses' },
  models: {
    type: 'string',
    value: 'LIST',
    description: "More models for the client's list, with commas; all for all",
  },
} as const satisfies OptionTable

export type TargetFlags = Values<typeof TARGET_FLAGS>

/** The connection, and what the user should know about it. */
export interface FoundConnection {
  connection: Connection
  /** Whether a gateway answered. */
  isRunning: boolean
  warnings: readonly string[]
}

const DEFAULT_PORT = '8050'
/** The key for a gateway without keys: clients do not accept an empty one. */
const NO_KEY = 'none'

/** A model that is good at everything that clients do, and one for titles. */
const PREFERRED = 'xai.grok-4.3'
const PREFERRED_SMALL = 'meta.llama-3.3-70b-instruct'

/** Finds the address, the key and the models. Context windows come from the gateway if it runs. */
export async function findConnection(host: Host, flags: TargetFlags): Promise<FoundConnection> {
  const target = { url: addressOf(flags, host.env), key: keyOf(flags, host.env) }
  const answer = await fetchModels(host, target)
  const offered = answer.state === 'listed' ? answer.models : builtInModels()
  const connection = connectionOf(target, offered, flags)
  const isRunning = answer.state !== 'unreachable'
  const { id } = connection.model
  const isUnknown = answer.state === 'listed' && !offered.some((model) => model.id === id)
  const warnings = [
    ...(answer.state === 'unauthorized'
      ? [`The gateway at ${target.url} does not accept the key. Set one of its keys with --key`]
      : []),
    ...(isUnknown ? [unlisted(id, offered)] : []),
  ]
  return { connection, isRunning, warnings }
}

function unlisted(id: string, offered: readonly OfferedModel[]): string {
  const [nearest] = nearestNames(id, offered.map((model) => model.id))
  const hint = nearest === undefined ? '' : `. Did you mean ${nearest}?`
  return `The gateway does not list the model "${id}"${hint}`
}

/**
 * Selects the models for a client.
 * @param offered the models of the gateway, or the built-in ones
 */
export function connectionOf(
  target: { url: string; key: string },
  offered: readonly OfferedModel[] = builtInModels(),
  { model: name, models: more }: Pick<TargetFlags, 'model' | 'models'> = {
    model: undefined,
    models: undefined,
  },
): Connection {
  const usable = offered.filter(({ task, tools }) => task === 'chat' && tools)
  const listed = (id: string) => offered.find((model) => model.id === id) ?? knownModel(id)
  const fallback = usable.find(({ id }) => id === PREFERRED) ?? usable[0]
  const model = name === undefined ? fallback ?? knownModel(PREFERRED) : listed(name)
  const smallModel = usable.find(({ id }) => id === PREFERRED_SMALL) ?? model
  const others = more === 'all' ? usable : more?.split(',').map((id) => listed(id.trim())) ??
    onePerVendor([model, smallModel, ...usable])
  return {
    ...target,
    model,
    smallModel,
    models: distinct([model, smallModel, ...others]),
    embeddingModel: offered.find(({ task }) => task === 'embeddings')?.id,
  }
}

function onePerVendor(models: readonly ClientModel[]): readonly ClientModel[] {
  const vendors = models.map(({ id }) => id.split('.')[0])
  return models.filter((_, at) => vendors.indexOf(vendors[at]) === at)
}

function distinct(models: readonly ClientModel[]): readonly ClientModel[] {
  return [...new Map(models.map((model) => [model.id, model])).values()]
}

/** The base URL without `/v1`, of `--url`, `--port` or `PORT`. */
function addressOf({ url, port }: TargetFlags, env: Environment): string {
  if (url !== undefined && port !== undefined) throw usageError('Use either --url or --port')
  if (url !== undefined) return checkedUrl(url)
  const number = port ?? (env['PORT'] || DEFAULT_PORT)
  const isPort = /^\d{1,5}$/.test(number) && Number(number) > 0 && Number(number) < 65_536
  if (!isPort) {
    throw usageError(`${port === undefined ? 'PORT' : '--port'} must be a port from 1 to 65535`)
  }
  return `http://127.0.0.1:${Number(number)}`
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search || url.hash) {
    throw usageError('--url must be an address such as https://gateway.example.com')
  }
  if (url.username || url.password) {
    throw usageError('--url must not have a user name or password. Set the API key with --key')
  }
  // Clients of each API need the address without the version.
  const segments = url.pathname.split('/').filter(Boolean)
  if (segments.at(-1) === 'v1') segments.pop()
  if (segments.includes('v1')) {
    throw usageError('--url must be the base URL of the gateway, without the path of an endpoint')
  }
  return [url.origin, ...segments].join('/')
}

function keyOf({ key }: TargetFlags, env: Environment): string {
  const first = env['GATEWAY_API_KEYS']?.split(',').map((text) => text.trim()).find(Boolean)
  const selected = key ?? first ?? NO_KEY
  if (/^[\x21-\x7e]+$/.test(selected)) return selected
  throw usageError('The API key must have no spaces, line breaks or characters beyond ASCII')
}
