/** What names a response and its items to the client. */
export interface ResponseIdentity {
  id: string
  /** Seconds since the epoch. */
  created: number
  /** The model's name as the client wrote it. */
  model: string
}

const MARK = 'resp_gw'
const OURS = /^resp_gw[A-Za-z0-9]{24}$/
const OUR_ITEM = /^[a-z]{1,8}_([A-Za-z0-9]{24})_\w{1,32}$/

/** The id of a response that is made here, of 24 letters and digits of its own. */
export function responseId(randomId: string): string {
  return MARK + randomId
}

/** Whether a response was made here: all others are OCI's. */
export function isOurResponse(id: string): boolean {
  return OURS.test(id)
}

/** The id of an item of a response, which tells the response; `place` is its own within it. */
export function itemId(prefix: string, id: string, place: number | string): string {
  return `${prefix}_${id.slice(MARK.length)}_${place}`
}

/** The response that an item belongs to; `undefined` if it is none of ours. */
export function responseOfItem(id: string): string | undefined {
  const own = OUR_ITEM.exec(id)?.[1]
  return own === undefined ? undefined : MARK + own
}
