import { firstProblem, isRecord, joinPath } from './validation.ts'

/** The expected shape of a value. The name of an optional member ends in `?`. */
export type Shape =
  | 'string'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'object'
  | { enum: readonly string[] }
  | { items: Shape }
  | { anyOf: readonly Shape[] }
  | { fields: Fields }
  /** Variants that one member distinguishes; without it, `defaultVariant` applies. */
  | { tag: string; variants: Readonly<Record<string, Fields | 'object'>>; defaultVariant?: string }

export type Fields = Readonly<Record<string, Shape>>

/** What is wrong with a value, in OpenAI's allowed. */
export interface ShapeProblem {
  param: string
  message: string
  code: 'missing_required_parameter' | 'unknown_parameter' | 'invalid_type' | 'invalid_value'
}

/** Checks a value against a shape; `undefined` if it is valid. */
export function findProblem(shape: Shape, value: unknown, path = ''): ShapeProblem | undefined {
  if (typeof shape === 'string') return checkType(shape, value, path)
  if ('enum' in shape) return checkEnum(shape.enum, value, path)
  if ('items' in shape) {
    if (!Array.isArray(value)) return wrongType('an array', value, path)
    return firstProblem(
      value.entries(),
      ([at, item]) => findProblem(shape.items, item, `${path}[${at}]`),
    )
  }
  if ('anyOf' in shape) return checkAnyOf(shape.anyOf, value, path)
  if (!isRecord(value)) return wrongType('an object', value, path)
  if ('fields' in shape) return checkFields(shape.fields, value, path)
  const { tag, variants, defaultVariant } = shape
  const variant = value[tag] ?? defaultVariant
  if (variant === undefined) return missing(joinPath(path, tag))
  if (typeof variant !== 'string') return wrongType('a string', variant, joinPath(path, tag))
  const fields = Object.hasOwn(variants, variant) ? variants[variant] : null
  if (!fields) return unknownValue(Object.keys(variants), variant, joinPath(path, tag))
  if (fields === 'object') return undefined
  return checkFields({ [`${tag}?`]: 'string', ...fields }, value, path)
}

function checkType(
  kind: 'string' | 'number' | 'integer' | 'boolean' | 'object',
  value: unknown,
  path: string,
): ShapeProblem | undefined {
  switch (kind) {
    case 'string':
      return typeof value === 'string' ? undefined : wrongType('a string', value, path)
    case 'number':
      return typeof value === 'number' ? undefined : wrongType('a decimal', value, path)
    case 'integer':
      return Number.isInteger(value) ? undefined : wrongType('an integer', value, path)
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrongType('a boolean', value, path)
    case 'object':
      return isRecord(value) ? undefined : wrongType('an object', value, path)
  }
}

function checkEnum(
  allowed: readonly string[],
  value: unknown,
  path: string,
): ShapeProblem | undefined {
  if (typeof value !== 'string') return wrongType('a string', value, path)
  return allowed.includes(value) ? undefined : unknownValue(allowed, value, path)
}

/** Prefers the problem inside the shape of the right type to the mismatches of the others. */
function checkAnyOf(
  shapes: readonly Shape[],
  value: unknown,
  path: string,
): ShapeProblem | undefined {
  const problems = shapes.map((shape) => findProblem(shape, value, path))
  if (problems.includes(undefined)) return undefined
  return problems.find((problem) => problem?.code !== 'invalid_type' || problem.param !== path) ??
    problems[0]
}

function checkFields(
  fields: Fields,
  value: Readonly<Record<string, unknown>>,
  path: string,
): ShapeProblem | undefined {
  const known = new Set(Object.keys(fields).map(withoutMark))
  const unknown = Object.keys(value).find((name) => !known.has(name))
  if (unknown !== undefined) {
    const param = joinPath(path, unknown)
    return { param, message: `Unknown parameter: '${param}'.`, code: 'unknown_parameter' }
  }
  return firstProblem(Object.entries(fields), ([name, shape]) => {
    const param = joinPath(path, withoutMark(name))
    const member = value[withoutMark(name)]
    if (member !== undefined && member !== null) return findProblem(shape, member, param)
    return name.endsWith('?') ? undefined : missing(param)
  })
}

function missing(param: string): ShapeProblem {
  const message = `Missing required parameter: '${param}'.`
  return { param, message, code: 'missing_required_parameter' }
}

function wrongType(expected: string, value: unknown, param: string): ShapeProblem {
  const message = `Invalid type for '${param}': expected ${expected}, but got ${nameOf(value)} ` +
    'instead.'
  return { param, message, code: 'invalid_type' }
}

function unknownValue(allowed: readonly string[], value: unknown, param: string): ShapeProblem {
  const choice = allowed.map((word) => `'${word}'`).join(', ')
  const message = `Invalid value: '${String(value)}'. Supported values are: ${choice}.`
  return { param, message, code: 'invalid_value' }
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function withoutMark(name: string): string {
  return name.endsWith('?') ? name.slice(0, -1) : name
}
