import { charactersOf, isOnDemand } from '../billing/meter.ts'
import { encodeVectors } from '../embeddings/encodings.ts'
import { vectorOf } from '../embeddings/vector.ts'
import type { Exchange } from '../exchange.ts'
import { faultResponse } from '../faults.ts'
import { delayHeaders } from '../sleep.ts'
import { isServiceError, type ServiceError } from '../service-error.ts'
import { activeDirectives } from '../directives.ts'
import type { ResolvedModel } from '../resolve-model.ts'
import { jsonResponse } from '../send-plan.ts'
import { countTokens } from '../text-tokens.ts'
import { reject, type SimulatorContext } from '../context.ts'
import { readRequest } from './operation.ts'
import { invalidRequest, toOpenAiResponse } from './error.ts'
import { resolveEmbeddingModel } from './resolve-model.ts'
import type { Shape } from '../shape.ts'

interface EmbeddingsRequest {
  model: string
  input: string | readonly string[] | readonly number[] | readonly (readonly number[])[]
  encoding_format?: 'float' | 'base64' | null
  dimensions?: number | null
}

const TOKENS: Shape = { items: 'integer' }
const EMBEDDINGS: Shape = {
  fields: {
    model: 'string',
    input: { anyOf: ['string', { items: 'string' }, TOKENS, { items: TOKENS }] },
    'encoding_format?': { enum: ['float', 'base64'] },
    'dimensions?': 'integer',
    'user?': 'string',
  },
}
const MAX_INPUTS = 2_048

/** `POST /openai/v1/embeddings` */
export async function embeddings(exchange: Exchange, context: SimulatorContext): Promise<Response> {
  const request = readRequest<EmbeddingsRequest>(EMBEDDINGS, exchange.received.json)
  if (isServiceError(request)) return reject(request, context)
  const target = resolveEmbeddingModel(request.model, exchange.url.host, context.now())
  if (isServiceError(target)) return reject(target, context)
  const directives = activeDirectives(target.directives, target.requestedId, context.calls)
  await delayHeaders(directives, false, exchange)
  const fault = faultResponse(directives)
  if (fault) return await toOpenAiResponse(fault)
  const error = validate(request, target)
  if (error) return reject(error, context)
  if (isOnDemand(target.requestedId)) {
    const promptCharacters = charactersOf(inputsOf(request))
    context.meter.bill(target.model.name, { promptCharacters })
  }
  return jsonResponse(answer(request, target), directives, exchange, {})
}

function validate(request: EmbeddingsRequest, { model }: ResolvedModel): ServiceError | undefined {
  const inputs = inputsOf(request)
  if (inputs.length === 0 || inputs.includes('')) {
    return invalidRequest("'$.input' is invalid. Please check the API reference.", 'input')
  }
  if (inputs.length > MAX_INPUTS) {
    const message = `'$.input' is too long: ${inputs.length} inputs, at most ${MAX_INPUTS}.`
    return invalidRequest(message, 'input')
  }
  const tokens = Math.max(...inputs.map(countTokens))
  if (tokens > model.contextWindow) {
    return invalidRequest(
      `This model's maximum context length is ${model.contextWindow} tokens, however you requested ` +
        `${tokens} tokens.`,
      'input',
      'context_length_exceeded',
    )
  }
  const { dimensions } = request
  if ((dimensions ?? 1) >= 1 && (dimensions ?? 1) <= lengthOf(model.name)) return undefined
  return invalidRequest(`Invalid value for 'dimensions': ${dimensions}.`, 'dimensions')
}

function answer(request: EmbeddingsRequest, { model, requestedId }: ResolvedModel): object {
  const inputs = inputsOf(request)
  const length = request.dimensions ?? lengthOf(model.name)
  const vectors = inputs.map((input) => vectorOf(input, length))
  const data = encodeVectors(vectors, request.encoding_format ?? 'float')
  const tokens = inputs.reduce((sum, input) => sum + countTokens(input), 0)
  return {
    object: 'list',
    data: data.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model: requestedId,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }
}

/** Token arrays become their numbers as text, because the simulator cannot decode them. */
function inputsOf({ input }: EmbeddingsRequest): readonly string[] {
  if (typeof input === 'string') return [input]
  if (input.every((item) => typeof item === 'number')) return [input.join(' ')]
  return input.map((item) => typeof item === 'object' ? item.join(' ') : String(item))
}

function lengthOf(model: string): number {
  return model.endsWith('large') ? 3_072 : 1_536
}
