import type { InputItem, ResponsesRequest } from './request.ts'
import type { ResponseObject } from './response.ts'

/** What is remembered of responses, unless the tenancy has agreed that nothing is. */
export interface ResponseStore {
  keeps: boolean
  responses: Map<string, StoredResponse>
}

export interface StoredResponse {
  response: ResponseObject
  /** Everything that was said up to its end. */
  items: readonly InputItem[]
}

/** The items of the response that a call goes on from. */
export function itemsBefore(
  { previous_response_id: id }: ResponsesRequest,
  { responses }: ResponseStore,
): readonly InputItem[] {
  return responses.get(id ?? '')?.items ?? []
}
