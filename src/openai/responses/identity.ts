/** The identity of a response. */
export interface ResponseIdentity {
  id: string
  /** Seconds since the epoch. */
  created: number
  /** The model's name as the client wrote it. */
  model: string
}

const PREFIX = 'resp_gw'
const GATEWAY_RESPONSE = /^resp_gw[A-Za-z0-9]{24}$/
const GATEWAY_ITEM = /^[a-z]{1,8}_([A-Za-z0-9]{24})_\w{1,32}$/

/** Creates the id of a gateway response from 24 random letters and digits. */
export function responseId(randomId: string): string {
  return PREFIX + randomId
}

/** Whether the gateway created the response. All others are OCI's. */
export function isGatewayResponse(id: string): boolean {
  return GATEWAY_RESPONSE.test(id)
}

/** Creates the id of an item. It contains the id of its response; `position` is unique within it. */
export function itemId(prefix: string, id: string, position: number | string): string {
  return `${prefix}_${id.slice(PREFIX.length)}_${position}`
}

/** The id of the response that an item belongs to; `undefined` if the gateway did not create it. */
export function responseOfItem(id: string): string | undefined {
  const own = GATEWAY_ITEM.exec(id)?.[1]
  return own === undefined ? undefined : PREFIX + own
}
