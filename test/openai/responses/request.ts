import { validate } from '../../../src/routes/read-json.ts'
import { type DecodedRequest, decodeRequest } from '../../../src/openai/responses/decode.ts'
import { recall } from '../../../src/openai/responses/recall.ts'
import { ResponsesRequest, TranslatedRequest } from '../../../src/openai/responses/schema.ts'

/** A minimal request with `part`. */
export function body(part: object = {}): object {
  return { model: 'acme.one', input: 'Hi', ...part }
}

/** The request as the schema checks it, with its text as a message. */
export async function read(part: object = {}): Promise<TranslatedRequest> {
  const loose = validate(ResponsesRequest, body(part))
  const { own } = await recall(loose, { store: undefined, owner: '' })
  return validate(TranslatedRequest, { ...loose, input: own })
}

/** Decodes such a request as the route does without a store. */
export async function decode(part: object = {}): Promise<DecodedRequest> {
  return decodeRequest(await read(part), { previous: [], isStored: false })
}
