import { type Field, type FieldType, type Model, modelsOf } from './field-types.ts'
import { firstProblem, isRecord, joinPath } from './validation.ts'

/** An error of a request body and its place: `chatRequest.messages[0].role`. */
export interface FieldProblem {
  path: string
  problem: string
}

/** The only field whose documentation allows `null`. */
const NULLABLE = new Set(['AssistantMessage.content'])

/** Checks a value against a model of the official SDK; `undefined` if it is valid. */
export function checkFields(model: string, value: unknown): FieldProblem | undefined {
  return checkModel([model], value, '')
}

function checkModel(
  names: readonly string[],
  value: unknown,
  path: string,
): FieldProblem | undefined {
  if (!isRecord(value)) return { path, problem: `expected an object, got ${nameOf(value)}` }
  const variants = names.flatMap(modelsOf)
  const variant = variants.find(({ tag }) => !tag || value[tag.field] === tag.value)
  if (variant) return checkObject(variant, value, path)
  const field = variants[0]?.tag?.field ?? ''
  return { path: joinPath(path, field), problem: `unknown value "${String(value[field])}"` }
}

function checkObject(
  model: Model,
  value: Readonly<Record<string, unknown>>,
  path: string,
): FieldProblem | undefined {
  const unknown = Object.keys(value).find((key) => !model.fields.has(key))
  if (unknown !== undefined) return { path: joinPath(path, unknown), problem: 'unknown field' }
  return firstProblem(
    model.fields,
    ([key, field]) => checkField(`${model.name}.${key}`, field, value[key], joinPath(path, key)),
  )
}

function checkField(
  name: string,
  field: Field,
  value: unknown,
  path: string,
): FieldProblem | undefined {
  if (value === undefined) return field.required ? { path, problem: 'missing' } : undefined
  if (value === null && NULLABLE.has(name)) return undefined
  return checkValue(field.type, value, path)
}

function checkValue(type: FieldType, value: unknown, path: string): FieldProblem | undefined {
  switch (type.kind) {
    case 'any':
      return value === null ? { path, problem: 'null' } : undefined
    case 'string':
      return typeof value === 'string' ? undefined : mismatch('string', value, path)
    case 'boolean':
      return typeof value === 'boolean' ? undefined : mismatch('boolean', value, path)
    case 'number':
      return Number.isFinite(value) ? undefined : mismatch('number', value, path)
    case 'date':
      return isDate(value) ? undefined : mismatch('RFC 3339 date', value, path)
    case 'enum':
      if (type.values.some((word) => word === value)) return undefined
      return { path, problem: `unknown value "${String(value)}"` }
    case 'array':
      if (!Array.isArray(value)) return mismatch('array', value, path)
      return firstProblem(
        value.entries(),
        ([at, item]) => checkValue(type.of, item, `${path}[${at}]`),
      )
    case 'map':
      if (!isRecord(value)) return mismatch('object', value, path)
      return firstProblem(
        Object.entries(value),
        ([key, item]) => checkValue(type.of, item, joinPath(path, key)),
      )
    case 'model':
      return checkModel(type.names, value, path)
  }
}

function mismatch(expected: string, value: unknown, path: string): FieldProblem {
  return { path, problem: `expected ${expected}, got ${nameOf(value)}` }
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value)
}
