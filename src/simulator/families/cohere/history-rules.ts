import { badRequest, type ServiceError } from '../../service-error.ts'
import type { CohereChatRequest, CohereToolCall, CohereToolResult, CohereTurn } from './request.ts'

/** The tool calls of a turn and the results after it. */
interface Round {
  calls: readonly CohereToolCall[]
  results: readonly CohereToolResult[]
}

/** A request has a message or tool results; both are valid only with `isForceSingleStep`. */
export function hasMessageOrResults(request: CohereChatRequest): ServiceError | undefined {
  const { message, toolResults = [], isForceSingleStep } = request
  if (message === '' && toolResults.length === 0) {
    return badRequest(
      'invalid request: message must be at least 1 token long or tool results must be specified.',
    )
  }
  if (message === '' || toolResults.length === 0 || isForceSingleStep === true) return undefined
  return badRequest('cannot specify both message and tool_results in multistep mode')
}

/** A user message may not follow tool results directly. */
export function noMessageAfterResults(request: CohereChatRequest): ServiceError | undefined {
  const { message, chatHistory = [] } = request
  const next = [...chatHistory.slice(1).map(({ role }) => role), message === '' ? 'TOOL' : 'USER']
  const isUnanswered = chatHistory.some(({ role }, at) => role === 'TOOL' && next[at] === 'USER')
  if (!isUnanswered) return undefined
  return badRequest(
    'invalid request: cannot specify message if the last entry in chat history contains tool ' +
      'results',
  )
}

/** Messages may not be empty; a space is enough. */
export function entriesHaveMessages(
  { chatHistory = [] }: CohereChatRequest,
): ServiceError | undefined {
  const isEmpty = chatHistory.some((turn) => turn.role !== 'TOOL' && !turn.message)
  return isEmpty
    ? badRequest('invalid request: all elements in history must have a message')
    : undefined
}

/** Tool results have to follow the turn with their calls. */
export function resultsFollowCalls(request: CohereChatRequest): ServiceError | undefined {
  const unmatched = roundsOf(request).flatMap(({ calls, results }) => without(results, calls))[0]
  if (!unmatched) return undefined
  return badRequest(
    `invalid request: tool result for '${unmatched.call.name}' does not answer a tool call of the ` +
      'previous message',
  )
}

/** Command A requires a result for every call. */
export function everyCallAnswered(request: CohereChatRequest): ServiceError | undefined {
  const unanswered = roundsOf(request).flatMap(({ calls, results }) =>
    without(calls.map((call) => ({ call })), results.map(({ call }) => call))
  )
  if (unanswered.length === 0) return undefined
  return badRequest(
    "invalid request: An assistant message with 'tool_calls' must be followed by tool messages " +
      `responding to each 'tool_call_id'. No response for: ${
        unanswered.map(({ call }) => call.name).join(', ')
      }`,
  )
}

/** Results of a single step may lack the history with their calls and are not checked then. */
function roundsOf(request: CohereChatRequest): readonly Round[] {
  const { chatHistory = [], toolResults = [], isForceSingleStep } = request
  const isSingleStep = isForceSingleStep === true && chatHistory.at(-1)?.role !== 'CHATBOT'
  const turns: readonly CohereTurn[] = toolResults.length === 0 || isSingleStep
    ? chatHistory
    : [...chatHistory, { role: 'TOOL', toolResults }]
  return turns.flatMap((turn, at) => {
    const previous = turns[at - 1]
    const next = turns[at + 1]
    if (turn.role === 'TOOL') {
      return [{ calls: callsOf(previous), results: turn.toolResults }]
    }
    return next?.role === 'TOOL' ? [] : [{ calls: callsOf(turn), results: [] }]
  })
}

function callsOf(turn: CohereTurn | undefined): readonly CohereToolCall[] {
  return turn?.role === 'CHATBOT' ? turn.toolCalls ?? [] : []
}

/** The items without a matching call; each call matches one item. */
function without<Item extends { call: CohereToolCall }>(
  items: readonly Item[],
  calls: readonly CohereToolCall[],
): readonly Item[] {
  const available = Map.groupBy(calls, keyOf)
  return items.filter(({ call }) => available.get(keyOf(call))?.pop() === undefined)
}

function keyOf({ name, parameters }: CohereToolCall): string {
  return `${name} ${JSON.stringify(parameters)}`
}
