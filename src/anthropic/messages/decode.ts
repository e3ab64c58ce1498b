import { type ChatRequest, emptyChatRequest, type ResponseFormat } from '../../chat/model.ts'
import { findSchema } from '../../chat/find-schema.ts'
import { boundWarnings } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { NO_THREADS } from '../error.ts'
import { decodeMessages } from './decode-messages.ts'
import { decodeTools } from './decode-tools.ts'
import type { MessagesRequest } from './schema.ts'
import { decodeEffort } from './thinking.ts'
import type { Toolset } from './toolsets.ts'
import { findWarnings } from './warnings.ts'

export interface DecodedRequest {
  request: ChatRequest
  /** The toolsets whose members are offered. */
  toolsets: readonly Toolset[]
  /** What cannot be passed on: texts that begin with the field. */
  warnings: readonly string[]
}

/** Decodes Anthropic's request. Members that have no counterpart get a warning. */
export function decodeRequest(body: MessagesRequest): DecodedRequest {
  rejectThread(body)
  const { messages, warnings } = decodeMessages(body)
  const { warnings: toolWarnings, toolsets, ...tools } = decodeTools(body)
  return {
    request: {
      ...emptyChatRequest(body.model),
      messages,
      ...tools,
      responseFormat: decodeFormat(body),
      outputLimit: body.max_tokens ?? undefined,
      temperature: body.temperature ?? undefined,
      topP: body.top_p ?? undefined,
      topK: body.top_k ?? undefined,
      stop: body.stop_sequences ?? [],
      reasoningEffort: decodeEffort(body),
      serviceTier: decodeServiceTier(body.service_tier),
    },
    toolsets,
    warnings: boundWarnings([...findWarnings(body), ...toolWarnings, ...warnings]),
  }
}

/** A request with a `thread` has only its new messages; without the others it cannot be answered. */
function rejectThread({ thread }: MessagesRequest): void {
  if (thread === undefined || thread === null) return
  throw new ApiError(
    'unsupported_content',
    '"thread" is not supported. Send all messages with each request',
    { param: 'thread', reason: NO_THREADS },
  )
}

/** Not strict: Anthropic allows optional properties, which OpenAI's strict mode rejects. */
function decodeFormat(
  { output_config: config, output_format: older }: MessagesRequest,
): ResponseFormat | undefined {
  const format = config?.format ?? older
  if (!format || format.type === 'text') return undefined
  const schema = findSchema(format)
  if (!schema && format.type === 'json_object') return { type: 'json-object' }
  if (!schema) throw schemaRequired(config?.format ? 'output_config.format' : 'output_format')
  return {
    type: 'json-schema',
    name: 'response',
    description: undefined,
    schema,
    strict: undefined,
  }
}

function schemaRequired(format: string): ApiError {
  const param = `${format}.schema`
  return new ApiError('invalid_request', `"${param}" is required`, { param })
}

function decodeServiceTier(tier: string | null | undefined): ChatRequest['serviceTier'] {
  if (tier === 'standard_only') return 'default'
  return tier === 'auto' ? 'auto' : undefined
}
