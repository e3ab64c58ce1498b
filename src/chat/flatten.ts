import type { AssistantMessage, Message, ToolMessage } from './model.ts'

/**
 * A mended conversation in which every turn calls one tool at most: a turn with several calls
 * becomes as many pairs of call and result, of which the first keeps what the turn said.
 */
export function flattenToolTurns(messages: readonly Message[]): readonly Message[] {
  let turn: AssistantMessage | undefined
  return messages.flatMap((message, index) => {
    // The results of a parallel turn went into its pairs.
    if (message.role === 'tool') return turn ? [] : [message]
    turn = message.role === 'assistant' && message.toolCalls.length > 1 ? message : undefined
    return turn ? toPairs(turn, resultsBehind(messages, index)) : [message]
  })
}

function resultsBehind(messages: readonly Message[], turn: number): readonly ToolMessage[] {
  const results: ToolMessage[] = []
  // Stops at the end of this turn: to search the whole conversation per turn would be quadratic.
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
  const turns = [
    ...(first ? [{ ...turn, toolCalls: [first] }] : []),
    ...others.map((call) => ({ ...bare, toolCalls: [call] })),
  ]
  const resultsOf = Map.groupBy(results, ({ toolCallId }) => toolCallId)
  return turns.flatMap((one) => [one, ...resultsOf.get(one.toolCalls[0]?.id ?? '') ?? []])
}
