import type { ChatRequest } from '../../chat/model.ts'
import type { ErrorBody } from '../http/error-body.ts'
import { fieldOf, type RefusableParameter } from './parameter-names.ts'

/** A value of a parameter that a model refuses, though it takes others. */
export interface ValueQuirk {
  type: 'value'
  name: string
  parameter: RefusableParameter
  /** As `valueOf()` writes it. */
  value: string
  /** Sent instead; the parameter is left out where there is none. */
  replacement: string | undefined
}

/** The levels of a parameter, from least to most. */
const LEVELS: Partial<Record<RefusableParameter, readonly string[]>> = {
  reasoningEffort: ['none', 'minimal', 'low', 'medium', 'high'],
  verbosity: ['low', 'medium', 'high'],
}

/** The value of a parameter in a word; `undefined` where the request has none or it is no word. */
export function valueOf(request: ChatRequest, parameter: RefusableParameter): string | undefined {
  const value = request[parameter]
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'boolean':
      return String(value)
    case 'object':
      return 'type' in value ? String(value.type).replaceAll('-', '_') : undefined
  }
  return undefined
}

/** Whether the request has the parameter at all. */
export function hasParameter(request: ChatRequest, parameter: RefusableParameter): boolean {
  const value = request[parameter]
  return value !== undefined && !(Array.isArray(value) && value.length === 0)
}

/**
 * Reads a refusal of a parameter as one of the value that was sent; `undefined` where it refuses the
 * parameter itself. "Only the default value is supported" refuses every value that a client may
 * send, so that is one of the parameter.
 */
export function inferValueQuirk(
  { message, code }: ErrorBody,
  parameter: RefusableParameter,
  request: ChatRequest | undefined,
): ValueQuirk | undefined {
  if (/only the default\b/i.test(message)) return undefined
  const value = request ? valueOf(request, parameter) : namedValue(message)
  if (value === undefined) return undefined
  const isOfValue = /^(unsupported|invalid)_value$/.test(code ?? '') ||
    /\b(value|values|level)\b/i.test(message) || names(message, value)
  if (!isOfValue) return undefined
  const replacement = nearestLevel(message, parameter, value)
  const name = replacement === undefined
    ? `without ${parameter} ${value}`
    : `${parameter} ${replacement} for ${value}`
  return { type: 'value', name, parameter, value, replacement }
}

/** The value that a text says is not supported. */
function namedValue(message: string): string | undefined {
  return /\bvalue:? ['"`]?([\w.-]*\w)/i.exec(message)?.[1] ??
    /does(?: not|n't) support ['"`]([\w.-]*\w)['"`]/i.exec(message)?.[1] ??
    /does(?: not|n't) support (\d[\d.]*\d|\d)\b/i.exec(message)?.[1]
}

/** Whether a text names the value as a word of its own. */
function names(message: string, value: string): boolean {
  const words: readonly string[] = message.toLowerCase().match(/[\w.-]*\w/g) ?? []
  return words.includes(value.toLowerCase())
}

/** The level nearest to the refused one that the text offers; of two, the lower. */
function nearestLevel(
  message: string,
  parameter: RefusableParameter,
  value: string,
): string | undefined {
  const levels = LEVELS[parameter]
  const offer = /(supported|allowed|valid|accepted) (values|levels)|one of|\b(use|expected)\b/i
    .exec(message)
  const refused = levels?.indexOf(value.toLowerCase()) ?? -1
  if (!levels || !offer || refused < 0) return undefined
  const offered = message.slice(offer.index)
  return levels
    .map((level, at) => ({ level, distance: Math.abs(at - refused) }))
    .filter(({ level, distance }) => distance > 0 && names(offered, level))
    .sort((one, other) => one.distance - other.distance)[0]?.level
}

/** A request without refused values, and a warning for each. */
export interface AllowedRequest {
  request: ChatRequest
  warnings: readonly string[]
}

/** Leaves out or replaces the values of a request that quirks name, in their order. */
export function withoutRefusedValues(
  request: ChatRequest,
  quirks: readonly ValueQuirk[],
): AllowedRequest {
  return quirks.reduce<AllowedRequest>((allowed, quirk) => {
    if (valueOf(allowed.request, quirk.parameter) !== quirk.value) return allowed
    return {
      request: { ...allowed.request, ...changeOf(quirk) },
      warnings: [...allowed.warnings, warningOf(quirk)],
    }
  }, { request, warnings: [] })
}

function changeOf({ parameter, value, replacement }: ValueQuirk): Partial<ChatRequest> {
  // Offering no tool is the one way left to have none called.
  if (parameter === 'toolChoice' && value === 'none') return { toolChoice: undefined, tools: [] }
  return { [parameter]: replacement }
}

function warningOf({ parameter, value, replacement }: ValueQuirk): string {
  const result = replacement === undefined ? 'left out' : `${replacement} used instead`
  return `${fieldOf(parameter)}: the value ${value} is not accepted by this model, ` +
    result
}
