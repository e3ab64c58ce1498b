import { badRequest, type ServiceError } from '../../service-error.ts'
import type { CohereChatRequest, CohereToolCall, CohereToolResult, CohereTurn } from './request.ts'

/** A turn that calls tools, with the results right behind it. */
interface Round {
  calls: readonly CohereToolCall[]
  results: readonly CohereToolResult[]
}

/** A request says something, or brings what tools answered; both only in a single step. */
export function messageOrResults(request: CohereChatRequest): ServiceError | undefined {
  const { message, toolResults = [], isForceSingleStep } = request
  if (message === '' && toolResults.length === 0) {
    return badRequest(
      'invalid request: message must be at min 1 token long or tool results must be specified.',
    )
  }
  if (message === '' || toolResults.length === 0 || isForceSingleStep === true) return undefined
  return badRequest('cannot specify both message and tool_results in multistep mode')
}

/** The model speaks before the user does again. */
export function noMessageAfterResults(request: CohereChatRequest): ServiceError | undefined {
  const { message, chatHistory = [] } = request
  const next = [...chatHistory.slice(1).map(({ role }) => role), message === '' ? 'TOOL' : 'USER']
  const isHasty = chatHistory.some(({ role }, at) => role === 'TOOL' && next[at] === 'USER')
  if (!isHasty) return undefined
  return badRequest(
    'invalid request: cannot specify message if the last entry in chat history contains tool ' +
      'results',
  )
}

/** A blank is enough. */
export function everyEntrySpeaks(
  { chatHistory = [] }: CohereChatRequest,
): ServiceError | undefined {
  const isMute = chatHistory.some((turn) => turn.role !== 'TOOL' && !turn.message)
  return isMute
    ? badRequest('invalid request: all elements in history must have a message')
    : undefined
}

/** Results stand behind the turn that called for them, and answer what it called. */
export function resultsAnswerCalls(request: CohereChatRequest): ServiceError | undefined {
  const stray = roundsOf(request).flatMap(({ calls, results }) => without(results, calls))[0]
  if (!stray) return undefined
  return badRequest(
    `invalid request: tool result for '${stray.call.name}' does not answer a tool call of the ` +
      'previous message',
  )
}

/** Command A wants a result for every call. */
export function everyCallAnswered(request: CohereChatRequest): ServiceError | undefined {
  const open = roundsOf(request).flatMap(({ calls, results }) =>
    without(calls.map((call) => ({ call })), results.map(({ call }) => call))
  )
  if (open.length === 0) return undefined
  return badRequest(
    "invalid request: An assistant message with 'tool_calls' must be followed by tool messages " +
      `responding to each 'tool_call_id'. No response for: ${
        open.map(({ call }) => call.name).join(', ')
      }`,
  )
}

/** In a single step results may come without any history, and then nothing is known of their calls. */
function roundsOf(request: CohereChatRequest): readonly Round[] {
  const { chatHistory = [], toolResults = [], isForceSingleStep } = request
  const isLone = isForceSingleStep === true && chatHistory.at(-1)?.role !== 'CHATBOT'
  const turns: readonly CohereTurn[] = toolResults.length === 0 || isLone
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

/** Those of a list that have no partner in another: twins need two. */
function without<Item extends { call: CohereToolCall }>(
  items: readonly Item[],
  calls: readonly CohereToolCall[],
): readonly Item[] {
  const supply = Map.groupBy(calls, keyOf)
  return items.filter(({ call }) => supply.get(keyOf(call))?.pop() === undefined)
}

function keyOf({ name, parameters }: CohereToolCall): string {
  return `${name} ${JSON.stringify(parameters)}`
}
