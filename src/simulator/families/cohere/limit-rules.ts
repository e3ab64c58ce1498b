import type { Model } from '../../catalogue.ts'
import { badRequest, type ServiceError } from '../../service-error.ts'
import { openAiName } from '../../reject-by-directive.ts'

/** The numbers that both versions of Cohere's format have. */
export interface CohereLimits {
  maxTokens?: number
  temperature?: number
  topK?: number
  topP?: number
  frequencyPenalty?: number
  presencePenalty?: number
}

const RANGES = [
  ['temperature', 'temperature', 0, 1],
  ['topK', 'k', 0, 500],
  ['topP', 'p', 0, 1],
  ['frequencyPenalty', 'frequency_penalty', 0, 1],
  ['presencePenalty', 'presence_penalty', 0, 1],
] as const

/** Numbers that Cohere does not take, in its own names for them. */
export function withinRanges(request: CohereLimits): ServiceError | undefined {
  const outside = RANGES.find(([field, , min, most]) => {
    const value = request[field]
    return value !== undefined && (value < min || value > most)
  })
  if (!outside) return undefined
  const [, name, min, most] = outside
  return badRequest(`invalid request: ${name} must be between ${min} and ${most} inclusive.`)
}

/** On shared machines a request may not ask for more than they answer. */
export function withinCap(
  { maxTokens }: CohereLimits,
  _model: Model,
  maxOutputTokens: number,
): ServiceError | undefined {
  if (maxTokens === undefined) return undefined
  if (maxTokens < 1) return badRequest('invalid request: max_tokens must be at min 1.')
  if (maxTokens <= maxOutputTokens) return undefined
  return badRequest(`invalid request: max_tokens must be at most ${maxOutputTokens}.`)
}

/** How Cohere says that a prompt is too long. */
export function tooLong(tokens: number, { context }: { context: number }): ServiceError {
  return badRequest(
    `too many tokens: total number of tokens in the prompt cannot exceed ${context} - received ` +
      `${tokens}. Try using a shorter prompt, or truncating it.`,
  )
}

/** How Cohere refuses a field that a model does not know. */
export function unsupported(field: string): ServiceError {
  return badRequest(
    `invalid request: parameter '${openAiName(field)}' is not supported with this model`,
  )
}
