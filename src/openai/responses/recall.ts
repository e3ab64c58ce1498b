import { shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { checkCount, DEFAULT_REQUEST_LIMITS, type RequestLimits } from '../../limits.ts'
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

/** The counts that bound what a request brings back from the store. */
export type RecallLimits = Pick<RequestLimits, 'maxItemReferences' | 'maxMessages'>

/**
 * Finds what a request refers to. A reference to an item that is not stored, or too many of them, is
 * an `invalid_request`.
 */
export async function recall(
  body: ResponsesRequest,
  kept: Kept,
  limits: RecallLimits = DEFAULT_REQUEST_LIMITS,
): Promise<Recalled> {
  const { input, previous_response_id: id } = body
  const previous = typeof id === 'string' && id !== ''
    ? continued(await recallResponse(id, kept))
    : []
  checkItems(previous.length, limits, 'previous_response_id')
  if (typeof input === 'string') {
    return { previous, own: [{ type: 'message', role: 'user', content: input }] }
  }
  if (!Array.isArray(input)) return { previous, own: input }
  checkItems(previous.length + input.length, limits, 'input')
  return { previous, own: await dereference(input, previous, kept, limits) }
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
    `Cannot continue "${shorten(id)}": it is not kept here; send the whole conversation`,
    { param },
  )
}

function checkItems(count: number, { maxMessages }: RecallLimits, param: string): void {
  checkCount(count, maxMessages, { param, unit: 'input items', setting: 'limits.maxMessages' })
}

/** The items of an input, each reference replaced by the item it means. */
async function dereference(
  input: readonly unknown[],
  previous: readonly StoredItem[],
  kept: Kept,
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
  refuseDuplicates(references)
  const found = await findItems(new Set(ids), previous, kept)
  return input.map((item, index) => {
    const id = references[index]
    if (id === undefined) return item
    return found.get(id) ?? refuseReference(id, `input[${index}]`, kept)
  })
}

/** As OpenAI does. It also keeps a request from multiplying one large item. */
function refuseDuplicates(references: readonly (string | undefined)[]): void {
  const seen = new Set<string>()
  for (const [index, id] of references.entries()) {
    if (id !== undefined && seen.has(id)) {
      const message = `input[${index}] refers to the item "${shorten(id)}" a second time: remove it`
      throw new ApiError('invalid_request', message, { param: `input[${index}]` })
    }
    if (id !== undefined) seen.add(id)
  }
}

/**
 * The items with these ids. Each stored response is read once, and one after the other: of its
 * conversation only the items in question stay in memory.
 */
async function findItems(
  ids: ReadonlySet<string>,
  previous: readonly StoredItem[],
  { store, owner }: Kept,
): Promise<ReadonlyMap<string, StoredItem>> {
  const found = new Map<string, StoredItem>()
  addItems(found, previous, ids)
  for (const [response, wanted] of Map.groupBy(ids, responseOfItem)) {
    if (response === undefined || wanted.every((id) => found.has(id))) continue
    const stored = await store?.get(response, owner)
    if (stored) addItems(found, continued(stored), ids)
  }
  return found
}

/** Of several items with one id the first one counts. */
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

function refuseReference(id: string, param: string, { store }: Kept): never {
  const advice = store
    ? 'send the item itself'
    : `send the item itself, as clients do with "store": false, or ${HOW_TO_STORE}`
  throw new ApiError(
    'invalid_request',
    `Cannot find the item "${shorten(id)}": it is not kept here; ${advice}`,
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
