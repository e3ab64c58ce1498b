import type { EmbeddingReply } from '../../embeddings/model.ts'

export interface EncodingOptions {
  /** The model's name as the client wrote it. */
  model: string
  format: 'float' | 'base64'
}

/** OpenAI's list of embeddings. */
export interface EmbeddingList {
  object: 'list'
  data: { object: 'embedding'; index: number; embedding: readonly number[] | string }[]
  model: string
  usage: { prompt_tokens: number; total_tokens: number }
}

/** Encodes the vectors in order. Without usage the counts are 0, since clients add them up. */
export function encodeReply(
  { vectors, usage }: EmbeddingReply,
  { model, format }: EncodingOptions,
): EmbeddingList {
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: format === 'float' || typeof vector === 'string'
        ? vector
        : encodeBase64(floatBytes(vector)),
    })),
    model,
    usage: { prompt_tokens: usage?.prompt ?? 0, total_tokens: usage?.total ?? 0 },
  }
}

/** 32-bit floats in little-endian order on every machine. */
function floatBytes(vector: readonly number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(vector.length * 4))
  for (const [index, number] of vector.entries()) view.setFloat32(index * 4, number, true)
  return new Uint8Array(view.buffer)
}

/** Maximum arguments of one call, well below the limit of every engine. */
const MAX_ARGUMENTS = 4_096

/** Uses the engine's own encoder if there is one: it takes a tenth of the time (measured). */
function encodeBase64(bytes: Uint8Array<ArrayBuffer>): string {
  const { toBase64 }: { toBase64?: () => string } = bytes
  if (toBase64) return toBase64.call(bytes)
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / MAX_ARGUMENTS) },
    (_, index) => bytes.subarray(index * MAX_ARGUMENTS, (index + 1) * MAX_ARGUMENTS),
  )
  return btoa(pieces.map((piece) => String.fromCharCode(...piece)).join(''))
}
