/** What a value of a request has to be. Where a field may be absent, its name ends in `?`. */
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
  /** Told apart by the word of one field; an absent one is `defaultVariant`. */
  | { tag: string; variants: Readonly<Record<string, Fields | 'object'>>; defaultVariant?: string }

export type Fields = Readonly<Record<string, Shape>>

/** What is wrong with a value, in OpenAI's allowed. */
export interface ShapeProblem {
  param: string
  message: string
  code: 'missing_required_parameter' | 'unknown_parameter' | 'invalid_type' | 'invalid_value'
}

type Members = Readonly<Record<string, unknown>>

/** Holds a value against a shape; `undefined` means that nothing is wrong. */
export function findProblem(shape: Shape, value: unknown, path = ''): ShapeProblem | undefined {
  if (typeof shape === 'string') return checkPlain(shape, value, path)
  if ('enum' in shape) return checkWord(shape.enum, value, path)
  if ('items' in shape) {
    if (!Array.isArray(value)) return wrongType('an array', value, path)
    return firstOf(
      value.entries(),
      ([at, item]) => findProblem(shape.items, item, `${path}[${at}]`),
    )
  }
  if ('anyOf' in shape) return checkEither(shape.anyOf, value, path)
  if (!isMembers(value)) return wrongType('an object', value, path)
  if ('fields' in shape) return checkFields(shape.fields, value, path)
  const { tag, variants, defaultVariant } = shape
  const word = value[tag] ?? defaultVariant
  if (word === undefined) return missing(join(path, tag))
  const fields = typeof word === 'string' && Object.hasOwn(variants, word) ? variants[word] : null
  if (!fields) return unknownWord(Object.keys(variants), word, join(path, tag))
  if (fields === 'object') return undefined
  return checkFields({ [`${tag}?`]: 'string', ...fields }, value, path)
}

function checkPlain(
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
      return isMembers(value) ? undefined : wrongType('an object', value, path)
  }
}

function checkWord(
  allowed: readonly string[],
  value: unknown,
  path: string,
): ShapeProblem | undefined {
  if (typeof value !== 'string') return wrongType('a string', value, path)
  return allowed.includes(value) ? undefined : unknownWord(allowed, value, path)
}

/** What is of the right kind may still be wrong within: then that is the problem. */
function checkEither(
  shapes: readonly Shape[],
  value: unknown,
  path: string,
): ShapeProblem | undefined {
  const problems = shapes.map((shape) => findProblem(shape, value, path))
  if (problems.includes(undefined)) return undefined
  return problems.find((problem) => problem?.code !== 'invalid_type' || problem.param !== path) ??
    problems[0]
}

function checkFields(fields: Fields, value: Members, path: string): ShapeProblem | undefined {
  const known = new Set(Object.keys(fields).map(bare))
  const stranger = Object.keys(value).find((name) => !known.has(name))
  if (stranger !== undefined) {
    const param = join(path, stranger)
    return { param, message: `Unknown parameter: '${param}'.`, code: 'unknown_parameter' }
  }
  return firstOf(Object.entries(fields), ([name, shape]) => {
    const param = join(path, bare(name))
    const member = value[bare(name)]
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

function unknownWord(allowed: readonly string[], value: unknown, param: string): ShapeProblem {
  const choice = allowed.map((word) => `'${word}'`).join(', ')
  const message = `Invalid value: '${String(value)}'. Supported values are: ${choice}.`
  return { param, message, code: 'invalid_value' }
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function firstOf<Item>(
  items: Iterable<Item>,
  check: (item: Item) => ShapeProblem | undefined,
): ShapeProblem | undefined {
  for (const item of items) {
    const problem = check(item)
    if (problem) return problem
  }
  return undefined
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bare(name: string): string {
  return name.endsWith('?') ? name.slice(0, -1) : name
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
