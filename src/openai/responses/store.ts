import type { ResponseObject } from './wire.ts'

/** An item of a conversation, as JSON. */
export type StoredItem = Readonly<Record<string, unknown>>

/** A stored response with its input. */
export interface StoredResponse {
  response: ResponseObject
  /** The whole conversation before the response, its own input last. */
  input: readonly StoredItem[]
}

/** Stores responses until they expire or are evicted. An `owner` sees only its own responses. */
export interface ResponseStore {
  get(id: string, owner: string): Promise<StoredResponse | undefined>
  /** Resolves when `get` finds the response, or when it cannot be stored. Never rejects. */
  put(stored: StoredResponse, owner: string): Promise<void>
  /** Whether a response was deleted. */
  delete(id: string, owner: string): Promise<boolean>
}
