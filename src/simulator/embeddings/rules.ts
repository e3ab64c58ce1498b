import type { Model } from '../catalogue.ts'
import { tooLong } from '../families/cohere/limit-rules.ts'
import { badFormat, badRequest, type ServiceError } from '../service-error.ts'
import { countTokens } from '../text-tokens.ts'
import { type EmbedTextDetails, isFourth, type Item, itemsOf } from './request.ts'

type EmbedRule = (details: EmbedTextDetails, model: Model) => ServiceError | undefined

const MAX_ITEMS = 96
const DIMENSIONS: readonly number[] = [256, 512, 1_024, 1_536]
const DATA_URI = /^data:image\/[\w.+-]+;base64,[A-Za-z0-9+/]+={0,2}$/

const RULES: readonly EmbedRule[] = [
  oneList,
  fewEnough,
  filled,
  validImages,
  knownDimensions,
  shortEnough,
]

/** What Cohere finds wrong with a request for embeddings. */
export function validateEmbedRequest(
  details: EmbedTextDetails,
  model: Model,
): ServiceError | undefined {
  for (const rule of RULES) {
    const error = rule(details, model)
    if (error) return error
  }
  return undefined
}

function oneList(
  { inputs, embedContents }: EmbedTextDetails,
  model: Model,
): ServiceError | undefined {
  if ((inputs === undefined) === (embedContents === undefined)) {
    return badFormat('exactly one of inputs and embedContents')
  }
  if (embedContents === undefined || isFourth(model)) return undefined
  return badRequest('embedContents is not supported with this model.')
}

function fewEnough(details: EmbedTextDetails): ServiceError | undefined {
  const { length } = itemsOf(details)
  if (length > 0 && length <= MAX_ITEMS) return undefined
  return length === 0 ? badRequest('invalid request: at min one text is required') : badRequest(
    `invalid request: total number of texts must be at most ${MAX_ITEMS} - received ${length}`,
  )
}

function filled(details: EmbedTextDetails): ServiceError | undefined {
  const at = itemsOf(details).findIndex(({ value }) => value === '')
  return at < 0 ? undefined : badRequest(`invalid request: input at index ${at} must not be empty`)
}

function validImages(details: EmbedTextDetails, { inputs }: Model): ServiceError | undefined {
  const images = itemsOf(details).filter(isImage)
  if (images.length === 0) return undefined
  if (!inputs.includes('IMAGE')) return badRequest('Images are not supported with this model.')
  if (images.length > 1) return badRequest('invalid request: only one image is allowed')
  const isValid = images.every(({ value }) => DATA_URI.test(value))
  return isValid ? undefined : badRequest('invalid request: image must be a base64 data URI')
}

function knownDimensions(
  { outputDimensions }: EmbedTextDetails,
  model: Model,
): ServiceError | undefined {
  if (outputDimensions === undefined) return undefined
  if (!isFourth(model)) return badRequest('outputDimensions is not supported with this model.')
  if (DIMENSIONS.includes(outputDimensions)) return undefined
  return badRequest(`invalid request: outputDimensions must be one of ${DIMENSIONS.join(', ')}`)
}

/** The newest counts all texts of a call together, the others each one; both can cut instead. */
function shortEnough(details: EmbedTextDetails, model: Model): ServiceError | undefined {
  const { truncate = 'NONE' } = details
  if (truncate !== 'NONE') return undefined
  const counts = itemsOf(details).filter((item) => !isImage(item))
    .map(({ value }) => countTokens(value))
  const most = isFourth(model)
    ? counts.reduce((sum, count) => sum + count, 0)
    : Math.max(0, ...counts)
  return most > model.context ? tooLong(most, model) : undefined
}

function isImage({ kind }: Item): boolean {
  return kind === 'image'
}
