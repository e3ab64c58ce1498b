import { shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { checkCount, DEFAULT_REQUEST_LIMITS, type RequestLimits } from '../../limits.ts'
import { asObject } from '../loose-json.ts'
import { isGatewayResponse, itemId, responseOfItem } from './identity.ts'
import type { ResponsesRequest } from './schema.ts'
import type { ResponseStore, StoredItem, StoredResponse } from './store.ts'

/** A request's conversation, completed from the stored responses. */
export interface Recalled {
  /** The items before the request, if it continues a response. */
  previous: readonly StoredItem[]
  /** The request's own `input` with references replaced. The schema rejects an invalid one later. */
  own: unknown
}

/** The response store, as one client may use it; `undefined` when responses are not stored. */
export interface StoreAccess {
  store: ResponseStore | undefined
  owner: string
}

/** Tells an operator how to enable the response store. */
export const HOW_TO_STORE =
  'set "responses": {"store": {"maxItems": 1000}} in GATEWAY_CONFIG to store responses'

const SEND_ALL = `send the whole conversation as "input", or ${HOW_TO_STORE}`

/** The limits on items that a request reads from the store. */
export type RecallLimits = Pick<RequestLimits, 'maxItemReferences' | 'maxMessages'>

/**
 * Loads the response that a request continues and the items it references. Throws an
 * `invalid_request` for an item that is not stored and for too many of them.
 */
export async function recall(
  body: ResponsesRequest,
  access: StoreAccess,
  limits: RecallLimits = DEFAULT_REQUEST_LIMITS,
): Promise<Recalled> {
  const { input, previous_response_id: id } = body
  const previous = typeof id === 'string' && id !== ''
    ? conversationOf(await recallResponse(id, access))
    : []
  checkItems(previous.length, limits, 'previous_response_id')
  if (typeof input === 'string') {
    return { previous, own: [{ type: 'message', role: 'user', content: input }] }
  }
  // A continued conversation needs no new input.
  if (previous.length > 0 && (input ?? undefined) === undefined) return { previous, own: [] }
  if (!Array.isArray(input)) return { previous, own: input }
  checkItems(previous.length + input.length, limits, 'input')
  return { previous, own: await dereference(input, previous, access, limits) }
}

/** The items that can be stored. A reference that was not replaced refers to nothing. */
export function storable(items: readonly unknown[]): StoredItem[] {
  return items.map(asObject).filter((item) => item !== undefined)
    .filter(({ type }) => type !== 'item_reference')
}

/** Adds ids to the items that have none, for a listing. */
export function withItemIds(items: readonly StoredItem[], response: string): StoredItem[] {
  return items.map((item, at) =>
    typeof item['id'] === 'string' && item['id'] !== ''
      ? item
      : { ...item, id: itemId('in', response, `i${at}`) }
  )
}

function conversationOf({ input, response }: StoredResponse): readonly StoredItem[] {
  return [...input, ...response.output.map((item): StoredItem => ({ ...item }))]
}

async function recallResponse(id: string, { store, owner }: StoreAccess): Promise<StoredResponse> {
  const param = 'previous_response_id'
  if (!store) {
    const message =
      `previous_response_id needs stored responses, and there are none for this model: ${SEND_ALL}`
    throw new ApiError('previous_response_not_found', message, { param })
  }
  const found = isGatewayResponse(id) ? await store.get(id, owner) : undefined
  if (found) return found
  throw new ApiError(
    'previous_response_not_found',
    `The response "${shorten(id)}" is not stored here. Send the whole conversation as "input"`,
    { param },
  )
}

function checkItems(count: number, { maxMessages }: RecallLimits, param: string): void {
  checkCount(count, maxMessages, { param, unit: 'input items', setting: 'limits.maxMessages' })
}

/** Replaces each reference in an input by its item. */
async function dereference(
  input: readonly unknown[],
  previous: readonly StoredItem[],
  access: StoreAccess,
  { maxItemReferences }: RecallLimits,
): Promise<readonly unknown[]> {
  const references = input.map(referenceOf)
  const ids = references.filter((id) => id !== undefined)
  if (ids.length === 0) return input
  checkCount(ids.length, maxItemReferences, {
    param: 'input',
    unit: 'item references',
    setting: 'limits.maxItemReferences',
  })
  rejectDuplicates(references)
  const found = await findItems(new Set(ids), previous, access)
  return input.map((item, index) => {
    const id = references[index]
    if (id === undefined) return item
    const replacement = found.get(id)
    if (replacement) return replacement
    // The answer does not depend on earlier reasoning: decodeItems() leaves the reference out.
    return isOwnReasoning(id) ? item : rejectReference(id, `input[${index}]`, access)
  })
}

/** As OpenAI does. This also prevents a request from multiplying one large item. */
function rejectDuplicates(references: readonly (string | undefined)[]): void {
  const seen = new Set<string>()
  for (const [index, id] of references.entries()) {
    if (id !== undefined && seen.has(id)) {
      const message = `input[${index}] repeats the reference to "${shorten(id)}". Remove it`
      throw new ApiError('invalid_request', message, { param: `input[${index}]` })
    }
    if (id !== undefined) seen.add(id)
  }
}

/**
 * Finds the items with these ids. Stored responses are read one after the other, each once, and only
 * the referenced items of each stay in memory.
 */
async function findItems(
  ids: ReadonlySet<string>,
  previous: readonly StoredItem[],
  { store, owner }: StoreAccess,
): Promise<ReadonlyMap<string, StoredItem>> {
  const found = new Map<string, StoredItem>()
  addItems(found, previous, ids)
  for (const [response, itemIds] of Map.groupBy(ids, responseOfItem)) {
    if (response === undefined || itemIds.every((id) => found.has(id))) continue
    const stored = await store?.get(response, owner)
    if (stored) addItems(found, conversationOf(stored), ids)
  }
  return found
}

/** The first of several items with the same id wins. */
function addItems(
  found: Map<string, StoredItem>,
  items: readonly StoredItem[],
  ids: ReadonlySet<string>,
): void {
  for (const item of items) {
    const { id } = item
    if (typeof id === 'string' && ids.has(id) && !found.has(id)) found.set(id, item)
  }
}

function isOwnReasoning(id: string): boolean {
  return id.startsWith('rs_') && responseOfItem(id) !== undefined
}

function rejectReference(id: string, param: string, { store }: StoreAccess): never {
  const advice = store
    ? 'send the item itself'
    : `send the item itself, as clients do with "store": false, or ${HOW_TO_STORE}`
  throw new ApiError(
    'invalid_request',
    `The item "${shorten(id)}" is not stored here: ${advice}`,
    { param },
  )
}

/** The type of a reference is optional, as in OpenAI's API. */
function referenceOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  const { type, role, id } = item as StoredItem
  const isReference = type === 'item_reference' || ((type ?? role ?? undefined) === undefined)
  return isReference && typeof id === 'string' ? id : undefined
}
