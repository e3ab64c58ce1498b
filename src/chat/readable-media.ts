import type { MediaPart } from './model.ts'

/** What a model can read. */
export interface ReadableMedia {
  /** The model's name. */
  model: string
  inputs: readonly ('text' | MediaPart['type'])[]
  /** Maximum images of one request; `undefined` if it has no known limit. */
  maxImages: number | undefined
}

/** Says why a part of another type is left out: `xai.grok-3 reads text only`. */
export function readsOnly({ model, inputs }: Pick<ReadableMedia, 'model' | 'inputs'>): string {
  const list = inputs.join(', ').replace(/, (\w+)$/, ' and $1')
  return `${printable(model)} reads ${list} only`
}

/** Says why an image beyond the maximum is left out. */
export function readsImages({ model, maxImages = 0 }: ReadableMedia): string {
  return `${printable(model)} reads ${maxImages} image${maxImages === 1 ? '' : 's'} per request`
}

/** The text in place of a part that is left out. */
export function omissionNote(type: MediaPart['type'], reason: string): string {
  return `[${type} omitted: ${reason}]`
}

/** The warning about such a part. */
export function omissionWarning(at: string, type: MediaPart['type'], reason: string): string {
  return `${at}: ${type} omitted, ${reason}`
}

/** Warnings are a header, which has ASCII only. */
export function printable(model: string): string {
  return model.replace(/[^\x21-\x7e]/g, '?')
}
