import type { ResponseObject } from './wire.ts'

/** An item of a conversation, as JSON. */
export type StoredItem = Readonly<Record<string, unknown>>

/** A response that is kept, with all it answered to. */
export interface StoredResponse {
  response: ResponseObject
  /** The whole conversation before it, its own input last. */
  input: readonly StoredItem[]
}

/**
 * Where responses are kept, for a while. What belongs to one `owner` is not there for another; what
 * was given up is not there for anybody.
 */
export interface ResponseStore {
  get(id: string, owner: string): Promise<StoredResponse | undefined>
  put(stored: StoredResponse, owner: string): Promise<void>
  /** Whether there was one to be deleted. */
  delete(id: string, owner: string): Promise<boolean>
}
