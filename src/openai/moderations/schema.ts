import * as v from 'valibot'
import { MAX_MODEL_NAME_LENGTH, MODEL_NAME_TOO_LONG } from '../../limits.ts'
import { NonEmptyText } from '../../request-fields.ts'

const Part = v.variant('type', [
  v.object({ type: v.literal('text'), text: NonEmptyText }),
  v.object({ type: v.literal('image_url'), image_url: v.object({ url: v.string() }) }),
])
export type ModerationInputPart = v.InferOutput<typeof Part>

const SHAPES = 'must be a string, a list of strings, or a list of text and image parts'
const Item = v.union([NonEmptyText, Part], SHAPES)
const Items = v.pipe(v.array(Item), v.minLength(1, 'must not be empty'))
const Single = v.pipe(v.string(SHAPES), v.minLength(1, 'must not be empty'))

/** The members of `POST /v1/moderations` that are read. */
export const ModerationsRequest = v.looseObject({
  model: v.nullish(v.pipe(
    v.string('must be a string'),
    v.maxLength(MAX_MODEL_NAME_LENGTH, MODEL_NAME_TOO_LONG),
  )),
  // Not a union of both, so that an error names the item.
  input: v.lazy((input) => Array.isArray(input) ? Items : Single),
})
export type ModerationsRequest = v.InferOutput<typeof ModerationsRequest>
