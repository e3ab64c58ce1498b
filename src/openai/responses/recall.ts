import { ApiError } from '../../errors.ts'
import { isOurResponse, itemId, responseOfItem } from './identity.ts'
import type { ResponsesRequest } from './schema.ts'
import type { ResponseStore, StoredItem, StoredResponse } from './store.ts'

/** What a request asks about, put together from what is kept. */
export interface Recalled {
  /** The conversation so far, where the request continues a response. */
  previous: readonly StoredItem[]
  /** The request's own `input`, references replaced; what is no list of items is left to be refused. */
  own: unknown
}

/** What is kept for one client; `undefined` where nothing is kept. */
export interface Kept {
  store: ResponseStore | undefined
  owner: string
}

/** How an operator has responses kept. */
export const HOW_TO_STORE = 'set "responses": {"store": {}} in GATEWAY_CONFIG to keep them'

const SEND_ALL = `send the whole conversation as "input", or ${HOW_TO_STORE}`

/** Finds what a request refers to; a reference to what is not kept is refused. */
export async function recall(body: ResponsesRequest, kept: Kept): Promise<Recalled> {
  const { input, previous_response_id: id } = body
  const previous = typeof id === 'string' && id !== ''
    ? continued(await recallResponse(id, kept))
    : []
  if (typeof input === 'string') {
    return { previous, own: [{ type: 'message', role: 'user', content: input }] }
  }
  if (!Array.isArray(input)) return { previous, own: input }
  const own = await Promise.all(
    input.map((item: unknown, index) => dereference(item, `input[${index}]`, kept)),
  )
  return { previous, own }
}

/** Items with ids, as a listing shows them. */
export function withItemIds(items: readonly StoredItem[], response: string): StoredItem[] {
  return items.map((item, at) =>
    typeof item['id'] === 'string' && item['id'] !== ''
      ? item
      : { ...item, id: itemId('in', response, `i${at}`) }
  )
}

function continued({ input, response }: StoredResponse): readonly StoredItem[] {
  return [...input, ...response.output.map((item): StoredItem => ({ ...item }))]
}

async function recallResponse(id: string, { store, owner }: Kept): Promise<StoredResponse> {
  const param = 'previous_response_id'
  if (!store) {
    const message = `Cannot continue a response with this model: none is kept; ${SEND_ALL}`
    throw new ApiError('invalid_request', message, { param })
  }
  const found = isOurResponse(id) ? await store.get(id, owner) : undefined
  if (found) return found
  throw new ApiError(
    'invalid_request',
    `Cannot continue "${id.slice(0, 100)}": it is not kept here; send the whole conversation`,
    { param },
  )
}

async function dereference(item: unknown, param: string, kept: Kept): Promise<unknown> {
  const id = referenceOf(item)
  if (id === undefined) return item
  const response = responseOfItem(id)
  const found = response === undefined ? undefined : await kept.store?.get(response, kept.owner)
  const items = found ? continued(found) : []
  const meant = items.find((each) => each['id'] === id)
  if (meant) return meant
  const advice = kept.store
    ? 'send the item itself'
    : `send the item itself, as clients do with "store": false, or ${HOW_TO_STORE}`
  throw new ApiError(
    'invalid_request',
    `Cannot find the item "${id.slice(0, 100)}": it is not kept here; ${advice}`,
    { param },
  )
}

/** OpenAI lets the type of a reference be left out. */
function referenceOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  const { type, role, id } = item as StoredItem
  const isReference = type === 'item_reference' || ((type ?? role ?? undefined) === undefined)
  return isReference && typeof id === 'string' ? id : undefined
}
