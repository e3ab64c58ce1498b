import * as v from 'valibot'
import {
  type ClientContext,
  type ClientReader,
  type ClientReading,
  isSameAddress,
  jsonLine,
} from './client-settings.ts'
import { parseJson } from './parse.ts'

const Provider = v.looseObject({
  baseUrl: v.optional(v.string()),
  api: v.optional(v.string()),
  // A reference to a secret is an object.
  apiKey: v.optional(v.unknown()),
})
const Model = v.union([v.string(), v.looseObject({ primary: v.optional(v.string()) })])
const Config = v.looseObject({
  models: v.optional(
    v.looseObject({ providers: v.optional(v.record(v.string(), Provider), {}) }),
    { providers: {} },
  ),
  agents: v.optional(
    v.looseObject({ defaults: v.optional(v.looseObject({ model: v.optional(Model) })) }),
  ),
})

/** OpenClaw: `~/.openclaw/openclaw.json`, in JSON5 */
export const openclaw: ClientReader = {
  needsFile: true,
  parse: (text) => parseJson(text, 'json5'),
  read,
}

function read(file: unknown, { env, address }: ClientContext): ClientReading {
  const config = v.safeParse(Config, file)
  if (!config.success) return { type: 'missing', problem: 'its settings have other types' }
  const { models: { providers }, agents } = config.output
  const id = 'oci' in providers
    ? 'oci'
    : Object.keys(providers).find((name) => isSameAddress(providers[name]?.baseUrl ?? '', address))
  const provider = id === undefined ? undefined : providers[id]
  if (!provider?.baseUrl) return { type: 'missing', problem: 'it has no provider "oci"' }
  const model = agents?.defaults?.model
  const primary = typeof model === 'string' ? model : model?.primary
  const isKnownApi = /^(openai-completions|openai-responses|anthropic-messages)$/
  const settings = {
    baseUrl: provider.baseUrl,
    changeUrl: (url: string) => jsonLine('baseUrl', url),
    endsWithV1: provider.api !== 'anthropic-messages',
    changeApi: isKnownApi.test(provider.api ?? '')
      ? undefined
      : jsonLine('api', 'openai-completions'),
    apiKey: keyOf(provider.apiKey, env),
    keyState: `the provider "${id}" has no apiKey`,
    changeKey: jsonLine('apiKey', '${GATEWAY_API_KEY}'),
    model: primary?.startsWith(`${id}/`) ? primary.slice(`${id}/`.length) : undefined,
    changeModel: (name: string) => jsonLine('primary', `${id}/${name}`),
  }
  return { type: 'read', settings }
}

/** The text, the variable in `${NAME}`, or a secret that OpenClaw gets elsewhere. */
function keyOf(apiKey: unknown, env: ClientContext['env']): string | undefined {
  if (typeof apiKey === 'object' && apiKey !== null) return '(secret)'
  if (typeof apiKey !== 'string') return undefined
  const [, variable] = /^\$\{(\w+)\}$/.exec(apiKey) ?? []
  return (variable === undefined ? apiKey : env[variable]?.trim()) || undefined
}
