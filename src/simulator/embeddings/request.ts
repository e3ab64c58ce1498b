import type { Model } from '../catalogue.ts'
import type { ServingMode } from '../resolve-model.ts'
import type { EmbeddingType } from './encodings.ts'

/** The body of `embedText`. */
export interface EmbedTextDetails {
  compartmentId: string
  servingMode: ServingMode
  inputs?: readonly string[]
  embedContents?: readonly EmbedContent[]
  isEcho?: boolean
  embeddingTypes?: readonly EmbeddingType[]
  outputDimensions?: number
  truncate?: 'NONE' | 'START' | 'END'
  inputType?: 'SEARCH_DOCUMENT' | 'SEARCH_QUERY' | 'CLASSIFICATION' | 'CLUSTERING' | 'IMAGE'
}

export interface EmbedContent {
  type: 'TEXT' | 'IMAGE'
  text?: string
  imageUrl?: { url: string }
}

/** An input of an embedding request. */
export interface Item {
  kind: 'text' | 'image'
  /** The text or the image's URL. */
  value: string
}

/** All inputs of a request, in order. */
export function itemsOf({ inputs, embedContents, inputType }: EmbedTextDetails): readonly Item[] {
  const kind = inputType === 'IMAGE' ? 'image' : 'text'
  const listed = (inputs ?? []).map((value): Item => ({ kind, value }))
  const contents = (embedContents ?? []).map(({ type, text, imageUrl }): Item =>
    type === 'IMAGE'
      ? { kind: 'image', value: imageUrl?.url ?? '' }
      : { kind: 'text', value: text ?? '' }
  )
  return [...listed, ...contents]
}

/** Whether a model is version 4, which supports output dimensions and mixed contents. */
export function isVersion4({ name }: Model): boolean {
  return name.includes('embed-v4')
}

/** The default dimensions of a model. */
export function dimensionsOf(model: Model): number {
  if (isVersion4(model)) return 1_536
  return model.name.includes('-light-') ? 384 : 1_024
}
