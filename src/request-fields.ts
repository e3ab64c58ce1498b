import * as v from 'valibot'
import { MAX_MODEL_NAME_LENGTH, MODEL_NAME_TOO_LONG } from './limits.ts'

/** Schemas of request fields that several client APIs share. */

/** A finite number: JSON such as `1e400` parses to infinity. */
export const Finite = v.pipe(v.number(), v.finite('must be a finite number'))
/** A whole number that a double represents exactly: larger ones would change without notice. */
export const Whole = v.pipe(
  Finite,
  v.integer('must be a whole number'),
  v.safeInteger('must be within ±(2^53 - 1)'),
)
/** A whole number from 1. */
export const Count = v.pipe(Whole, v.minValue(1, 'must be 1 or more'))

/** A string that is not empty. */
export const NonEmptyText = v.pipe(
  v.string('must be a string'),
  v.minLength(1, 'must not be empty'),
)

export const ModelName = v.pipe(
  NonEmptyText,
  v.maxLength(MAX_MODEL_NAME_LENGTH, MODEL_NAME_TOO_LONG),
)

/** A JSON object, taken as it is: not copied, no key dropped. */
export const JsonObject = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
)
