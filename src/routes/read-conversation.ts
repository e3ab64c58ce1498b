import type { Context } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { type DecodedRequest, decodeRequest } from '../openai/responses/decode.ts'
import { recall } from '../openai/responses/recall.ts'
import { type ResponsesRequest, TranslatedRequest } from '../openai/responses/schema.ts'
import type { StoredItem } from '../openai/responses/store.ts'
import { ownerOf } from './owner.ts'
import type { RouteContext } from './context.ts'
import { validate } from './read-json.ts'

/** A Responses request with the stored items that it continues or refers to. */
export interface Conversation {
  read: TranslatedRequest
  /** The items before the request. */
  previous: readonly StoredItem[]
  /** Whether the response will be stored. */
  isStored: boolean
  decoded: DecodedRequest
}

/** Completes a Responses request from the client's stored responses, validates and decodes it. */
export async function readConversation(
  c: Context<GatewayEnvironment>,
  body: ResponsesRequest,
  { responses: store, limits }: Pick<RouteContext, 'responses' | 'limits'>,
): Promise<Conversation> {
  const { previous, own } = await recall(body, { store, owner: ownerOf(c) }, limits)
  const read = validate(TranslatedRequest, { ...body, input: own })
  const isStored = store !== undefined && read.store !== false
  const decoded = decodeRequest(read, { previous, isStored, maxTools: limits.maxTools })
  return { read, previous, isStored, decoded }
}
