import { ApiError } from '../errors.ts'
import { checkCount, type RequestLimits } from '../limits.ts'

/** What a list in a request body counts against. */
interface Counted {
  limit: keyof RequestLimits
  unit: string
}

const MESSAGES: Counted = { limit: 'maxMessages', unit: 'messages' }
const ITEMS: Counted = { limit: 'maxMessages', unit: 'input items' }
const TOOLS: Counted = { limit: 'maxTools', unit: 'tools' }
const INPUTS: Counted = { limit: 'maxInputs', unit: 'inputs' }

/** Members at the top level of a request; no API has a hundred. */
const MAX_MEMBERS = 1_000

/** The lists at the top level of a body; `input` is told apart by what it holds. */
const LISTS: readonly (readonly [member: string, counted: Counted])[] = [
  ['messages', MESSAGES],
  ['functions', TOOLS],
  ['documents', INPUTS],
  ['prompt', INPUTS],
  ['texts', INPUTS],
]

/**
 * Refuses a body with more messages, content parts, tools or inputs than `limits` allow, before
 * anything is done with each of them. Of shapes that are wrong anyway it says nothing.
 */
export function checkCounts(body: object, limits: RequestLimits): void {
  const members = new Map<string, unknown>(Object.entries(body))
  if (members.size > MAX_MEMBERS) throw tooManyMembers(members.size)
  for (const [member, counted] of LISTS) checkList(members.get(member), member, counted, limits)
  const input = members.get('input')
  const isConversation = Array.isArray(input) && input.some(isObjectWithRoleOrType)
  checkList(input, 'input', isConversation ? ITEMS : INPUTS, limits)
  check(countTools(members.get('tools')), 'tools', TOOLS, limits)
  for (const member of ['messages', 'input']) {
    const parts = countParts(members.get(member))
    check(parts, member, { limit: 'maxContentParts', unit: 'content parts' }, limits)
  }
}

function tooManyMembers(count: number): ApiError {
  const message = `The request has too many members: ${count}, at most ${MAX_MEMBERS} are allowed`
  return new ApiError('invalid_request', message, { reason: 'limit' })
}

function checkList(value: unknown, param: string, counted: Counted, limits: RequestLimits): void {
  if (Array.isArray(value)) check(value.length, param, counted, limits)
}

function check(
  count: number,
  param: string,
  { limit, unit }: Counted,
  limits: RequestLimits,
): void {
  checkCount(count, limits[limit], { param, unit, setting: `limits.${limit}` })
}

function isObjectWithRoleOrType(item: unknown): boolean {
  return typeof item === 'object' && item !== null && ('role' in item || 'type' in item)
}

/** Tools of Responses may hold tools of their own, as a namespace does. */
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

function listIn(value: unknown, member: string): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const list: unknown = Object.getOwnPropertyDescriptor(value, member)?.value
  return Array.isArray(list) ? list : undefined
}
