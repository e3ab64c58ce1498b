import { badRequest, type ServiceError } from '../service-error.ts'
import type { GenericChatRequest } from './generic-request.ts'
import type { Rule } from './rule.ts'
import { isName } from './tool-rules.ts'

type Range = readonly [name: keyof GenericChatRequest, min: number, max: number]

/** The parameter rules of all GENERIC families. */
export const PARAMETER_RULES: readonly Rule[] = [
  hasOneLimit,
  withinRanges,
  validMetadata,
  validFormat,
]

const RANGES: readonly Range[] = [
  ['maxTokens', 1, 10_000_000],
  ['maxCompletionTokens', 1, 10_000_000],
  ['temperature', 0, 2],
  ['topP', 0, 1],
  ['frequencyPenalty', -2, 2],
  ['presencePenalty', -2, 2],
  ['numGenerations', 1, 8],
  ['logProbs', 0, 20],
]

/** The maximum number of pairs, and of characters of a key and a value. */
const METADATA = { pairs: 16, key: 64, value: 512 }

function hasOneLimit(request: GenericChatRequest): ServiceError | undefined {
  const { maxTokens, maxCompletionTokens } = request
  if (maxTokens === undefined || maxCompletionTokens === undefined) return undefined
  return badRequest("Invalid 'maxTokens': 'maxCompletionTokens' is set too.")
}

function withinRanges(request: GenericChatRequest): ServiceError | undefined {
  const outside = RANGES.find(([name, min, most]) => {
    const value = request[name]
    return typeof value === 'number' && (value < min || value > most)
  })
  if (!outside) return undefined
  const [name, min, most] = outside
  return badRequest(`Invalid '${name}': must be between ${min} and ${most}.`)
}

function validMetadata({ metadata, logitBias }: GenericChatRequest): ServiceError | undefined {
  const pairs = entriesOf(metadata)
  const isValid = pairs.length <= METADATA.pairs && pairs.every(isValidPair)
  if (!isValid) return badRequest("Invalid 'metadata'.")
  const isBias = entriesOf(logitBias).every(([, bias]) => typeof bias === 'number')
  return isBias ? undefined : badRequest("Invalid 'logitBias'.")
}

function isValidPair([key, value]: readonly [string, unknown]): boolean {
  return key.length <= METADATA.key && typeof value === 'string' && value.length <= METADATA.value
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function validFormat({ responseFormat }: GenericChatRequest): ServiceError | undefined {
  if (responseFormat?.type !== 'JSON_SCHEMA') return undefined
  if (responseFormat.jsonSchema && isName(responseFormat.jsonSchema.name)) return undefined
  return badRequest("Invalid 'responseFormat': 'jsonSchema' needs a valid name.")
}
