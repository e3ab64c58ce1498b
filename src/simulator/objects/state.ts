import type { InputItem } from '../responses/request.ts'
import { HEX, randomText } from '../ids.ts'

/** An object of OpenAI's API. */
export interface StoredObject {
  id: string
  object: string
  [member: string]: unknown
}

export interface StoredFile extends StoredObject {
  filename: string
  bytes: number
}

export interface VectorStore {
  object: StoredObject
  files: Map<string, StoredObject>
  batches: Map<string, { object: StoredObject; files: readonly string[] }>
}

export interface Container {
  object: StoredObject
  files: Map<string, { object: StoredObject; content: Blob }>
}

export interface Conversation {
  object: StoredObject
  items: InputItem[]
}

/** The objects that the OpenAI endpoint stores, by their ids. */
export interface ObjectState {
  files: Map<string, { object: StoredFile; content: Blob }>
  stores: Map<string, VectorStore>
  containers: Map<string, Container>
  conversations: Map<string, Conversation>
}

/** Creates a state without objects. */
export function createObjectState(): ObjectState {
  return { files: new Map(), stores: new Map(), containers: new Map(), conversations: new Map() }
}

/** A new id: a prefix, and 24 hexadecimal digits. */
export function newId(prefix: string): string {
  return `${prefix}${randomText(24, HEX)}`
}
