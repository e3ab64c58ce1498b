import { countTokens } from '../../src/anthropic/messages/count-tokens.ts'
import { decodeRequest as decodeMessages } from '../../src/anthropic/messages/decode.ts'
import { MessagesRequest } from '../../src/anthropic/messages/schema.ts'
import { flattenToolTurns } from '../../src/chat/flatten.ts'
import { repairMessages } from '../../src/chat/repair.ts'
import type { ChatRequest } from '../../src/chat/model.ts'
import { decodeRequest as decodeRerank } from '../../src/cohere/rerank/decode.ts'
import { RerankBody } from '../../src/cohere/rerank/schema.ts'
import { ApiError } from '../../src/errors.ts'
import { replyHeaders } from '../../src/middleware/reply-headers.ts'
import { decodeRequest as decodeChat } from '../../src/openai/chat/decode.ts'
import { ChatCompletionRequest } from '../../src/openai/chat/schema.ts'
import { decodeRequest as decodeCompletions } from '../../src/openai/completions/decode.ts'
import { CompletionsRequest } from '../../src/openai/completions/schema.ts'
import { decodeRequest as decodeEmbeddings } from '../../src/openai/embeddings/decode.ts'
import { EmbeddingsRequest } from '../../src/openai/embeddings/schema.ts'
import { decodeRequest as decodeModerations } from '../../src/openai/moderations/decode.ts'
import { ModerationsRequest } from '../../src/openai/moderations/schema.ts'
import { decodeRequest as decodeResponses } from '../../src/openai/responses/decode.ts'
import { echoOf } from '../../src/openai/responses/echo.ts'
import { recall, withItemIds } from '../../src/openai/responses/recall.ts'
import { ResponsesRequest, TranslatedRequest } from '../../src/openai/responses/schema.ts'
import type { ResponseStore, StoredItem } from '../../src/openai/responses/store.ts'
import { isDeeper } from '../../src/json-depth.ts'
import { validate } from '../../src/routes/read-json.ts'
import { unknownMembers } from '../../src/routes/read-json.ts'
import { runAtOnce } from '../../src/steps.ts'

/** The decoding of a request up to the neutral model, before OCI's formats. */
export const DECODERS = {
  chat(json) {
    const { request, warnings } = decodeChat(validate(ChatCompletionRequest, parse(json)))
    finish(request, warnings)
  },
  async responses(json, store) {
    const body = validate(ResponsesRequest, parse(json))
    const { own } = await recall(body, { store, owner: '' })
    const read = validate(TranslatedRequest, { ...body, input: own })
    const { request, warnings } = decodeResponses(read, { previous: [], isStored: true })
    echoOf(read, body, { isStored: true })
    withItemIds(own as StoredItem[], 'resp_gwabcdefghijklmnopqrstuvwx')
    finish(request, warnings)
  },
  messages(json) {
    const { request, warnings } = decodeMessages(validate(MessagesRequest, parse(json)))
    finish(request, warnings)
  },
  completions(json) {
    const body = validate(CompletionsRequest, parse(json))
    const { requests: [first], warnings } = decodeCompletions(body)
    unknownMembers(body, CompletionsRequest)
    // All prompts are decoded; the route limits how many are sent.
    finish(first, warnings)
  },
  embeddings(json) {
    decodeEmbeddings(validate(EmbeddingsRequest, parse(json)))
  },
  moderations(json) {
    decodeModerations(validate(ModerationsRequest, parse(json)))
  },
  rerank(json) {
    const body = validate(RerankBody, parse(json))
    replyHeaders({ warnings: unknownMembers(body, RerankBody) })
    decodeRerank(body)
  },
} satisfies Record<string, (json: string, store: ResponseStore | undefined) => unknown>

export type ClientApi = keyof typeof DECODERS

/** Decodes a request; a rejection with an `ApiError` also counts as success. */
export async function decode(
  api: ClientApi,
  json: string,
  store?: ResponseStore,
): Promise<'accepted' | 'refused'> {
  try {
    await DECODERS[api](json, store)
    return 'accepted'
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return 'refused'
    throw error
  }
}

function parse(json: string): unknown {
  if (isDeeper(json, 128)) throw new ApiError('invalid_request', 'too deep')
  return JSON.parse(json)
}

function finish(request: ChatRequest, warnings: readonly string[]): void {
  const repaired = runAtOnce(repairMessages(request.messages))
  flattenToolTurns(repaired.messages)
  countTokens(request)
  replyHeaders({ warnings: [...warnings, ...repaired.warnings] })
}
