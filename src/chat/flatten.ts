import type { AssistantMessage, Message, ToolMessage } from './model.ts'

/**
 * Splits assistant messages with several tool calls into pairs of one call and its result, for models
 * without parallel calls. The first pair keeps the message's content. Expects repaired messages.
 */
export function flattenToolTurns(messages: readonly Message[]): readonly Message[] {
  let turn: AssistantMessage | undefined
  return messages.flatMap((message, index) => {
    // The pairs of a split turn already have its results.
    if (message.role === 'tool') return turn ? [] : [message]
    turn = message.role === 'assistant' && message.toolCalls.length > 1 ? message : undefined
    return turn ? toPairs(turn, resultsAfter(messages, index)) : [message]
  })
}

function resultsAfter(messages: readonly Message[], turn: number): readonly ToolMessage[] {
  const results: ToolMessage[] = []
  // Stops at the end of the turn: searching the whole conversation for each turn would be quadratic.
  for (let at = turn + 1; at < messages.length; at++) {
    const message = messages[at]
    if (message?.role !== 'tool') break
    results.push(message)
  }
  return results
}

function toPairs(turn: AssistantMessage, results: readonly ToolMessage[]): readonly Message[] {
  const [first, ...others] = turn.toolCalls
  const bare = { ...turn, content: [], reasoning: undefined, refusal: undefined }
  const pairs = [
    ...(first ? [{ ...turn, toolCalls: [first] }] : []),
    ...others.map((call) => ({ ...bare, toolCalls: [call] })),
  ]
  const resultsOf = Map.groupBy(results, ({ toolCallId }) => toolCallId)
  return pairs.flatMap((one) => [one, ...resultsOf.get(one.toolCalls[0]?.id ?? '') ?? []])
}
