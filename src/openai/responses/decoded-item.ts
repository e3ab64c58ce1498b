import type { AssistantMessage, Message } from '../../chat/model.ts'
import type { Loss, Warn } from './decode-content.ts'
import type { ToolNameMap } from './tool-name-map.ts'

/** A part of an assistant message: OpenAI sends one message as several items. */
export type AssistantPiece = Partial<Omit<AssistantMessage, 'role' | 'name'>>

/** What an item becomes: a message, a part of an assistant message, or nothing. */
export interface DecodedItem {
  message?: Message | undefined
  piece?: AssistantPiece | undefined
  /** The first content that could not be decoded. */
  loss?: Loss | undefined
  /** Whether a user message has nothing but such content. */
  isUnusable?: boolean | undefined
}

/** The context in which an item is decoded. */
export interface ItemContext {
  /** The item's field. */
  at: string
  toolNames: ToolNameMap
  warn: Warn
}
