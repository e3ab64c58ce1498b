import type { ClientModel } from '../../clients/client.ts'
import { CATALOGUE } from '../../oci/models/catalogue.ts'
import { modelProfile } from '../../oci/models/profiles.ts'
import { isJsonObject } from '../../json-object.ts'
import type { Host } from '../host.ts'

/** What a gateway answered to a request for its models. */
export type ModelsAnswer =
  | { state: 'listed'; models: readonly OfferedModel[] }
  | { state: 'unauthorized' }
  /** Nothing answered, or something else than a gateway. */
  | { state: 'unreachable' }

/** A model of the list, with its task. */
export interface OfferedModel extends ClientModel {
  task: 'chat' | 'embeddings' | 'other'
}

/** Milliseconds for the list, which only completes the configuration. */
const LIST_TIMEOUT = 5_000

/** Values for models of which neither the gateway nor the built-in table knows more. */
const DEFAULT_CONTEXT_WINDOW = 128_000

/** Asks the gateway for its models. */
export async function fetchModels(
  { fetch, signal }: Pick<Host, 'fetch' | 'signal'>,
  { url, key }: { url: string; key: string },
): Promise<ModelsAnswer> {
  try {
    const response = await fetch(`${url}/v1/models`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIST_TIMEOUT)]),
    })
    if (response.status === 401) return { state: 'unauthorized' }
    const body: unknown = await response.json()
    if (!response.ok || !isJsonObject(body) || !Array.isArray(body['data'])) {
      return { state: 'unreachable' }
    }
    return { state: 'listed', models: body['data'].filter(isJsonObject).map(readCard) }
  } catch {
    signal.throwIfAborted()
    return { state: 'unreachable' }
  }
}

function readCard(card: Readonly<Record<string, unknown>>): OfferedModel {
  const id = String(card['id'])
  const known = knownModel(id, typeof card['root'] === 'string' ? card['root'] : id)
  const capabilities = isJsonObject(card['capabilities']) ? card['capabilities'] : {}
  const { chat, embeddings, tools, vision, reasoning } = capabilities
  return {
    id,
    contextWindow: positive(card['context_window']) ?? known.contextWindow,
    maxOutputTokens: positive(card['max_output_tokens']) ?? known.maxOutputTokens,
    images: typeof vision === 'boolean' ? vision : known.images,
    tools: typeof tools === 'boolean' ? tools : known.tools,
    reasoning: typeof reasoning === 'boolean' ? reasoning : known.reasoning,
    task: chat === true ? 'chat' : embeddings === true ? 'embeddings' : 'other',
  }
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined
}

/** The models of the built-in list, for a gateway that does not answer. */
export function builtInModels(): readonly OfferedModel[] {
  return CATALOGUE.map((id) => ({ ...knownModel(id), task: taskOf(id) }))
}

function taskOf(id: string): OfferedModel['task'] {
  if (id.includes('.rerank')) return 'other'
  return id.includes('.embed-') ? 'embeddings' : 'chat'
}

/** What the built-in table knows about a model. */
export function knownModel(id: string, profiled: string = id): ClientModel {
  const profile = modelProfile(profiled)
  const contextWindow = profile.contextWindow ?? DEFAULT_CONTEXT_WINDOW
  const output = profile.maxOutputTokens ?? profile.defaultOutputTokens
  return {
    id,
    contextWindow,
    // Clients subtract it from the context window.
    maxOutputTokens: Math.min(output, contextWindow / 4),
    images: profile.inputs.includes('image'),
    tools: profile.tools,
    reasoning: profile.reasoning,
  }
}
