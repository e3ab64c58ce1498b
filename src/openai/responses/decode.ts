import {
  type ChatRequest,
  emptyChatRequest,
  type Message,
  type ReasoningEffort,
  type ResponseFormat,
} from '../../chat/model.ts'
import { boundWarnings } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { isAcceptableMetadata, isServiceTier } from '../chat/warnings.ts'
import { decodeItems } from './decode-items.ts'
import { decodeTools } from './decode-tools.ts'
import type { InputItem } from './items-schema.ts'
import type { TranslatedRequest } from './schema.ts'
import type { ToolNameMap } from './tool-name-map.ts'
import { findWarnings } from './warnings.ts'

export interface DecodedRequest {
  request: ChatRequest
  /** How the answer's calls are told to the client. */
  book: ToolNameMap
  /** What the gateway understood but cannot pass on, field first. */
  warnings: readonly string[]
}

/** What is known of a conversation beside its request. */
export interface Background {
  /** The items of the conversation so far, where the request only continues it. */
  previous: readonly InputItem[]
  /** Whether the answer is going to be kept. */
  isStored: boolean
}

/** Reads OpenAI's request as a conversation; what has no counterpart is refused or named. */
export function decodeRequest(body: TranslatedRequest, background: Background): DecodedRequest {
  refuseServices(body)
  const { tools, toolChoice, book, warnings } = decodeTools(body)
  return {
    request: {
      ...emptyChatRequest(body.model),
      messages: decodeMessages(body, background.previous, book),
      tools,
      toolChoice,
      parallelToolCalls: body.parallel_tool_calls ?? undefined,
      responseFormat: decodeFormat(body.text?.format),
      outputLimit: body.max_output_tokens ?? undefined,
      temperature: body.temperature ?? undefined,
      topP: body.top_p ?? undefined,
      logprobs: decodeLogprobs(body),
      reasoningEffort: decodeEffort(body.reasoning?.effort),
      verbosity: body.text?.verbosity ?? undefined,
      metadata: body.metadata && isAcceptableMetadata(body.metadata) ? body.metadata : undefined,
      serviceTier: isServiceTier(body.service_tier) ? body.service_tier : undefined,
    },
    book,
    warnings: boundWarnings([...findWarnings(body, background), ...warnings]),
  }
}

/** What only a service that keeps state of its own can do. */
const SERVICES: readonly (readonly [member: string, advice: string])[] = [
  ['background', 'nothing runs behind a request here, leave it out'],
  ['conversation', 'no conversations are kept, send the whole one as "input"'],
  ['prompt', 'no prompts are kept, send their text as "instructions"'],
]

function refuseServices(body: TranslatedRequest): void {
  const asked = SERVICES.find(([member]) => Boolean(body[member]))
  if (!asked) return
  const [member, advice] = asked
  throw new ApiError('invalid_request', `Cannot use "${member}" with this model: ${advice}`, {
    param: member,
  })
}

function decodeMessages(
  { instructions, input }: TranslatedRequest,
  previous: readonly InputItem[],
  book: ToolNameMap,
): Message[] {
  const spoken = [
    ...decodeItems(previous, 'previous_response_id', book),
    ...decodeItems(input, 'input', book),
  ]
  if (spoken.length === 0) {
    throw new ApiError('invalid_request', 'Cannot answer "input": it is empty', { param: 'input' })
  }
  if (!instructions) return spoken
  const content = [{ type: 'text' as const, text: instructions }]
  return [{ role: 'system', content, name: undefined, place: 'instructions' }, ...spoken]
}

type TextFormat = NonNullable<TranslatedRequest['text']>['format']

function decodeFormat(format: TextFormat): ResponseFormat | undefined {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined
    case 'json_object':
      return { type: 'json-object' }
    case 'json_schema':
      return {
        type: 'json-schema',
        name: format.name || 'response',
        description: format.description ?? undefined,
        schema: format.schema ?? undefined,
        strict: format.strict ?? undefined,
      }
  }
}

function decodeLogprobs({ include, top_logprobs }: TranslatedRequest): number | undefined {
  const isIncluded = include?.includes('message.output_text.logprobs') ?? false
  return isIncluded || top_logprobs ? top_logprobs ?? 0 : undefined
}

type Effort = NonNullable<TranslatedRequest['reasoning']>['effort']

/** OCI's scale ends at HIGH. */
function decodeEffort(effort: Effort): ReasoningEffort | undefined {
  return effort === 'xhigh' || effort === 'max' ? 'high' : effort ?? undefined
}
