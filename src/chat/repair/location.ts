import type { Message } from '../model.ts'

/** A message and where the client put it. */
export interface LocatedMessage<M extends Message = Message> {
  index: number
  message: M
}

/** Something the client should hear about the message it put at `index`. */
export interface Note {
  index: number
  text: string
}

/** One tool call of a conversation: the index of its message, and its position there. */
export type CallLocation = `${number}.${number}`

export function callLocation(index: number, position: number): CallLocation {
  return `${index}.${position}`
}

/** Whether a placed message has this role. */
export function hasRole<Role extends Message['role']>(
  placed: LocatedMessage,
  role: Role,
): placed is LocatedMessage<Extract<Message, { role: Role }>> {
  return placed.message.role === role
}

/** How a client finds a message again. */
export function locationOf(message: Message | undefined, index: number): string {
  return message?.place ?? `messages[${index}]`
}
