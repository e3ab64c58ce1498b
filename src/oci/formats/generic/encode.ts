import type { ChatRequest } from '../../../chat/model.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { type SupportedParameters, supportedParameters } from '../request/parameters.ts'
import type { EncodedRequest, EncodeOptions } from '../format.ts'
import { outputLimit } from '../request/output-limit.ts'
import { warnAboutRepeatedTools } from '../request/distinct-tools.ts'
import { COMMON_EFFORTS, nearestEffort } from '../../models/reasoning-efforts.ts'
import { sendsParallelToolCalls } from '../request/parallel-tool-calls.ts'
import { encodeMessage } from './encode-message.ts'
import { encodeResponseFormat } from './encode-response-format.ts'
import { encodeToolChoice, encodeTools } from './encode-tools.ts'
import type { GenericChatRequest } from './wire.ts'

export interface EncodedGenericRequest extends EncodedRequest {
  chatRequest: GenericChatRequest
}

/** Encodes a repaired conversation in the GENERIC format. Members that are `undefined` are not sent. */
export function* encodeRequest(
  request: ChatRequest,
  options: EncodeOptions,
): Steps<EncodedGenericRequest> {
  const { profile, stream, names } = options
  const parameters = supportedParameters(request, profile, ['documents'], COMMON_EFFORTS)
  const limit = outputLimit(request, profile)
  return {
    chatRequest: {
      apiFormat: 'GENERIC',
      messages: yield* mapInSteps(
        request.messages,
        (message) => encodeMessage(message, request.model, options),
      ),
      isStream: stream || undefined,
      streamOptions: stream ? { isIncludeUsage: true } : undefined,
      maxTokens: profile.tokenField === 'maxTokens' ? limit.tokens : undefined,
      maxCompletionTokens: profile.tokenField === 'maxCompletionTokens' ? limit.tokens : undefined,
      ...encodeSampling(parameters),
      ...yield* encodeToolUse(request, parameters, options),
      ...encodeExtras(parameters, options),
    },
    warnings: [
      ...parameters.warnings,
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

function encodeSampling({ get }: SupportedParameters): Sampling {
  const stop = get('stop')
  const logprobs = get('logprobs')
  return {
    temperature: get('temperature'),
    topP: get('topP'),
    topK: get('topK'),
    frequencyPenalty: get('frequencyPenalty'),
    presencePenalty: get('presencePenalty'),
    stop: stop?.length ? stop : undefined,
    seed: get('seed'),
    numGenerations: get('choices'),
    // OCI cannot return the chosen tokens without alternatives.
    logProbs: logprobs === undefined ? undefined : Math.max(1, logprobs),
    logitBias: get('logitBias'),
  }
}

type ToolUse = Pick<GenericChatRequest, 'tools' | 'toolChoice' | 'isParallelToolCalls'>

/** Omits the choice and the parallel calls when there are no tools. */
function* encodeToolUse(
  { tools }: ChatRequest,
  { get }: SupportedParameters,
  options: EncodeOptions,
): Steps<ToolUse> {
  const { profile, names } = options
  const hasTools = tools.length > 0
  const choice = get('toolChoice')
  const parallel = get('parallelToolCalls')
  return {
    tools: hasTools ? yield* encodeTools(tools, options) : undefined,
    toolChoice: hasTools && choice ? encodeToolChoice(choice, names) : undefined,
    isParallelToolCalls: hasTools && sendsParallelToolCalls(parallel, profile)
      ? parallel
      : undefined,
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

function encodeExtras({ get }: SupportedParameters, { profile, schemas }: EncodeOptions): Extras {
  const format = get('responseFormat')
  const prediction = get('prediction')
  const webSearch = get('webSearch')
  const effort = get('reasoningEffort')
  return {
    responseFormat: format && encodeResponseFormat(format, profile, schemas),
    reasoningEffort: upperCase(effort && nearestEffort(effort, COMMON_EFFORTS)),
    verbosity: upperCase(get('verbosity')),
    prediction: prediction === undefined
      ? undefined
      : { type: 'CONTENT', content: [{ type: 'TEXT', text: prediction.toWellFormed() }] },
    webSearchOptions: webSearch && {
      searchContextSize: upperCase(webSearch.contextSize),
      userLocation: webSearch.location,
    },
    metadata: get('metadata'),
    serviceTier: upperCase(get('serviceTier')),
  }
}

function upperCase<Text extends string>(text: Text | undefined): Uppercase<Text> | undefined {
  // `toUpperCase()` is typed as returning `string`.
  return text?.toUpperCase() as Uppercase<Text> | undefined
}
