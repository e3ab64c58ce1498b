import type { Message } from './model.ts'

/**
 * What a message is for finding the newest input: `user`, `tool` for calls and results of tools, or
 * `other`.
 */
export type MessageKind = 'user' | 'tool' | 'other'

/**
 * Returns the index of the user message that the request asks about, or -1 if tools have been called
 * since. Only this message may be refused: a client cannot change earlier ones.
 */
export function newestInput<M>(
  messages: readonly M[],
  kindOf: (message: M) => MessageKind,
): number {
  const last = messages.findLastIndex((message) => kindOf(message) !== 'other')
  const newest = messages[last]
  return newest !== undefined && kindOf(newest) === 'user' ? last : -1
}

/** The kind of a neutral message. */
export function kindOfMessage(message: Message): MessageKind {
  switch (message.role) {
    case 'user':
    case 'tool':
      return message.role
    case 'assistant':
      return message.toolCalls.length > 0 ? 'tool' : 'other'
    case 'system':
    case 'developer':
      return 'other'
  }
}
