import {
  type ChatRequest,
  emptyChatRequest,
  type Message,
  type ResponseFormat,
} from '../../chat/model.ts'
import { findSchema, schemaFormat } from '../../chat/find-schema.ts'
import { nearestVerbosity } from '../../chat/levels.ts'
import { boundWarnings } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { checkCount, DEFAULT_REQUEST_LIMITS } from '../../limits.ts'
import { isAcceptableMetadata, isServiceTier } from '../chat/warnings.ts'
import { type DecodedItems, decodeItems, type ItemList } from './decode-items.ts'
import { decodeTools } from './decode-tools.ts'
import type { TranslatedRequest } from './schema.ts'
import type { ToolNameMap } from './tool-name-map.ts'
import { findWarnings } from './warnings.ts'

export interface DecodedRequest {
  request: ChatRequest
  /** Maps the names of the model's calls to the client's tools. */
  toolNames: ToolNameMap
  /** What cannot be passed on: texts that begin with the field. */
  warnings: readonly string[]
}

/** The context of a request that the request itself does not have. */
export interface ConversationContext {
  /** The items before the request, if it continues a response. */
  previous: readonly unknown[]
  /** Whether the response will be stored. */
  isStored: boolean
  /** Maximum tools, including those in the items. */
  maxTools?: number | undefined
}

const TOO_MANY_TOOLS = { param: 'tools', unit: 'tools', setting: 'limits.maxTools' }

/** Decodes OpenAI's request. Members that have no counterpart are rejected or get a warning. */
export function decodeRequest(
  body: TranslatedRequest,
  context: ConversationContext,
): DecodedRequest {
  rejectStatefulMembers(body)
  const conversation: readonly ItemList[] = [
    { items: context.previous, at: 'previous_response_id' },
    { items: body.input, at: 'input' },
  ]
  const { tools, toolChoice, toolNames, warnings } = decodeTools(body, conversation)
  checkCount(tools.length, context.maxTools ?? DEFAULT_REQUEST_LIMITS.maxTools, TOO_MANY_TOOLS)
  const decoded = decodeItems(conversation, toolNames)
  return {
    request: {
      ...emptyChatRequest(body.model),
      messages: completeMessages(body, decoded),
      tools,
      toolChoice,
      parallelToolCalls: body.parallel_tool_calls ?? undefined,
      responseFormat: decodeFormat(body.text?.format),
      outputLimit: body.max_output_tokens ?? undefined,
      temperature: body.temperature ?? undefined,
      topP: body.top_p ?? undefined,
      logprobs: decodeLogprobs(body),
      reasoningEffort: body.reasoning?.effort ?? undefined,
      verbosity: body.text?.verbosity ? nearestVerbosity(body.text.verbosity) : undefined,
      metadata: body.metadata && isAcceptableMetadata(body.metadata) ? body.metadata : undefined,
      serviceTier: isServiceTier(body.service_tier) ? body.service_tier : undefined,
    },
    toolNames,
    warnings: boundWarnings([
      ...findWarnings(body, context),
      ...warnings,
      ...decoded.warnings,
    ]),
  }
}

/** Members that need a service with state. */
const STATEFUL_MEMBERS: readonly (readonly [member: string, advice: string])[] = [
  ['background', 'leave it out'],
  ['conversation', 'send the whole conversation as "input"'],
  ['prompt', 'send the text of the prompt as "instructions"'],
]

function rejectStatefulMembers(body: TranslatedRequest): void {
  const found = STATEFUL_MEMBERS.find(([member]) => Boolean(body[member]))
  if (!found) return
  const [member, advice] = found
  throw new ApiError('invalid_request', `"${member}" is not supported for this model: ${advice}`, {
    param: member,
  })
}

/** Adds the instructions. Throws if nothing usable is left of the newest input or of all items. */
function completeMessages(
  { instructions }: TranslatedRequest,
  { messages, loss, newestLoss }: DecodedItems,
): Message[] {
  const fatal = newestLoss ?? (messages.length === 0 ? loss : undefined)
  if (fatal) throw new ApiError('unsupported_content', fatal.message, { param: fatal.param })
  if (messages.length === 0) {
    throw new ApiError('invalid_request', '"input" must not be empty', { param: 'input' })
  }
  if (!instructions) return messages
  const content = [{ type: 'text' as const, text: instructions }]
  return [{ role: 'system', content, name: undefined, location: 'instructions' }, ...messages]
}

type TextFormat = NonNullable<TranslatedRequest['text']>['format']

function decodeFormat(format: TextFormat): ResponseFormat | undefined {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined
    case 'json_object': {
      const schema = findSchema(format)
      return schema ? schemaFormat(format, schema) : { type: 'json-object' }
    }
    case 'json_schema': {
      const schema = findSchema(format)
      if (schema) return schemaFormat(format, schema)
      const param = 'text.format.schema'
      throw new ApiError('invalid_request', `"${param}" is required`, { param })
    }
  }
}

function decodeLogprobs({ include, top_logprobs }: TranslatedRequest): number | undefined {
  const isIncluded = include?.includes('message.output_text.logprobs') ?? false
  return isIncluded || top_logprobs ? top_logprobs ?? 0 : undefined
}
