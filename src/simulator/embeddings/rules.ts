import type { Model } from '../catalogue.ts'
import { tooLong } from '../families/cohere/limit-rules.ts'
import { badFormat, badRequest, type ServiceError } from '../service-error.ts'
import { countTokens } from '../text-tokens.ts'
import { firstProblem } from '../validation.ts'
import { type EmbedTextDetails, isVersion4, type Item, itemsOf } from './request.ts'

type EmbedRule = (details: EmbedTextDetails, model: Model) => ServiceError | undefined

const MAX_ITEMS = 96
const DIMENSIONS: readonly number[] = [256, 512, 1_024, 1_536]
const DATA_URI = /^data:image\/[\w.+-]+;base64,[A-Za-z0-9+/]+={0,2}$/

const RULES: readonly EmbedRule[] = [
  hasOneInputList,
  hasValidCount,
  hasNoEmptyInput,
  imagesAreValid,
  dimensionsAreSupported,
  isWithinContext,
]

/** Finds the first error that Cohere reports for an embedding request. */
export function validateEmbedRequest(
  details: EmbedTextDetails,
  model: Model,
): ServiceError | undefined {
  return firstProblem(RULES, (rule) => rule(details, model))
}

function hasOneInputList(
  { inputs, embedContents }: EmbedTextDetails,
  model: Model,
): ServiceError | undefined {
  if ((inputs === undefined) === (embedContents === undefined)) {
    return badFormat('exactly one of inputs and embedContents')
  }
  if (embedContents === undefined || isVersion4(model)) return undefined
  return badRequest('embedContents is not supported with this model.')
}

function hasValidCount(details: EmbedTextDetails): ServiceError | undefined {
  const { length } = itemsOf(details)
  if (length > 0 && length <= MAX_ITEMS) return undefined
  return length === 0 ? badRequest('invalid request: at least one text is required') : badRequest(
    `invalid request: total number of texts must be at most ${MAX_ITEMS} - received ${length}`,
  )
}

function hasNoEmptyInput(details: EmbedTextDetails): ServiceError | undefined {
  const at = itemsOf(details).findIndex(({ value }) => value === '')
  return at < 0 ? undefined : badRequest(`invalid request: input at index ${at} must not be empty`)
}

function imagesAreValid(details: EmbedTextDetails, { inputs }: Model): ServiceError | undefined {
  const images = itemsOf(details).filter(isImage)
  if (images.length === 0) return undefined
  if (!inputs.includes('IMAGE')) return badRequest('Images are not supported with this model.')
  if (images.length > 1) return badRequest('invalid request: only one image is allowed')
  const isValid = images.every(({ value }) => DATA_URI.test(value))
  return isValid ? undefined : badRequest('invalid request: image must be a base64 data URI')
}

function dimensionsAreSupported(
  { outputDimensions }: EmbedTextDetails,
  model: Model,
): ServiceError | undefined {
  if (outputDimensions === undefined) return undefined
  if (!isVersion4(model)) return badRequest('outputDimensions is not supported with this model.')
  if (DIMENSIONS.includes(outputDimensions)) return undefined
  return badRequest(`invalid request: outputDimensions must be one of ${DIMENSIONS.join(', ')}`)
}

/** Version 4 limits all texts together, older models each text. `truncate` disables the check. */
function isWithinContext(details: EmbedTextDetails, model: Model): ServiceError | undefined {
  const { truncate = 'NONE' } = details
  if (truncate !== 'NONE') return undefined
  const counts = itemsOf(details).filter((item) => !isImage(item))
    .map(({ value }) => countTokens(value))
  const tokens = isVersion4(model)
    ? counts.reduce((sum, count) => sum + count, 0)
    : Math.max(0, ...counts)
  return tokens > model.contextWindow ? tooLong(tokens, model) : undefined
}

function isImage({ kind }: Item): boolean {
  return kind === 'image'
}
