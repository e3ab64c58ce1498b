import type { Action } from '../action.ts'
import { charactersOf } from '../billing/meter.ts'
import type { Model } from '../catalogue.ts'
import type { Directives } from '../directives.ts'
import { type ResolvedModel, resolveModel } from '../resolve-model.ts'
import { countTokens, tokenize } from '../text-tokens.ts'
import { encodeVectors } from './encodings.ts'
import { dimensionsOf, type EmbedTextDetails, isVersion4, type Item, itemsOf } from './request.ts'
import { validateEmbedRequest } from './rules.ts'
import { vectorOf } from './vector.ts'

/** The tokens of an image of 512 by 512 pixels; the simulator counts every image so. */
const IMAGE_TOKENS = 1_610

/** `POST /20231130/actions/embedText` */
export const EMBED_TEXT: Action<EmbedTextDetails, ResolvedModel> = {
  details: 'EmbedTextDetails',
  findTarget: ({ servingMode }, host, now) =>
    resolveModel(servingMode, 'TEXT_EMBEDDINGS', host, now),
  textOf: (details) =>
    itemsOf(details).filter(({ kind }) => kind === 'text').map(({ value }) => value).join('\n'),
  validate: (details, { model }) => validateEmbedRequest(details, model),
  useOf: (details) => ({
    promptCharacters: charactersOf(
      itemsOf(details).filter(({ kind }) => kind === 'text').map(({ value }) => value),
    ),
  }),
  answer,
}

function answer(
  details: EmbedTextDetails,
  { model, requestedId }: ResolvedModel,
  directives: Directives,
): object {
  const { inputs, embedContents, isEcho, outputDimensions } = details
  const items = itemsOf(details).map((item) => truncateItem(item, details, model))
  const dimensions = outputDimensions ?? dimensionsOf(model)
  const vectors = items.map(({ value }) => vectorOf(value, dimensions))
  return {
    id: crypto.randomUUID(),
    ...(isEcho !== true ? {} : inputs === undefined ? { embedContents } : { inputs }),
    ...embeddingsOf(vectors, details, directives),
    modelId: requestedId,
    modelVersion: isVersion4(model) ? '4.0' : '3.0',
    ...countsOf(items, model, directives),
  }
}

function truncateItem(item: Item, { truncate }: EmbedTextDetails, { contextWindow }: Model): Item {
  const tokens = tokenize(item.value)
  if (item.kind === 'image' || tokens.length <= contextWindow) return item
  const kept = truncate === 'START' ? tokens.slice(-contextWindow) : tokens.slice(0, contextWindow)
  return { ...item, value: kept.join('') }
}

/** A request with `embeddingTypes` gets `embeddingsByType` and an empty `embeddings`. */
function embeddingsOf(
  vectors: readonly (readonly number[])[],
  { embeddingTypes }: EmbedTextDetails,
  directives: Directives,
): object {
  if (!embeddingTypes) return { embeddings: vectors }
  const embeddingsByType = Object.fromEntries(
    embeddingTypes.map((type) => [
      directives.has('upper-case') ? type.toUpperCase() : type,
      encodeVectors(vectors, type),
    ]),
  )
  return { embeddings: [], embeddingsByType }
}

/** Older models return a count for each input, version 4 one usage for all. */
function countsOf(items: readonly Item[], model: Model, directives: Directives): object {
  if (directives.has('no-usage')) return {}
  const counts = items.map(({ kind, value }) =>
    kind === 'image' ? IMAGE_TOKENS : countTokens(value)
  )
  if (!isVersion4(model) || directives.has('token-counts')) return { inputTextTokenCounts: counts }
  const total = counts.reduce((sum, count) => sum + count, 0)
  return { usage: { completionTokens: 0, promptTokens: total, totalTokens: total } }
}
