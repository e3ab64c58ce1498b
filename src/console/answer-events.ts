import type { Api } from './client-request.ts'

/** Token counts as the client received them. */
export interface AnswerUsage {
  prompt: number
  completion: number
  cached: number | undefined
  reasoning: number | undefined
  /** USD, from a gateway that counts costs. */
  cost: number | undefined
}

export interface ToolCall {
  name: string
  arguments: string
}

/** An answer as far as it was received. */
export interface AnswerState {
  text: string
  reasoning: string
  toolCalls: readonly ToolCall[]
  /** Why the model stopped, in the words of the client API. */
  finish: string | undefined
  usage: AnswerUsage | undefined
  error: string | undefined
}

export const EMPTY_ANSWER: AnswerState = {
  text: '',
  reasoning: '',
  toolCalls: [],
  finish: undefined,
  usage: undefined,
  error: undefined,
}

type Json = Readonly<Record<string, unknown>>

/** Adds the data of one server-sent event. Ignores events that it does not know. */
export function addEvent(api: Api, answer: AnswerState, data: string): AnswerState {
  const json = parse(data)
  if (json === undefined) return answer
  const error = errorOf(json)
  if (error !== undefined) return { ...answer, error }
  switch (api) {
    case 'chat':
      return addChat(answer, json)
    case 'responses':
      return addResponse(answer, json)
    case 'messages':
      return addMessage(answer, json)
  }
}

/** Whether the answer has anything that a person can read. */
export function hasContent({ text, reasoning, toolCalls }: AnswerState): boolean {
  return text !== '' || reasoning !== '' || toolCalls.length > 0
}

function addChat(answer: AnswerState, json: Json): AnswerState {
  const [choice] = list(json['choices'])
  const delta = object(choice?.['delta'])
  const added = list(delta['tool_calls']).reduce<AnswerState>((state, call) => {
    const named = object(call['function'])
    return addToolCall(state, number(call['index']), text(named['name']), text(named['arguments']))
  }, answer)
  const usage = json['usage']
  return {
    ...added,
    text: added.text + text(delta['content']) + text(delta['refusal']),
    reasoning: added.reasoning + text(delta['reasoning_content'] ?? delta['reasoning']),
    finish: text(choice?.['finish_reason']) || added.finish,
    usage: isObject(usage) ? openAiUsage(usage, 'prompt', 'completion') : added.usage,
  }
}

function addResponse(answer: AnswerState, json: Json): AnswerState {
  const delta = text(json['delta'])
  switch (json['type']) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return { ...answer, text: answer.text + delta }
    case 'response.reasoning_text.delta':
    case 'response.reasoning_summary_text.delta':
      return { ...answer, reasoning: answer.reasoning + delta }
    case 'response.output_item.added': {
      const { type, name } = object(json['item'])
      if (type !== 'function_call') return answer
      return addToolCall(answer, answer.toolCalls.length, text(name), '')
    }
    case 'response.function_call_arguments.delta':
      return addToolCall(answer, answer.toolCalls.length - 1, '', delta)
    case 'response.completed':
    case 'response.incomplete': {
      const { status, usage } = object(json['response'])
      const counts = isObject(usage) ? openAiUsage(usage, 'input', 'output') : answer.usage
      return { ...answer, finish: text(status) || answer.finish, usage: counts }
    }
    default:
      return answer
  }
}

function addMessage(answer: AnswerState, json: Json): AnswerState {
  switch (json['type']) {
    case 'message_start':
      return withAnthropicUsage(answer, object(json['message'])['usage'])
    case 'content_block_start': {
      const { type, name } = object(json['content_block'])
      return type === 'tool_use'
        ? addToolCall(answer, answer.toolCalls.length, text(name), '')
        : answer
    }
    case 'content_block_delta': {
      const delta = object(json['delta'])
      const added = {
        ...answer,
        text: answer.text + text(delta['text']),
        reasoning: answer.reasoning + text(delta['thinking']),
      }
      const part = text(delta['partial_json'])
      return part === '' ? added : addToolCall(added, added.toolCalls.length - 1, '', part)
    }
    case 'message_delta': {
      const finish = text(object(json['delta'])['stop_reason']) || answer.finish
      return { ...withAnthropicUsage(answer, json['usage']), finish }
    }
    default:
      return answer
  }
}

function addToolCall(
  answer: AnswerState,
  index: number,
  name: string,
  part: string,
): AnswerState {
  const before = answer.toolCalls[index] ?? { name: '', arguments: '' }
  const toolCalls = [...answer.toolCalls]
  toolCalls[Math.max(0, index)] = {
    name: before.name + name,
    arguments: before.arguments + part,
  }
  return { ...answer, toolCalls }
}

function openAiUsage(usage: Json, prompt: string, completion: string): AnswerUsage {
  return {
    prompt: number(usage[`${prompt}_tokens`]),
    completion: number(usage[`${completion}_tokens`]),
    cached: optional(object(usage[`${prompt}_tokens_details`])['cached_tokens']),
    reasoning: optional(object(usage[`${completion}_tokens_details`])['reasoning_tokens']),
    cost: optional(usage['cost']),
  }
}

/** The start of a message has the tokens of the prompt, its end those of the answer. */
function withAnthropicUsage(answer: AnswerState, usage: unknown): AnswerState {
  if (!isObject(usage)) return answer
  const cached = optional(usage['cache_read_input_tokens']) ?? answer.usage?.cached
  const uncached = optional(usage['input_tokens'])
  return {
    ...answer,
    usage: {
      prompt: uncached === undefined ? answer.usage?.prompt ?? 0 : uncached + (cached ?? 0),
      completion: optional(usage['output_tokens']) ?? answer.usage?.completion ?? 0,
      ...{ cached, reasoning: answer.usage?.reasoning },
      cost: optional(usage['cost']) ?? answer.usage?.cost,
    },
  }
}

/** The message of an error in any of the three forms. */
function errorOf(json: Json): string | undefined {
  const response = object(json['response'])
  const error = json['error'] ?? response['error']
  if (isObject(error)) return text(error['message']) || 'The answer failed'
  return json['type'] === 'error' ? text(json['message']) || 'The answer failed' : undefined
}

function parse(data: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(data)
    return isObject(json) ? json : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function object(value: unknown): Json {
  return isObject(value) ? value : {}
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function number(value: unknown): number {
  return optional(value) ?? 0
}

function optional(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
