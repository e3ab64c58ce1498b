import * as v from 'valibot'

/** What is read of `POST /v1/responses`; all of it is passed on. */
export const ResponsesRequest = v.looseObject({
  model: v.pipe(v.string('must be a string'), v.minLength(1, 'must not be empty')),
  stream: v.nullish(v.boolean(), false),
})
export type ResponsesRequest = v.InferOutput<typeof ResponsesRequest>
