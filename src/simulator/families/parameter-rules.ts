import { badRequest, type Refusal } from '../refusal.ts'
import type { GenericChatRequest } from './generic-request.ts'
import type { Rule } from './rule.ts'
import { isName } from './tool-rules.ts'

type Range = readonly [name: keyof GenericChatRequest, least: number, most: number]

/** What holds for the parameters of every GENERIC family. */
export const PARAMETER_RULES: readonly Rule[] = [
  oneLimit,
  withinRanges,
  soundMetadata,
  soundFormat,
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

/** Pairs, and characters of a key and of a value. */
const METADATA = { pairs: 16, key: 64, value: 512 }

function oneLimit(request: GenericChatRequest): Refusal | undefined {
  const { maxTokens, maxCompletionTokens } = request
  if (maxTokens === undefined || maxCompletionTokens === undefined) return undefined
  return badRequest("Invalid 'maxTokens': 'maxCompletionTokens' is set too.")
}

function withinRanges(request: GenericChatRequest): Refusal | undefined {
  const outside = RANGES.find(([name, least, most]) => {
    const value = request[name]
    return typeof value === 'number' && (value < least || value > most)
  })
  if (!outside) return undefined
  const [name, least, most] = outside
  return badRequest(`Invalid '${name}': must be between ${least} and ${most}.`)
}

function soundMetadata({ metadata, logitBias }: GenericChatRequest): Refusal | undefined {
  const pairs = entriesOf(metadata)
  const isSound = pairs.length <= METADATA.pairs && pairs.every(isSoundPair)
  if (!isSound) return badRequest("Invalid 'metadata'.")
  const isBias = entriesOf(logitBias).every(([, bias]) => typeof bias === 'number')
  return isBias ? undefined : badRequest("Invalid 'logitBias'.")
}

function isSoundPair([key, value]: readonly [string, unknown]): boolean {
  return key.length <= METADATA.key && typeof value === 'string' && value.length <= METADATA.value
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function soundFormat({ responseFormat }: GenericChatRequest): Refusal | undefined {
  if (responseFormat?.type !== 'JSON_SCHEMA') return undefined
  if (responseFormat.jsonSchema && isName(responseFormat.jsonSchema.name)) return undefined
  return badRequest("Invalid 'responseFormat': 'jsonSchema' needs a valid name.")
}
