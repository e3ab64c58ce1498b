import { invalidRequest, notFoundOnOpenAi } from '../openai/error.ts'
import type { ObjectState } from '../objects/state.ts'
import type { ServiceError } from '../service-error.ts'
import type { ResponseEvent } from './events.ts'
import { conversationId, type InputItem, itemsOf, type ResponsesRequest } from './request.ts'
import type { ResponseObject } from './response.ts'

/** The stored responses of the OpenAI endpoint. */
export interface ResponseStore {
  /** `false` for a tenancy with zero data retention. */
  enabled: boolean
  responses: Map<string, StoredResponse>
  objects: ObjectState
}

export interface StoredResponse {
  response: ResponseObject
  /** All items of the conversation, including the response's output. */
  items: readonly InputItem[]
  /** Number of the items before the output. */
  inputs: number
  /** The run in the background; absent for other responses. */
  run?: BackgroundRun
}

/** A response in the background: each time it is read, it is one step further. */
export interface BackgroundRun {
  state: 'queued' | 'in_progress' | 'ended' | 'cancelled'
  started: ResponseObject
  /** The events of a streamed one. */
  events: readonly ResponseEvent[] | undefined
}

/** The items of the conversation or the response that a request continues. */
export function previousItems(
  { previous_response_id: id, conversation }: ResponsesRequest,
  { responses, objects }: ResponseStore,
): readonly InputItem[] {
  const before = objects.conversations.get(conversationId(conversation) ?? '')?.items ?? []
  return [...before, ...responses.get(id ?? '')?.items ?? []]
}

/** Rejects references to unknown responses and items, and any storage if the store is disabled. */
export function validateStored(
  { previous_response_id: previous, store: wanted, input, ...request }: ResponsesRequest,
  store: ResponseStore,
): ServiceError | undefined {
  if (request.background && wanted === false) {
    return invalidRequest("Background responses need 'store'.", 'store')
  }
  const conversation = conversationId(request.conversation)
  if (conversation !== undefined && previous) {
    return invalidRequest("Only one of 'conversation' and 'previous_response_id'.", 'conversation')
  }
  if (conversation !== undefined && !store.objects.conversations.has(conversation)) {
    return notFoundOnOpenAi(`Conversation with id '${conversation}' not found.`)
  }
  if (!store.enabled && (previous || wanted === true)) {
    const param = previous ? 'previous_response_id' : 'store'
    return invalidRequest(`'${param}' is not supported with zero data retention.`, param)
  }
  if (previous && !store.responses.has(previous)) {
    return invalidRequest(
      `Previous response with id '${previous}' not found.`,
      'previous_response_id',
      'previous_response_not_found',
    )
  }
  const unknown = itemsOf({ input }).find(({ type, id }) =>
    type === 'item_reference' && !hasItem(store, id)
  )
  return unknown ? notFoundOnOpenAi(`Item with id '${unknown.id}' not found.`) : undefined
}

function hasItem(
  { responses, objects }: ResponseStore,
  id: string | null | undefined,
): boolean {
  return [...responses.values(), ...objects.conversations.values()].some(({ items }) =>
    items.some((item) => item.id === id)
  )
}
