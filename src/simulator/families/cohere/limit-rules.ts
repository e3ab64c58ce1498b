import type { Model } from '../../catalogue.ts'
import { badRequest, type ServiceError } from '../../service-error.ts'
import { openAiName } from '../../reject-by-directive.ts'

/** The numeric parameters of both of Cohere's formats. */
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

/** Rejects numbers outside Cohere's ranges, with Cohere's names of the parameters. */
export function isWithinRanges(request: CohereLimits): ServiceError | undefined {
  const outside = RANGES.find(([field, , min, most]) => {
    const value = request[field]
    return value !== undefined && (value < min || value > most)
  })
  if (!outside) return undefined
  const [, name, min, most] = outside
  return badRequest(`invalid request: ${name} must be between ${min} and ${most} inclusive.`)
}

/** Rejects output limits above that of on-demand models. */
export function isWithinOutputLimit(
  { maxTokens }: CohereLimits,
  _model: Model,
  maxOutputTokens: number,
): ServiceError | undefined {
  if (maxTokens === undefined) return undefined
  if (maxTokens < 1) return badRequest('invalid request: max_tokens must be at least 1.')
  if (maxTokens <= maxOutputTokens) return undefined
  return badRequest(`invalid request: max_tokens must be at most ${maxOutputTokens}.`)
}

/** Cohere's error for too long a prompt. */
export function tooLong(tokens: number, { contextWindow }: Model): ServiceError {
  return badRequest(
    `too many tokens: total number of tokens in the prompt cannot exceed ${contextWindow} - received ` +
      `${tokens}. Try using a shorter prompt, or truncating it.`,
  )
}

/** Cohere's error for a field that the model does not support. */
export function unsupported(field: string): ServiceError {
  return badRequest(
    `invalid request: parameter '${openAiName(field)}' is not supported with this model`,
  )
}
