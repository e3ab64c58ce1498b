import { asObject } from '../json.ts'
import { isRoutingProfile, ocidKind } from './ocid.ts'

/** More characters than any model's name has. */
const MAX_NAME = 200

/**
 * Returns OCI's name of the model that answered for a routing profile, from an answer or an event of
 * it. `undefined` for other models, which are known before, and for an answer that does not say it.
 */
export function answeringModel(json: unknown, requested: string): string | undefined {
  if (!isRoutingProfile(requested)) return undefined
  const { modelId, model = modelId, response } = asObject(json) as Record<string, unknown>
  const { model: inEvent } = asObject(response) as { model?: unknown }
  const name = model ?? inEvent
  const isName = typeof name === 'string' && name !== '' && name.length <= MAX_NAME
  return isName && ocidKind(name) === undefined ? name.toLowerCase() : undefined
}
