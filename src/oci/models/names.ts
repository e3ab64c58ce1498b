import { ApiError } from '../../errors.ts'
import { longestMatch } from './profiles.ts'

/** Prefixes that clients add to a model's name to select a provider. */
const PREFIXES = ['oci/', 'openai-compatible/']

/** Returns OCI's model for a client's name: that of an alias, or the name without a prefix. */
export function resolveAlias(name: string, aliases: ReadonlyMap<string, string>): string {
  const bare = withoutPrefix(name)
  const model = aliased(name, aliases) ?? aliased(bare, aliases) ?? bare
  if (model !== '') return model
  throw new ApiError('invalid_request', '"model" must not be empty', {
    param: 'model',
  })
}

/** Creates OCI's serving mode: on demand for a name or OCID of a model, else dedicated. */
export function servingMode(model: string): ServingMode {
  return model.startsWith('ocid1.generativeaiendpoint.')
    ? { servingType: 'DEDICATED', endpointId: model }
    : { servingType: 'ON_DEMAND', modelId: model }
}

/** OCI's reference to a model on demand or to a dedicated endpoint. */
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
