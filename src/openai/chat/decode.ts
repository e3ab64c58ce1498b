import type { ChatRequest, Document, ResponseFormat, WebSearch } from '../../chat/model.ts'
import { findSchema, schemaFormat } from '../../chat/find-schema.ts'
import { nearestVerbosity } from '../../chat/levels.ts'
import { boundWarnings } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { decodeMessages } from './decode-messages.ts'
import { decodeTools } from './decode-tools.ts'
import type { ChatCompletionRequest } from './schema.ts'
import { findWarnings, isAcceptableMetadata, isServiceTier } from './warnings.ts'

export interface DecodedRequest {
  request: ChatRequest
  /** The names of custom tools, whose calls are returned as such. */
  customTools: ReadonlySet<string>
  /** What cannot be passed on: texts that begin with the field. */
  warnings: readonly string[]
}

/** Decodes OpenAI's request. Members that have no counterpart get a warning. */
export function decodeRequest(body: ChatCompletionRequest): DecodedRequest {
  rejectLegacyFunctions(body)
  const { tools, toolChoice, customTools, ...offered } = decodeTools(body)
  const { messages, ...history } = decodeMessages(body.messages)
  const { reasoning_effort: effort, verbosity } = body
  return {
    request: {
      model: body.model,
      messages,
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
      reasoningEffort: effort ?? undefined,
      verbosity: verbosity ? nearestVerbosity(verbosity) : undefined,
      prediction: decodePrediction(body.prediction),
      webSearch: decodeWebSearch(body.web_search_options),
      metadata: decodeMetadata(body.metadata),
      serviceTier: decodeServiceTier(body.service_tier),
      ...(body.documents && { documents: decodeDocuments(body.documents) }),
    },
    customTools,
    warnings: boundWarnings([...findWarnings(body), ...offered.warnings, ...history.warnings]),
  }
}

/** The reply would have `tool_calls`, which clients of the old `functions` do not read. */
function rejectLegacyFunctions(body: ChatCompletionRequest): void {
  const { functions } = body
  if (!Array.isArray(functions) || functions.length === 0) return
  throw new ApiError(
    'invalid_request',
    '"functions" cannot be combined with "tools". Send "tools" only',
    { param: 'functions' },
  )
}

function decodeResponseFormat(
  format: ChatCompletionRequest['response_format'],
): ResponseFormat | undefined {
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
      if (!format.json_schema && !schema) throw schemaRequired()
      return schemaFormat(format, schema)
    }
  }
}

function schemaRequired(): ApiError {
  return new ApiError('invalid_request', '"response_format.json_schema" is required', {
    param: 'response_format.json_schema',
  })
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
