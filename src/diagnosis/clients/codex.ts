import * as v from 'valibot'
import type { ClientContext, ClientReader, ClientReading } from './client-settings.ts'
import { parseToml } from './parse.ts'

const Provider = v.looseObject({
  base_url: v.optional(v.string()),
  env_key: v.optional(v.string()),
  experimental_bearer_token: v.optional(v.string()),
  wire_api: v.optional(v.string()),
})
const Config = v.looseObject({
  model: v.optional(v.string()),
  model_provider: v.optional(v.string()),
  model_providers: v.optional(v.record(v.string(), Provider), {}),
})

/** The variable that the pages of the clients use. */
const KEY_VARIABLE = 'OCI_GATEWAY_KEY'

/** Codex: `~/.codex/config.toml` */
export const codex: ClientReader = {
  needsFile: true,
  parse: parseToml,
  read,
}

function read(file: unknown, { env }: ClientContext): ClientReading {
  const config = v.safeParse(Config, file)
  if (!config.success) return { type: 'missing', problem: 'its settings have other types' }
  const { model, model_provider: id, model_providers: providers } = config.output
  const provider = id === undefined ? undefined : providers[id]
  if (provider?.base_url === undefined) {
    return { type: 'missing', problem: 'model_provider names no provider with a base_url' }
  }
  const { base_url: baseUrl, env_key: variable, experimental_bearer_token: token } = provider
  const key = token ?? (variable === undefined ? undefined : env[variable]?.trim())
  const settings = {
    baseUrl,
    changeUrl: (url: string) => `base_url = ${JSON.stringify(url)}`,
    endsWithV1: true,
    changeApi: provider.wire_api === 'responses' ? undefined : 'wire_api = "responses"',
    apiKey: key || undefined,
    keyState: variable === undefined
      ? `the provider "${id}" has no env_key`
      : `${variable} is not set in this shell`,
    changeKey: variable === undefined
      ? `env_key = "${KEY_VARIABLE}"`
      : `export ${variable}="\${GATEWAY_API_KEYS%%,*}"`,
    model,
    changeModel: (name: string) => `model = ${JSON.stringify(name)}`,
  }
  return { type: 'read', settings }
}
