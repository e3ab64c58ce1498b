import { ApiError } from '../errors.ts'
import type { JsonObject } from '../json-object.ts'
import { checkCount, type RequestLimits } from '../limits.ts'

/** The limit that applies to a list in a request body. */
interface CountLimit {
  limit: keyof RequestLimits
  unit: string
}

const MESSAGES: CountLimit = { limit: 'maxMessages', unit: 'messages' }
const ITEMS: CountLimit = { limit: 'maxMessages', unit: 'input items' }
const TOOLS: CountLimit = { limit: 'maxTools', unit: 'tools' }
const INPUTS: CountLimit = { limit: 'maxInputs', unit: 'inputs' }

/** Maximum fields at the top level of a request; no API has a hundred. */
const MAX_FIELDS = 1_000

/** The lists at the top level of a body. `input` is missing: its limit depends on its content. */
const LISTS: readonly (readonly [field: string, countLimit: CountLimit])[] = [
  ['messages', MESSAGES],
  ['functions', TOOLS],
  ['documents', INPUTS],
  ['prompt', INPUTS],
  ['texts', INPUTS],
]

/**
 * Throws an `invalid_request` for more messages, content parts, tools or inputs than `limits` allow.
 * It runs before the schema, so it ignores values of other types.
 */
export function checkCounts(body: JsonObject, limits: RequestLimits): void {
  const fields = Object.keys(body).length
  if (fields > MAX_FIELDS) throw tooManyFields(fields)
  for (const [field, countLimit] of LISTS) checkList(body[field], field, countLimit, limits)
  const input = body['input']
  const isConversation = Array.isArray(input) && input.some(isObjectWithRoleOrType)
  checkList(input, 'input', isConversation ? ITEMS : INPUTS, limits)
  check(countTools(body['tools']), 'tools', TOOLS, limits)
  for (const field of ['messages', 'input']) {
    const parts = countParts(body[field])
    check(parts, field, { limit: 'maxContentParts', unit: 'content parts' }, limits)
  }
}

function tooManyFields(count: number): ApiError {
  const message = `Too many fields: ${count}, at most ${MAX_FIELDS} are allowed`
  return new ApiError('invalid_request', message, { reason: 'limit' })
}

function checkList(
  value: unknown,
  param: string,
  countLimit: CountLimit,
  limits: RequestLimits,
): void {
  if (Array.isArray(value)) check(value.length, param, countLimit, limits)
}

function check(
  count: number,
  param: string,
  { limit, unit }: CountLimit,
  limits: RequestLimits,
): void {
  checkCount(count, limits[limit], { param, unit, setting: `limits.${limit}` })
}

function isObjectWithRoleOrType(item: unknown): boolean {
  return typeof item === 'object' && item !== null && ('role' in item || 'type' in item)
}

/** Counts tools and, for Responses, the tools in namespaces. */
function countTools(tools: unknown): number {
  if (!Array.isArray(tools)) return 0
  return tools.reduce(
    (count: number, tool: unknown) => count + 1 + countTools(listIn(tool, 'tools')),
    0,
  )
}

function countParts(messages: unknown): number {
  if (!Array.isArray(messages)) return 0
  return messages.reduce((count: number, message: unknown) => {
    const content = listIn(message, 'content') ?? listIn(message, 'output')
    return count + (content?.length ?? 0)
  }, 0)
}

function listIn(value: unknown, field: string): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const list: unknown = Object.getOwnPropertyDescriptor(value, field)?.value
  return Array.isArray(list) ? list : undefined
}
