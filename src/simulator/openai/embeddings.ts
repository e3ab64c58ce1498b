import { encodeVectors } from '../embeddings/encodings.ts'
import { vectorOf } from '../embeddings/vector.ts'
import type { Exchange } from '../exchange.ts'
import { faultResponse } from '../faults.ts'
import { pause } from '../pause.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { activeDirectives } from '../active-directives.ts'
import type { Serving } from '../serving.ts'
import { wholeResponse } from '../whole-response.ts'
import { countTokens } from '../words.ts'
import { refuse, type World } from '../context.ts'
import { readRequest } from './operation.ts'
import { invalidRequest, openAiResponse } from './refusal.ts'
import { findEmbedder } from './serving.ts'
import type { Shape } from '../shape.ts'

interface EmbeddingsRequest {
  model: string
  input: string | readonly string[] | readonly number[] | readonly (readonly number[])[]
  encoding_format?: 'float' | 'base64' | null
  dimensions?: number | null
}

const TOKENS: Shape = { list: 'integer' }
const EMBEDDINGS: Shape = {
  fields: {
    model: 'string',
    input: { either: ['string', { list: 'string' }, TOKENS, { list: TOKENS }] },
    'encoding_format?': { words: ['float', 'base64'] },
    'dimensions?': 'integer',
    'user?': 'string',
  },
}
/** Inputs of a call at most. */
const MOST_INPUTS = 2_048

/** `POST /openai/v1/embeddings` */
export async function embeddings(exchange: Exchange, world: World): Promise<Response> {
  const request = readRequest<EmbeddingsRequest>(EMBEDDINGS, exchange.seen.json)
  if (isRefusal(request)) return refuse(request, world)
  const serving = findEmbedder(request.model, exchange.url.host, world.now())
  if (isRefusal(serving)) return refuse(serving, world)
  const directives = activeDirectives(serving.directives, serving.named, world.calls)
  await pause(directives, false, exchange)
  const fault = faultResponse(directives)
  if (fault) return await openAiResponse(fault)
  const refusal = findRefusal(request, serving)
  if (refusal) return refuse(refusal, world)
  return wholeResponse(answer(request, serving), directives, exchange, {})
}

function findRefusal(request: EmbeddingsRequest, { model }: Serving): Refusal | undefined {
  const inputs = inputsOf(request)
  if (inputs.length === 0 || inputs.includes('')) {
    return invalidRequest("'$.input' is invalid. Please check the API reference.", 'input')
  }
  if (inputs.length > MOST_INPUTS) {
    const message = `'$.input' is too long: ${inputs.length} inputs, at most ${MOST_INPUTS}.`
    return invalidRequest(message, 'input')
  }
  const tokens = Math.max(...inputs.map(countTokens))
  if (tokens > model.context) {
    return invalidRequest(
      `This model's maximum context length is ${model.context} tokens, however you requested ` +
        `${tokens} tokens.`,
      'input',
      'context_length_exceeded',
    )
  }
  const { dimensions } = request
  if ((dimensions ?? 1) >= 1 && (dimensions ?? 1) <= lengthOf(model.name)) return undefined
  return invalidRequest(`Invalid value for 'dimensions': ${dimensions}.`, 'dimensions')
}

function answer(request: EmbeddingsRequest, { model, named }: Serving): object {
  const inputs = inputsOf(request)
  const length = request.dimensions ?? lengthOf(model.name)
  const vectors = inputs.map((input) => vectorOf(input, length))
  const data = encodeVectors(vectors, request.encoding_format ?? 'float')
  const tokens = inputs.reduce((sum, input) => sum + countTokens(input), 0)
  return {
    object: 'list',
    data: data.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model: named,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }
}

/** Tokens stand for themselves: the simulator has no text for them. */
function inputsOf({ input }: EmbeddingsRequest): readonly string[] {
  if (typeof input === 'string') return [input]
  if (input.every((item) => typeof item === 'number')) return [input.join(' ')]
  return input.map((item) => typeof item === 'object' ? item.join(' ') : String(item))
}

function lengthOf(model: string): number {
  return model.endsWith('large') ? 3_072 : 1_536
}
