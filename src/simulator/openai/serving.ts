import type { Model } from '../catalogue.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { findServing as findNative, type Serving } from '../serving.ts'
import { unknownModel, unsupportedOperation } from './refusal.ts'

/** Models that only this endpoint has, beside those it shares with the native one. */
const OWN_MODELS: ReadonlyMap<string, Model> = new Map(
  ([
    ['openai.gpt-audio', { inputs: ['TEXT', 'AUDIO'] }],
    ['openai.gpt-5.5-pro', { context: 400_000, inputs: ['TEXT', 'IMAGE'], reasoning: true }],
    ['openai.text-embedding-3-small', { capability: 'TEXT_EMBEDDINGS', context: 8_192 }],
    ['openai.text-embedding-3-large', { capability: 'TEXT_EMBEDDINGS', context: 8_192 }],
  ] satisfies [string, Partial<Model>][]).map(([name, traits]) => [name, ownModel(name, traits)]),
)

/** Finds the chat model, or the dedicated endpoint, that `model` names. */
export function findServing(named: string, host: string, now: number): Serving | Refusal {
  return find(named, 'CHAT', host, now)
}

/** Finds the model that `model` names, if it makes embeddings. */
export function findEmbedder(named: string, host: string, now: number): Serving | Refusal {
  return find(named, 'TEXT_EMBEDDINGS', host, now)
}

function find(
  named: string,
  capability: Model['capability'],
  host: string,
  now: number,
): Serving | Refusal {
  const own = OWN_MODELS.get(named)
  if (own && own.capability !== capability) return unsupportedOperation(`no ${capability}`)
  if (own) return { model: own, named, directives: new Map(), outputCap: Infinity }
  // Cohere is left out whatever is asked of it, and whether or not there is such a model.
  if (named.startsWith('cohere.')) return unsupportedOperation('Cohere')
  const mode = named.startsWith('ocid1.generativeaiendpoint.')
    ? { servingType: 'DEDICATED', endpointId: named } as const
    : { servingType: 'ON_DEMAND', modelId: named } as const
  const serving = findNative(mode, capability, host, now)
  if (isRefusal(serving)) return unknownModel(named)
  return serving.model.name.startsWith('cohere.') ? unsupportedOperation('Cohere') : serving
}

function ownModel(name: string, traits: Partial<Model>): Model {
  return {
    name,
    capability: 'CHAT',
    context: 128_000,
    inputs: ['TEXT'],
    reasoning: false,
    created: '2025-11-01T00:00:00.000Z',
    ...traits,
  }
}
