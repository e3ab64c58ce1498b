import type { Model } from '../catalogue.ts'
import { isServiceError, type ServiceError } from '../service-error.ts'
import { type ResolvedModel, resolveModel as resolveNative } from '../resolve-model.ts'
import { unknownModel, unsupportedOperation } from './error.ts'

/** Models that only this endpoint offers. */
const OWN_MODELS: ReadonlyMap<string, Model> = new Map(
  ([
    ['openai.gpt-audio', { inputs: ['TEXT', 'AUDIO'] }],
    ['openai.gpt-5.5-pro', { contextWindow: 400_000, inputs: ['TEXT', 'IMAGE'], reasoning: true }],
    ['openai.text-embedding-3-small', { capability: 'TEXT_EMBEDDINGS', contextWindow: 8_192 }],
    ['openai.text-embedding-3-large', { capability: 'TEXT_EMBEDDINGS', contextWindow: 8_192 }],
  ] satisfies [string, Partial<Model>][]).map(([name, traits]) => [name, ownModel(name, traits)]),
)

/** Resolves `model` to a chat model or a dedicated endpoint. */
export function resolveModel(
  requestedId: string,
  host: string,
  now: number,
): ResolvedModel | ServiceError {
  return find(requestedId, 'CHAT', host, now)
}

/** Resolves `model` to an embedding model. */
export function resolveEmbeddingModel(
  requestedId: string,
  host: string,
  now: number,
): ResolvedModel | ServiceError {
  return find(requestedId, 'TEXT_EMBEDDINGS', host, now)
}

function find(
  requestedId: string,
  capability: Model['capability'],
  host: string,
  now: number,
): ResolvedModel | ServiceError {
  const own = OWN_MODELS.get(requestedId)
  if (own && own.capability !== capability) return unsupportedOperation(`no ${capability}`)
  const names = { requestedId, answeredId: requestedId }
  if (own) return { model: own, ...names, directives: new Map(), maxOutputTokens: Infinity }
  // The endpoint rejects every Cohere name before it looks the model up.
  if (requestedId.startsWith('cohere.')) return unsupportedOperation('Cohere')
  const mode = requestedId.startsWith('ocid1.generativeaiendpoint.')
    ? { servingType: 'DEDICATED', endpointId: requestedId } as const
    : { servingType: 'ON_DEMAND', modelId: requestedId } as const
  const target = resolveNative(mode, capability, host, now)
  if (isServiceError(target)) return unknownModel(requestedId)
  return target.model.name.startsWith('cohere.') ? unsupportedOperation('Cohere') : target
}

function ownModel(name: string, traits: Partial<Model>): Model {
  return {
    name,
    capability: 'CHAT',
    contextWindow: 128_000,
    inputs: ['TEXT'],
    reasoning: false,
    created: '2025-11-01T00:00:00.000Z',
    ...traits,
  }
}
