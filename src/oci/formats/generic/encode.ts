import type { ChatRequest } from '../../../chat/model.ts'
import { type SupportedParameters, supportedParameters } from '../request/parameters.ts'
import type { EncodedRequest, EncodeOptions } from '../format.ts'
import { outputLimit } from '../request/output-limit.ts'
import { warnAboutRepeatedTools } from '../request/distinct-tools.ts'
import { sendsParallelToolCalls } from '../request/parallel-tool-calls.ts'
import { encodeMessage } from './encode-message.ts'
import { encodeResponseFormat } from './encode-response-format.ts'
import { encodeToolChoice, encodeTools } from './encode-tools.ts'
import type { GenericChatRequest } from './wire.ts'

export interface EncodedGenericRequest extends EncodedRequest {
  chatRequest: GenericChatRequest
}

/** Tells a mended conversation in the GENERIC format. Members that are `undefined` are not sent. */
export function encodeRequest(request: ChatRequest, options: EncodeOptions): EncodedGenericRequest {
  const { profile, stream, names } = options
  const admission = supportedParameters(request, profile, ['documents'])
  const limit = outputLimit(request, profile)
  return {
    chatRequest: {
      apiFormat: 'GENERIC',
      messages: request.messages.map((message) => encodeMessage(message, request.model, options)),
      isStream: stream || undefined,
      streamOptions: stream ? { isIncludeUsage: true } : undefined,
      maxTokens: profile.tokenField === 'maxTokens' ? limit.tokens : undefined,
      maxCompletionTokens: profile.tokenField === 'maxCompletionTokens' ? limit.tokens : undefined,
      ...encodeSampling(admission),
      ...encodeToolUse(request, admission, options),
      ...encodeExtras(admission, options),
    },
    warnings: [
      ...admission.warnings,
      ...limit.warnings,
      ...warnAboutRepeatedTools(request.tools, names),
    ],
  }
}

type Sampling = Pick<
  GenericChatRequest,
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'frequencyPenalty'
  | 'presencePenalty'
  | 'stop'
  | 'seed'
  | 'numGenerations'
  | 'logProbs'
  | 'logitBias'
>

function encodeSampling({ take }: SupportedParameters): Sampling {
  const stop = take('stop')
  const logprobs = take('logprobs')
  return {
    temperature: take('temperature'),
    topP: take('topP'),
    topK: take('topK'),
    frequencyPenalty: take('frequencyPenalty'),
    presencePenalty: take('presencePenalty'),
    stop: stop?.length ? stop : undefined,
    seed: take('seed'),
    numGenerations: take('choices'),
    // OCI has no way to ask for the chosen token alone.
    logProbs: logprobs === undefined ? undefined : Math.max(1, logprobs),
    logitBias: take('logitBias'),
  }
}

type ToolUse = Pick<GenericChatRequest, 'tools' | 'toolChoice' | 'isParallelToolCalls'>

/** How to use tools is only said beside tools. */
function encodeToolUse(
  { tools }: ChatRequest,
  { take }: SupportedParameters,
  options: EncodeOptions,
): ToolUse {
  const { profile, names } = options
  const any = tools.length > 0
  const choice = take('toolChoice')
  const parallel = take('parallelToolCalls')
  return {
    tools: any ? encodeTools(tools, options) : undefined,
    toolChoice: any && choice ? encodeToolChoice(choice, names) : undefined,
    isParallelToolCalls: any && sendsParallelToolCalls(parallel, profile) ? parallel : undefined,
  }
}

type Extras = Pick<
  GenericChatRequest,
  | 'responseFormat'
  | 'reasoningEffort'
  | 'verbosity'
  | 'prediction'
  | 'webSearchOptions'
  | 'metadata'
  | 'serviceTier'
>

function encodeExtras({ take }: SupportedParameters, { profile, schemas }: EncodeOptions): Extras {
  const format = take('responseFormat')
  const prediction = take('prediction')
  const webSearch = take('webSearch')
  return {
    responseFormat: format && encodeResponseFormat(format, profile, schemas),
    reasoningEffort: upperCase(take('reasoningEffort')),
    verbosity: upperCase(take('verbosity')),
    prediction: prediction === undefined
      ? undefined
      : { type: 'CONTENT', content: [{ type: 'TEXT', text: prediction.toWellFormed() }] },
    webSearchOptions: webSearch && {
      searchContextSize: upperCase(webSearch.contextSize),
      userLocation: webSearch.location,
    },
    metadata: take('metadata'),
    serviceTier: upperCase(take('serviceTier')),
  }
}

function upperCase<Word extends string>(word: Word | undefined): Uppercase<Word> | undefined {
  // The type says what the method does, which its own type does not.
  return word?.toUpperCase() as Uppercase<Word> | undefined
}
