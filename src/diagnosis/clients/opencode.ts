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
  options: v.optional(
    v.looseObject({ baseURL: v.optional(v.string()), apiKey: v.optional(v.string()) }),
    {},
  ),
})
const Config = v.looseObject({
  model: v.optional(v.string()),
  provider: v.optional(v.record(v.string(), Provider), {}),
})

/** opencode: `~/.config/opencode/opencode.json` */
export const opencode: ClientReader = {
  needsFile: true,
  parse: (text) => parseJson(text, 'jsonc'),
  read,
}

function read(file: unknown, { env, address }: ClientContext): ClientReading {
  const config = v.safeParse(Config, file)
  if (!config.success) return { type: 'missing', problem: 'its settings have other types' }
  const { provider: providers, model } = config.output
  const id = 'oci' in providers ? 'oci' : Object.keys(providers)
    .find((name) => isSameAddress(providers[name]?.options.baseURL ?? '', address))
  const options = id === undefined ? undefined : providers[id]?.options
  if (!options?.baseURL) return { type: 'missing', problem: 'no provider has its base URL' }
  const [, variable] = /^\{env:(\w+)\}$/.exec(options.apiKey ?? '') ?? []
  const key = variable === undefined ? options.apiKey : env[variable]?.trim()
  const settings = {
    baseUrl: options.baseURL,
    changeUrl: (url: string) => jsonLine('baseURL', url),
    endsWithV1: true,
    changeApi: undefined,
    apiKey: key || undefined,
    keyState: variable === undefined
      ? `the provider "${id}" has no apiKey`
      : `${variable} is not set in this shell`,
    changeKey: jsonLine('apiKey', '{env:GATEWAY_API_KEY}'),
    model: model?.startsWith(`${id}/`) ? model.slice(`${id}/`.length) : undefined,
    changeModel: (name: string) => jsonLine('model', `${id}/${name}`),
  }
  return { type: 'read', settings }
}
