import { toBase64 } from '../base64.ts'

/** The values of `embeddingTypes`. */
export type EmbeddingType = 'float' | 'int8' | 'uint8' | 'binary' | 'ubinary' | 'base64'

/** Encodes vectors as one of the `embeddingTypes`. */
export function encodeVectors(
  vectors: readonly (readonly number[])[],
  type: EmbeddingType,
): readonly unknown[] {
  switch (type) {
    case 'float':
      return vectors
    case 'int8':
      return vectors.map((vector) => vector.map(toSignedByte))
    case 'uint8':
      return vectors.map((vector) => vector.map((value) => toSignedByte(value) + 128))
    case 'ubinary':
      return vectors.map(packBits)
    case 'binary':
      return vectors.map((vector) => packBits(vector).map((byte) => byte - 128))
    case 'base64':
      return vectors.map(encodeFloats)
  }
}

function toSignedByte(value: number): number {
  return Math.max(-128, Math.min(127, Math.round(value * 127)))
}

/** Packs the signs of eight values into a byte, the first as the highest bit. */
function packBits(vector: readonly number[]): number[] {
  return Array.from(
    { length: Math.ceil(vector.length / 8) },
    (_, at) =>
      vector.slice(at * 8, at * 8 + 8)
        .reduce((byte, value, place) => byte | (value > 0 ? 0x80 >> place : 0), 0),
  )
}

/** Little-endian floats of 32 bits. */
function encodeFloats(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4))
  vector.forEach((value, at) => view.setFloat32(at * 4, value, true))
  const bytes = new Uint8Array(view.buffer)
  return toBase64(bytes)
}
