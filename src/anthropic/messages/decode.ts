import { type ChatRequest, emptyChatRequest, type ResponseFormat } from '../../chat/model.ts'
import { boundWarnings } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { NO_THREADS } from '../error.ts'
import { decodeMessages } from './decode-messages.ts'
import { decodeTools } from './decode-tools.ts'
import type { MessagesRequest } from './schema.ts'
import { decodeEffort } from './thinking.ts'
import { findWarnings } from './warnings.ts'

export interface DecodedRequest {
  request: ChatRequest
  /** What the gateway understood but cannot pass on, field first. */
  warnings: readonly string[]
}

/** Reads Anthropic's request as a conversation; what has no counterpart is named, never lost in silence. */
export function decodeRequest(body: MessagesRequest): DecodedRequest {
  refuseThread(body)
  return {
    request: {
      ...emptyChatRequest(body.model),
      messages: decodeMessages(body),
      ...decodeTools(body),
      responseFormat: decodeFormat(body),
      outputLimit: body.max_tokens ?? undefined,
      temperature: body.temperature ?? undefined,
      topP: body.top_p ?? undefined,
      topK: body.top_k ?? undefined,
      stop: body.stop_sequences ?? [],
      reasoningEffort: decodeEffort(body),
      serviceTier: decodeServiceTier(body.service_tier),
    },
    warnings: boundWarnings(findWarnings(body)),
  }
}

/** In a thread a request has the new messages alone: answered without the others, it is misunderstood. */
function refuseThread({ thread }: MessagesRequest): void {
  if (thread === undefined || thread === null) return
  throw new ApiError(
    'unsupported_content',
    'Cannot go on with a thread: no conversations are kept, send all messages each time',
    { param: 'thread', reason: NO_THREADS },
  )
}

/** Not strict: Anthropic allows members that may be missing, which OpenAI's strict mode refuses. */
function decodeFormat(
  { output_config: config, output_format: older }: MessagesRequest,
): ResponseFormat | undefined {
  const format = config?.format ?? older
  if (!format) return undefined
  const { schema } = format
  return {
    type: 'json-schema',
    name: 'response',
    description: undefined,
    schema,
    strict: undefined,
  }
}

function decodeServiceTier(tier: string | null | undefined): ChatRequest['serviceTier'] {
  if (tier === 'standard_only') return 'default'
  return tier === 'auto' ? 'auto' : undefined
}
