import type { Model } from '../../catalogue.ts'
import { badRequest, type Refusal } from '../../refusal.ts'
import { vendorName } from '../../refuse-by-directive.ts'

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
export function withinRanges(request: CohereLimits): Refusal | undefined {
  const outside = RANGES.find(([field, , least, most]) => {
    const value = request[field]
    return value !== undefined && (value < least || value > most)
  })
  if (!outside) return undefined
  const [, name, least, most] = outside
  return badRequest(`invalid request: ${name} must be between ${least} and ${most} inclusive.`)
}

/** On shared machines a request may not ask for more than they answer. */
export function withinCap(
  { maxTokens }: CohereLimits,
  _model: Model,
  outputCap: number,
): Refusal | undefined {
  if (maxTokens === undefined) return undefined
  if (maxTokens < 1) return badRequest('invalid request: max_tokens must be at least 1.')
  if (maxTokens <= outputCap) return undefined
  return badRequest(`invalid request: max_tokens must be at most ${outputCap}.`)
}

/** How Cohere says that a prompt is too long. */
export function tooLong(tokens: number, { context }: { context: number }): Refusal {
  return badRequest(
    `too many tokens: total number of tokens in the prompt cannot exceed ${context} - received ` +
      `${tokens}. Try using a shorter prompt, or truncating it.`,
  )
}

/** How Cohere refuses a field that a model does not know. */
export function unsupported(field: string): Refusal {
  return badRequest(
    `invalid request: parameter '${vendorName(field)}' is not supported with this model`,
  )
}
