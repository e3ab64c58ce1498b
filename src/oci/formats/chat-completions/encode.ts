import type { ChatRequest, WebSearch } from '../../../chat/model.ts'
import { asciiName, type SupportedParameters, supportedParameters } from '../request/parameters.ts'
import type { EncodedRequest, EncodeOptions } from '../format.ts'
import type { ModelProfile, RefusableParameter } from '../../models/profiles.ts'
import { encodeJsonFormat } from '../openai/json-format.ts'
import { outputLimit } from '../request/output-limit.ts'
import { warnAboutRepeatedTools } from '../request/distinct-tools.ts'
import { encodeMessage } from './encode-message.ts'
import { encodeToolUse } from './encode-tools.ts'
import type { ChatCompletionsRequest, ChatResponseFormat, ChatWebSearch } from './wire.ts'

export interface EncodedChatCompletionsRequest extends EncodedRequest {
  chatRequest: ChatCompletionsRequest
}

/** What OpenAI's chat has no words for. */
const MISSING: readonly RefusableParameter[] = ['topK', 'documents']

/** Tells a mended conversation as a chat completion. Members that are `undefined` are not sent. */
export function encodeRequest(
  request: ChatRequest,
  options: EncodeOptions,
): EncodedChatCompletionsRequest {
  const { profile, stream, names } = options
  const admission = supportedParameters(request, profile, MISSING)
  const limit = outputLimit(request, profile)
  const isOld = profile.tokenField === 'maxTokens'
  return {
    chatRequest: {
      messages: request.messages.map((message) => encodeMessage(message, request.model, options)),
      stream: stream || undefined,
      stream_options: stream ? { include_usage: true } : undefined,
      max_tokens: isOld ? limit.tokens : undefined,
      max_completion_tokens: isOld ? undefined : limit.tokens,
      ...encodeSampling(admission),
      ...encodeToolUse(request, admission, options),
      ...encodeExtras(admission, options),
    },
    warnings: [
      ...admission.warnings,
      ...limit.warnings,
      ...warnAboutRepeatedTools(request.tools, names),
      ...ignoredTools(request, profile),
    ],
  }
}

/** Seen of Gemini in August 2026: it takes tools here and never calls any. */
function ignoredTools(request: ChatRequest, { vendor }: ModelProfile): readonly string[] {
  if (vendor !== 'google' || request.tools.length === 0) return []
  return [`tools: OCI may ignore them for ${asciiName(request)} on chat completions`]
}

type Sampling = Pick<
  ChatCompletionsRequest,
  | 'temperature'
  | 'top_p'
  | 'frequency_penalty'
  | 'presence_penalty'
  | 'stop'
  | 'seed'
  | 'n'
  | 'logprobs'
  | 'top_logprobs'
  | 'logit_bias'
>

function encodeSampling({ take }: SupportedParameters): Sampling {
  const stop = take('stop')
  const logprobs = take('logprobs')
  return {
    temperature: take('temperature'),
    top_p: take('topP'),
    frequency_penalty: take('frequencyPenalty'),
    presence_penalty: take('presencePenalty'),
    stop: stop?.length ? stop : undefined,
    seed: take('seed'),
    n: take('choices'),
    logprobs: logprobs === undefined ? undefined : true,
    top_logprobs: logprobs || undefined,
    logit_bias: take('logitBias'),
  }
}

type Extras = Pick<
  ChatCompletionsRequest,
  | 'response_format'
  | 'reasoning_effort'
  | 'verbosity'
  | 'prediction'
  | 'web_search_options'
  | 'metadata'
  | 'service_tier'
>

function encodeExtras({ take }: SupportedParameters, { profile, schemas }: EncodeOptions): Extras {
  const format = take('responseFormat')
  const prediction = take('prediction')
  const webSearch = take('webSearch')
  return {
    response_format: format && nested(encodeJsonFormat(format, profile, schemas)),
    reasoning_effort: take('reasoningEffort'),
    verbosity: take('verbosity'),
    prediction: prediction === undefined ? undefined : { type: 'content', content: prediction },
    web_search_options: webSearch && encodeWebSearch(webSearch),
    metadata: take('metadata'),
    service_tier: take('serviceTier'),
  }
}

function nested(format: ReturnType<typeof encodeJsonFormat>): ChatResponseFormat {
  if (format.type === 'json_object') return format
  const { type, ...json_schema } = format
  return { type, json_schema }
}

function encodeWebSearch({ contextSize, location }: WebSearch): ChatWebSearch {
  return {
    search_context_size: contextSize,
    user_location: location && { type: 'approximate', approximate: location },
  }
}
