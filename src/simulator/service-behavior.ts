import type { Exchange } from './exchange.ts'
import type { ChatRequest } from './families/family.ts'
import { vendorJson, wrapError } from './reject-by-directive.ts'
import type { ResolvedModel } from './resolve-model.ts'
import { badRequest, type ServiceError } from './service-error.ts'

/** Where sources contradict each other: how this OCI behaves. */
export interface ServiceBehavior {
  /** Whether a message with tool calls needs a text. */
  needsToolCallText: boolean
  /** Whether COHERE answers tool results only with `isForceSingleStep` and the question. */
  needsSingleStep: boolean
  /** The id of Rerank 3.5 on demand; it has only one of the two. */
  rerankId: 'cohere.rerank-v3.5' | 'cohere.rerank.3-5'
  /** Whether models of Meta and Cohere have an output of at most 4,000 tokens on demand. */
  capsOutput: boolean
  /** Whether the role SYSTEM is accepted together with tools. */
  hasSystemWithTools: boolean
  /** Whether gpt-oss accepts `maxTokens`; otherwise `maxCompletionTokens`. */
  hasMaxTokens: boolean
  /** Whether the detail of an image may be another one than AUTO. */
  hasImageDetail: boolean
  /** Whether GENERIC streams, and whether it has tools. */
  hasStreams: boolean
  hasTools: boolean
  /** Whether the native actions accept a Generative AI API key. */
  hasNativeBearer: boolean
  /** The case of `embeddingTypes`; the other one is rejected. */
  embeddingTypeCase: 'lower' | 'upper'
  /** How errors of the inference service are written. */
  errorShape: ErrorShape
  /** The only header that announces an end of a model; `undefined` if both have their own. */
  lifecycleHeader: 'model-deprecation-info' | 'model-retirement-info' | undefined
}

/**
 * The `code` is the status as text, a word or a number; or the message is a vendor's JSON, once or
 * twice encoded; or the body is an error of OpenAI.
 */
export type ErrorShape = 'numeric-text' | 'word' | 'number' | 'nested' | 'double' | 'openai'

/** What most sources say. */
export const DEFAULT_BEHAVIOR: ServiceBehavior = {
  ...{ needsToolCallText: false, needsSingleStep: false, rerankId: 'cohere.rerank-v3.5' },
  ...{ capsOutput: true, hasSystemWithTools: true, hasMaxTokens: true, hasImageDetail: false },
  ...{ hasStreams: true, hasTools: true, hasNativeBearer: false },
  ...{ embeddingTypeCase: 'lower', errorShape: 'numeric-text', lifecycleHeader: undefined },
}

/** A member of a chat request of any format. */
function memberOf(request: ChatRequest, name: string): unknown {
  return Object.entries(request).find(([key]) => key === name)?.[1]
}

interface Message {
  role?: string
  content?: readonly unknown[] | null
  toolCalls?: readonly unknown[]
}

/** Rejects what this OCI does not accept, beyond the rules of the families. */
export function checkBehavior(
  request: ChatRequest,
  { model: { name }, maxOutputTokens }: Pick<ResolvedModel, 'model' | 'maxOutputTokens'>,
  behavior: ServiceBehavior,
): ServiceError | undefined {
  const read = (member: string) => memberOf(request, member)
  const messages = (read('messages') ?? []) as readonly Message[]
  const hasTools = Array.isArray(read('tools')) && (read('tools') as unknown[]).length > 0
  const isGeneric = request.apiFormat === 'GENERIC'
  const limit = read('maxTokens')
  if (isGeneric && typeof limit === 'number' && limit > maxOutputTokens) {
    return badRequest(`Invalid 'maxTokens': must be at most ${maxOutputTokens}.`)
  }
  const isSilentCall = messages.some(({ toolCalls, content }) =>
    (toolCalls ?? []).length > 0 && (content ?? []).length === 0
  )
  if (behavior.needsToolCallText && isSilentCall) {
    return badRequest('Message content cannot be empty')
  }
  const isResult = Array.isArray(read('toolResults'))
  if (behavior.needsSingleStep && isResult && read('isForceSingleStep') !== true) {
    return badRequest('invalid request: tool results need is_force_single_step')
  }
  const hasSystem = messages.some(({ role }) => role === 'SYSTEM')
  if (!behavior.hasSystemWithTools && hasTools && hasSystem) {
    return badRequest('Invalid role: SYSTEM')
  }
  if (!behavior.hasMaxTokens && name.includes('gpt-oss') && read('maxTokens') !== undefined) {
    return badRequest("Unsupported value of 'maxTokens'")
  }
  if (!behavior.hasStreams && isGeneric && read('isStream') === true) {
    return badRequest('Please pass in correct format of request.')
  }
  if (behavior.hasTools || !isGeneric || !hasTools) return undefined
  return badRequest('Please pass in correct format of request.')
}

/** The request as the families check it, which know the detail AUTO only. */
export function withoutDetail<Request extends ChatRequest>(
  request: Request,
  { hasImageDetail }: ServiceBehavior,
): Request {
  if (!hasImageDetail) return request
  const text = JSON.stringify(request).replaceAll(/"detail":"(?:HIGH|LOW)"/g, '"detail":"AUTO"')
  return JSON.parse(text) as Request
}

/** The ids of Rerank 3.5 in Oracle's documents. */
const RERANK_IDS: readonly unknown[] = ['cohere.rerank-v3.5', 'cohere.rerank.3-5']

/** The request with the id of Rerank 3.5 that the catalogue has, or with none. */
export function withRerankId(exchange: Exchange, { rerankId }: ServiceBehavior): Exchange {
  const { received } = exchange
  const json = received.json as { servingMode?: { modelId?: unknown } } | undefined
  const { modelId } = json?.servingMode ?? {}
  if (!RERANK_IDS.includes(modelId)) return exchange
  const known = modelId === rerankId ? 'cohere.rerank-v3.5' : 'cohere.rerank-unknown'
  const servingMode = { ...json?.servingMode, modelId: known }
  return { ...exchange, received: { ...received, json: { ...json, servingMode } } }
}

/** The request with its `embeddingTypes` in lower case if this OCI accepts them, else in upper case. */
export function withEmbeddingTypes(
  exchange: Exchange,
  { embeddingTypeCase }: ServiceBehavior,
): Exchange {
  const { received } = exchange
  const { embeddingTypes } = (received.json ?? {}) as { embeddingTypes?: unknown }
  if (embeddingTypeCase === 'lower' || !Array.isArray(embeddingTypes)) return exchange
  const swapped = embeddingTypes.map((type) => {
    const text = String(type)
    return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()
  })
  const json = { ...received.json as object, embeddingTypes: swapped }
  return { ...exchange, received: { ...received, json } }
}

/** Words of the platform for the statuses that the service writes as `code`. */
const WORDS = new Map([['400', 'InvalidParameter'], ['404', 'NotAuthorizedOrNotFound']])

/** Writes an error of the inference service as this OCI does. Others keep their shape. */
export function shapeError(error: ServiceError, { errorShape }: ServiceBehavior): ServiceError {
  const { code, message, body } = error
  if (body || !/^\d+$/.test(code)) return error
  switch (errorShape) {
    case 'numeric-text':
      return error
    case 'word':
      return { ...error, code: WORDS.get(code) ?? 'InternalServerError' }
    case 'number':
      return { ...error, body: { code: Number(code), message } }
    case 'nested':
      return { ...error, message: vendorJson(message) }
    case 'double':
    case 'openai':
      return wrapError(error, errorShape === 'openai' ? 'direct' : errorShape)
  }
}
