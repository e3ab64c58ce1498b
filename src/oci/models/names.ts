import { ApiError } from '../../errors.ts'
import { longestMatch } from './profiles.ts'

/** Prefixes that clients put before a model's name to say which provider is meant. */
const PREFIXES = ['oci/', 'openai-compatible/']

/** OCI's name of the model a client means: by alias, else without a provider's prefix. */
export function resolveAlias(name: string, aliases: ReadonlyMap<string, string>): string {
  const bare = withoutPrefix(name)
  const model = aliased(name, aliases) ?? aliased(bare, aliases) ?? bare
  if (model !== '') return model
  throw new ApiError('invalid_request', 'Cannot choose a model: "model" names none', {
    param: 'model',
  })
}

/** How OCI is told which model serves: by name or OCID on demand, or by a dedicated endpoint. */
export function servingMode(model: string): ServingMode {
  return model.startsWith('ocid1.generativeaiendpoint.')
    ? { servingType: 'DEDICATED', endpointId: model }
    : { servingType: 'ON_DEMAND', modelId: model }
}

export type ServingMode =
  | { servingType: 'ON_DEMAND'; modelId: string }
  | { servingType: 'DEDICATED'; endpointId: string }

function aliased(name: string, aliases: ReadonlyMap<string, string>): string | undefined {
  const pattern = longestMatch(name, aliases.keys())
  return pattern === undefined ? undefined : aliases.get(pattern)
}

function withoutPrefix(name: string): string {
  const prefix = PREFIXES.find((candidate) => name.startsWith(candidate)) ?? ''
  return name.slice(prefix.length)
}
