import { validate } from '../../../src/routes/read-json.ts'
import { type DecodedRequest, decodeRequest } from '../../../src/openai/responses/decode.ts'
import { recall } from '../../../src/openai/responses/recall.ts'
import { ResponsesRequest, TranslatedRequest } from '../../../src/openai/responses/schema.ts'

/** The least a client can ask, with `part` beside it. */
export function body(part: object = {}): object {
  return { model: 'acme.one', input: 'Hi', ...part }
}

/** Such a request as it is held to the schema, its text made a message. */
export async function read(part: object = {}): Promise<TranslatedRequest> {
  const loose = validate(ResponsesRequest, body(part))
  const { own } = await recall(loose, { store: undefined, owner: '' })
  return validate(TranslatedRequest, { ...loose, input: own })
}

/** What is read of such a request, as the route reads it where nothing is kept. */
export async function decode(part: object = {}): Promise<DecodedRequest> {
  return decodeRequest(await read(part), { previous: [], isStored: false })
}
