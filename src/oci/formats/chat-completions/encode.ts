import type { ChatRequest, WebSearch } from '../../../chat/model.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { asciiName, type SupportedParameters, supportedParameters } from '../request/parameters.ts'
import type { EncodedRequest, EncodeOptions } from '../format.ts'
import type { RefusableParameter } from '../../models/parameter-names.ts'
import type { ModelProfile } from '../../models/profiles.ts'
import { encodeJsonFormat } from '../openai/json-format.ts'
import { outputLimit } from '../request/output-limit.ts'
import { warnAboutRepeatedTools } from '../request/distinct-tools.ts'
import { encodeMessage } from './encode-message.ts'
import { encodeToolUse } from './encode-tools.ts'
import type { ChatCompletionsRequest, ChatResponseFormat, ChatWebSearch } from './wire.ts'

export interface EncodedChatCompletionsRequest extends EncodedRequest {
  chatRequest: ChatCompletionsRequest
}

/** Parameters that chat completions lack. */
const MISSING: readonly RefusableParameter[] = ['topK', 'documents']

/** Encodes a repaired conversation as a chat completion. Members that are `undefined` are not sent. */
export function* encodeRequest(
  request: ChatRequest,
  options: EncodeOptions,
): Steps<EncodedChatCompletionsRequest> {
  const { profile, stream, names } = options
  const parameters = supportedParameters(request, profile, MISSING)
  const limit = outputLimit(request, profile)
  const usesMaxTokens = profile.tokenField === 'maxTokens'
  return {
    chatRequest: {
      messages: yield* mapInSteps(
        request.messages,
        (message) => encodeMessage(message, request.model, options),
      ),
      stream: stream || undefined,
      stream_options: stream ? { include_usage: true } : undefined,
      max_tokens: usesMaxTokens ? limit.tokens : undefined,
      max_completion_tokens: usesMaxTokens ? undefined : limit.tokens,
      ...encodeSampling(parameters),
      ...yield* encodeToolUse(request, parameters, options),
      ...encodeExtras(parameters, options),
    },
    warnings: [
      ...parameters.warnings,
      ...limit.warnings,
      ...warnAboutRepeatedTools(request.tools, names),
      ...ignoredTools(request, profile),
    ],
  }
}

/** Observed with Gemini in August 2026: it accepts tools here and never calls one. */
function ignoredTools(request: ChatRequest, { vendor }: ModelProfile): readonly string[] {
  if (vendor !== 'google' || request.tools.length === 0) return []
  return [`tools: ${asciiName(request)} may ignore tools in chat completions`]
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

function encodeSampling({ get }: SupportedParameters): Sampling {
  const stop = get('stop')
  const logprobs = get('logprobs')
  return {
    temperature: get('temperature'),
    top_p: get('topP'),
    frequency_penalty: get('frequencyPenalty'),
    presence_penalty: get('presencePenalty'),
    stop: stop?.length ? stop : undefined,
    seed: get('seed'),
    n: get('choices'),
    logprobs: logprobs === undefined ? undefined : true,
    top_logprobs: logprobs || undefined,
    logit_bias: get('logitBias'),
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

function encodeExtras({ get }: SupportedParameters, { profile, schemas }: EncodeOptions): Extras {
  const format = get('responseFormat')
  const prediction = get('prediction')
  const webSearch = get('webSearch')
  return {
    response_format: format && nested(encodeJsonFormat(format, profile, schemas)),
    reasoning_effort: get('reasoningEffort'),
    verbosity: get('verbosity'),
    prediction: prediction === undefined ? undefined : { type: 'content', content: prediction },
    web_search_options: webSearch && encodeWebSearch(webSearch),
    metadata: get('metadata'),
    service_tier: get('serviceTier'),
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
