import { decodeJson } from '../../oci/actions/embeddings/decode.ts'
import type { Experiment } from './experiment.ts'

/** The model that is asked for embeddings. */
export const EMBED_MODEL = 'cohere.embed-v4.0'

/** Asks for a vector as numbers and in base64, which have to be the same. */
export function embeddingTypeCase(): Experiment {
  const body = {
    servingMode: { servingType: 'ON_DEMAND', modelId: EMBED_MODEL },
    ...{ inputs: ['one'], inputType: 'SEARCH_DOCUMENT', outputDimensions: 256 },
  }
  return {
    ...{ question: 'embedding_type_case', model: EMBED_MODEL, action: 'embedText', maxOutput: 0 },
    variants: [
      ...([['base64', 'float', 'lower'], ['BASE64', 'FLOAT', 'upper']] as const)
        .map(([base64Embeddings, float, name]) => ({
          shows: `embeddingTypes are in ${name} case`,
          finding: { models: { 'cohere.embed-v4*': { base64Embeddings } } },
          body: { ...body, embeddingTypes: [float, base64Embeddings] },
          isExpected: isBase64OfFloats,
        })),
      { shows: 'embeddingTypes give no base64 of 32-bit floats', finding: {}, body },
    ],
  }
}

/** Numbers may be rounded. */
const TOLERANCE = 1e-3

function isBase64OfFloats(answer: unknown): boolean {
  const [numbers] = decodeJson(answer, 1)?.vectors ?? []
  const [text] = decodeJson(answer, 1, 'base64')?.vectors ?? []
  if (typeof text !== 'string' || typeof numbers !== 'object') return false
  const floats = readFloats(text)
  return floats?.length === numbers.length &&
    floats.every((float, at) => Math.abs(float - (numbers[at] ?? NaN)) < TOLERANCE)
}

/** Floats of 32 bits in little-endian order; `undefined` if the text is not base64. */
function readFloats(text: string): number[] | undefined {
  try {
    const view = new DataView(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer)
    return Array.from(
      { length: view.byteLength / 4 },
      (_, at) => view.getFloat32(at * 4, true),
    )
  } catch {
    return undefined
  }
}
