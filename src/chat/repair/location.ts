import type { Message } from '../model.ts'

/** A message and its index in the client's list. */
export interface LocatedMessage<M extends Message = Message> {
  index: number
  message: M
}

/** A warning for the client about the message at `index`. */
export interface RepairWarning {
  index: number
  text: string
}

/** Identifies a tool call by the index of its message and its position in it. */
export type CallLocation = `${number}.${number}`

export function callLocation(index: number, position: number): CallLocation {
  return `${index}.${position}`
}

/** Whether a message has this role. */
export function hasRole<Role extends Message['role']>(
  located: LocatedMessage,
  role: Role,
): located is LocatedMessage<Extract<Message, { role: Role }>> {
  return located.message.role === role
}

/** Names a message for the client: `messages[3]`, or the location its decoder recorded. */
export function locationOf(message: Message | undefined, index: number): string {
  return message?.location ?? `messages[${index}]`
}
