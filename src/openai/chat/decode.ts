import type {
  ChatRequest,
  Document,
  ReasoningEffort,
  ResponseFormat,
  Tool,
  ToolChoice,
  WebSearch,
} from '../../chat/model.ts'
import { boundWarnings, shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { decodeMessages } from './decode-messages.ts'
import type { ChatCompletionRequest } from './schema.ts'
import { findWarnings, isAcceptableMetadata, isServiceTier } from './warnings.ts'

export interface DecodedRequest {
  request: ChatRequest
  /** What cannot be passed on: texts that begin with the field. */
  warnings: readonly string[]
}

/** Decodes OpenAI's request. Members that have no counterpart get a warning. */
export function decodeRequest(body: ChatCompletionRequest): DecodedRequest {
  rejectLegacyFunctions(body)
  const { tools, toolChoice } = decodeTools(body)
  return {
    request: {
      model: body.model,
      messages: decodeMessages(body.messages),
      tools,
      toolChoice,
      parallelToolCalls: body.parallel_tool_calls ?? undefined,
      responseFormat: decodeResponseFormat(body.response_format),
      outputLimit: body.max_completion_tokens ?? body.max_tokens ?? undefined,
      temperature: body.temperature ?? undefined,
      topP: body.top_p ?? undefined,
      topK: body.top_k ?? undefined,
      frequencyPenalty: body.frequency_penalty ?? undefined,
      presencePenalty: body.presence_penalty ?? undefined,
      seed: body.seed ?? undefined,
      stop: typeof body.stop === 'string' ? [body.stop] : body.stop ?? [],
      choices: body.n ?? undefined,
      logprobs: body.logprobs ? body.top_logprobs ?? 0 : undefined,
      logitBias: body.logit_bias ?? undefined,
      reasoningEffort: decodeEffort(body.reasoning_effort),
      verbosity: body.verbosity ?? undefined,
      prediction: decodePrediction(body.prediction),
      webSearch: decodeWebSearch(body.web_search_options),
      metadata: decodeMetadata(body.metadata),
      serviceTier: decodeServiceTier(body.service_tier),
      ...(body.documents && { documents: decodeDocuments(body.documents) }),
    },
    warnings: boundWarnings(findWarnings(body)),
  }
}

/** The reply would have `tool_calls`, which clients of the old `functions` do not read. */
function rejectLegacyFunctions(body: ChatCompletionRequest): void {
  const { functions } = body
  if (!Array.isArray(functions) || functions.length === 0) return
  throw new ApiError(
    'invalid_request',
    '"functions" is deprecated and not supported. Send "tools"',
    { param: 'functions' },
  )
}

interface DecodedTools {
  tools: Tool[]
  toolChoice: ToolChoice | undefined
}

function decodeTools(body: ChatCompletionRequest): DecodedTools {
  const tools = (body.tools ?? []).flatMap((tool): Tool[] => {
    if (!('function' in tool)) return []
    const { name, description, parameters, strict } = tool.function
    return [{
      name,
      description: description ?? undefined,
      parameters: parameters ?? undefined,
      strict: strict ?? false,
    }]
  })
  const choice = body.tool_choice ?? undefined
  if (choice === undefined) return { tools, toolChoice: undefined }
  if (typeof choice === 'string') return { tools, toolChoice: { type: choice } }
  switch (choice.type) {
    case 'function':
      return { tools, toolChoice: { type: 'function', name: nameOf(choice, tools) } }
    case 'allowed_tools': {
      const allowed = new Set(choice.allowed_tools.tools.map((tool) => tool.function.name))
      return {
        tools: tools.filter((tool) => allowed.has(tool.name)),
        toolChoice: { type: choice.allowed_tools.mode },
      }
    }
  }
}

function nameOf(
  { function: { name } }: { function: { name: string } },
  tools: readonly Tool[],
): string {
  if (tools.length === 0 || tools.some((tool) => tool.name === name)) return name
  throw new ApiError(
    'invalid_request',
    `tool_choice names "${shorten(name)}", which is not in "tools"`,
    { param: 'tool_choice' },
  )
}

function decodeResponseFormat(
  format: ChatCompletionRequest['response_format'],
): ResponseFormat | undefined {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined
    case 'json_object':
      return { type: 'json-object' }
    case 'json_schema':
      return {
        type: 'json-schema',
        name: format.json_schema.name || 'response',
        description: format.json_schema.description ?? undefined,
        schema: format.json_schema.schema ?? undefined,
        strict: format.json_schema.strict ?? undefined,
      }
  }
}

/** OCI's highest effort is HIGH. */
function decodeEffort(
  effort: ChatCompletionRequest['reasoning_effort'],
): ReasoningEffort | undefined {
  return effort === 'xhigh' ? 'high' : effort ?? undefined
}

function decodePrediction(
  prediction: ChatCompletionRequest['prediction'],
): string | undefined {
  const content = prediction?.content
  return typeof content === 'string' ? content : content?.map((part) => part.text).join('')
}

function decodeDocuments(
  documents: NonNullable<ChatCompletionRequest['documents']>,
): readonly Document[] {
  return documents.map((document) => typeof document === 'string' ? { text: document } : document)
}

function decodeWebSearch(
  options: ChatCompletionRequest['web_search_options'],
): WebSearch | undefined {
  if (!options) return undefined
  const place = options.user_location?.approximate
  return {
    contextSize: options.search_context_size ?? undefined,
    location: place
      ? Object.fromEntries(Object.entries(place).filter(([, value]) => typeof value === 'string'))
      : undefined,
  }
}

function decodeMetadata(
  metadata: ChatCompletionRequest['metadata'],
): Readonly<Record<string, string>> | undefined {
  return metadata && isAcceptableMetadata(metadata) ? metadata : undefined
}

function decodeServiceTier(tier: string | null | undefined): ChatRequest['serviceTier'] {
  return isServiceTier(tier) ? tier : undefined
}
