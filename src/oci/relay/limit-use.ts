import type { Meter, PlannedUse, ReservedUse } from '../call.ts'
import { asObject } from '../json.ts'
import type { OpenAiOperation } from '../http/openai-endpoint.ts'
import type { ModelProfile } from '../models/profiles.ts'

type Body = Readonly<Record<string, unknown>>

/** A relayed request, as far as its use is concerned. */
export interface UsingRequest {
  path: OpenAiOperation
  body: Body
  model: string
  name?: string | undefined
  profile: Partial<
    Pick<
      ModelProfile,
      'maxOutputTokens' | 'defaultOutputTokens' | 'tokenField' | 'contextWindow'
    >
  >
}

/** A request whose use is reserved, with the members that the gateway adds to count it. */
export interface LimitedRequest {
  body: Body
  reserved: ReservedUse
  /** Whether the client gets the token counts of a stream. */
  includesUsage: boolean
}

/** Tokens of a stored conversation with a model whose context window is not known. */
const DEFAULT_CONTEXT = 128_000
/** The default limit of a model that the gateway does not know. */
const DEFAULT_OUTPUT = 4_000

/**
 * Reserves what a request may use. If a limit applies to the client, a request without an output limit
 * gets one, and a stream of chat completions reports its token counts.
 */
export async function limitRelayed(request: UsingRequest, meter: Meter): Promise<LimitedRequest> {
  const { body, path, profile } = request
  const planned = plannedUse(request, meter)
  const reserved = await meter.reserve(planned)
  const includesUsage = path !== '/chat/completions' || hasUsage(body)
  const { output } = planned
  const needsLimit = reserved.isLimited && output !== undefined && !output.isFixed
  const limit = needsLimit && { [limitMember(path, profile.tokenField)]: reserved.output }
  const isStream = path === '/chat/completions' && body['stream'] === true
  const options = isStream && !includesUsage &&
    { stream_options: { ...asObject(body['stream_options']), include_usage: true } }
  return { body: { ...body, ...limit, ...options }, reserved, includesUsage }
}

function plannedUse(request: UsingRequest, meter: Meter): PlannedUse {
  const { body, path, model, name = model, profile } = request
  const { maxOutputTokens, defaultOutputTokens = DEFAULT_OUTPUT } = profile
  const isEmbedding = path === '/embeddings'
  const own = outputLimitOf(request)
  const tokens = own ?? maxOutputTokens ?? defaultOutputTokens
  return {
    model: name,
    endpoint: 'openai',
    prompt: { type: 'body', body },
    calls: 1,
    answers: isEmbedding ? 0 : choicesOf(body),
    output: isEmbedding ? undefined : { tokens, isFixed: own !== undefined },
    storedTokens: storedTokensOf(request, meter),
  }
}

/** The largest limit that the client has set: which of two members OCI obeys is not documented. */
function outputLimitOf({ body, path }: UsingRequest): number | undefined {
  const limits = path === '/responses'
    ? [body['max_output_tokens']]
    : [body['max_completion_tokens'], body['max_tokens']]
  const set = limits.filter((limit) => typeof limit === 'number').filter((limit) => limit > 0)
  return set.length === 0 ? undefined : Math.ceil(Math.max(...set))
}

function choicesOf({ n }: Body): number {
  return typeof n === 'number' && n >= 1 ? Math.ceil(n) : 1
}

/** The conversation before the request, up to the whole context if its length is not known. */
function storedTokensOf(
  { body, path, profile }: UsingRequest,
  meter: Meter,
): number | undefined {
  if (path !== '/responses') return undefined
  const { previous_response_id: previous, conversation } = body
  if (!previous && !conversation) return undefined
  const known = typeof previous === 'string' ? meter.storedTokens(previous) : undefined
  return known ?? profile.contextWindow ?? DEFAULT_CONTEXT
}

function hasUsage(body: Body): boolean {
  const { include_usage: includesUsage } = asObject(body['stream_options']) as {
    include_usage?: unknown
  }
  return includesUsage === true
}

function limitMember(
  path: OpenAiOperation,
  tokenField: UsingRequest['profile']['tokenField'],
): string {
  if (path === '/responses') return 'max_output_tokens'
  return tokenField === 'maxTokens' ? 'max_tokens' : 'max_completion_tokens'
}
