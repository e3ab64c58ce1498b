import type { Message, SystemMessage, UserMessage } from '../../../chat/model.ts'

export interface EndedMessages {
  messages: readonly Message[]
  warnings: readonly string[]
}

/** Added where there is no other text that the model could answer. */
const CONTINUE: UserMessage = {
  role: 'user',
  content: [{ type: 'text', text: 'Continue.' }],
  name: undefined,
}

/**
 * Makes a repaired conversation one that the format accepts: it has a user message, and ends with
 * one or with tool results. The last system text becomes a user message, or a short one is added.
 */
export function endWithUser(messages: readonly Message[]): EndedMessages {
  const lastSystem = messages.findLastIndex(isSystem)
  const last = messages.findLastIndex((message) => !isSystem(message))
  const hasUser = messages.some(({ role }) => role === 'user')
  const isAnswered = messages[last]?.role === 'assistant'
  if (hasUser && !isAnswered) return { messages, warnings: [] }
  if (lastSystem > last || (!hasUser && lastSystem >= 0)) {
    const changed = messages.map((message, index) =>
      index === lastSystem && isSystem(message) ? toUser(message) : message
    )
    const ended = isAnswered && lastSystem < last ? [...changed, CONTINUE] : changed
    return { messages: ended, warnings: ['messages: the last system text is sent as user text'] }
  }
  return {
    messages: isAnswered ? [...messages, CONTINUE] : [CONTINUE, ...messages],
    warnings: ['messages: this model needs a user message, "Continue." is added'],
  }
}

function isSystem(message: Message): message is SystemMessage {
  return message.role === 'system' || message.role === 'developer'
}

function toUser({ content, name }: SystemMessage): UserMessage {
  return { role: 'user', content, name }
}
