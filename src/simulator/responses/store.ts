import { invalidRequest, notFoundOnOpenAi } from '../openai/error.ts'
import type { ServiceError } from '../service-error.ts'
import { type InputItem, itemsOf, type ResponsesRequest } from './request.ts'
import type { ResponseObject } from './response.ts'

/** The stored responses of the OpenAI endpoint. */
export interface ResponseStore {
  /** `false` for a tenancy with zero data retention. */
  enabled: boolean
  responses: Map<string, StoredResponse>
}

export interface StoredResponse {
  response: ResponseObject
  /** All items of the conversation, including the response's output. */
  items: readonly InputItem[]
}

/** The items of the response that a request continues. */
export function previousItems(
  { previous_response_id: id }: ResponsesRequest,
  { responses }: ResponseStore,
): readonly InputItem[] {
  return responses.get(id ?? '')?.items ?? []
}

/** Rejects references to unknown responses and items, and any storage if the store is disabled. */
export function validateStored(
  { previous_response_id: previous, store: wanted, input }: ResponsesRequest,
  store: ResponseStore,
): ServiceError | undefined {
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

function hasItem({ responses }: ResponseStore, id: string | null | undefined): boolean {
  return [...responses.values()].some(({ items }) => items.some((item) => item.id === id))
}
