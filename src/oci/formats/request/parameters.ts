import type { ChatRequest } from '../../../chat/model.ts'
import type { ModelProfile, RefusableParameter } from '../../models/profiles.ts'

/** What a model lets through of a request's parameters. */
export interface SupportedParameters {
  /** The parameter as the client gave it; `undefined` when the model refuses it. */
  take<Name extends RefusableParameter>(name: Name): ChatRequest[Name] | undefined
  /** One line for each parameter that was left out and would have mattered. */
  warnings: readonly string[]
}

/** Leaves out what the format has no `missing` word for, and what the model is known to answer 400 to. */
export function supportedParameters(
  request: ChatRequest,
  profile: ModelProfile,
  missing: readonly RefusableParameter[],
): SupportedParameters {
  const refused = new Set<RefusableParameter>([
    ...missing,
    ...profile.unsupportedParameters,
    ...(profile.reasoning ? [] : ['reasoningEffort'] as const),
  ])
  const missed = [...refused].filter((name) => PARAMETERS[name].matters(request, profile))
  return {
    take: (name) => refused.has(name) ? undefined : request[name],
    warnings: missed.map((name) =>
      `${PARAMETERS[name].field}: not accepted by ${asciiName(request)}, left out`
    ),
  }
}

/** The model's name as a header can bear it. */
export function asciiName({ model }: ChatRequest): string {
  return model.replace(/[^\x21-\x7e]/g, '?')
}

interface Parameter {
  /** OpenAI's name, which the client knows. */
  field: string
  /** Whether the answer would differ: a value the model works with anyway is not missed. */
  matters(request: ChatRequest, profile: ModelProfile): boolean
}

const PARAMETERS: Readonly<Record<RefusableParameter, Parameter>> = {
  temperature: { field: 'temperature', matters: ({ temperature = 1 }) => temperature !== 1 },
  topP: { field: 'top_p', matters: ({ topP = 1 }) => topP !== 1 },
  topK: { field: 'top_k', matters: ({ topK }) => topK !== undefined },
  stop: { field: 'stop', matters: ({ stop }) => stop.length > 0 },
  presencePenalty: {
    field: 'presence_penalty',
    matters: ({ presencePenalty = 0 }) => presencePenalty !== 0,
  },
  frequencyPenalty: {
    field: 'frequency_penalty',
    matters: ({ frequencyPenalty = 0 }) => frequencyPenalty !== 0,
  },
  reasoningEffort: {
    field: 'reasoning_effort',
    matters: ({ reasoningEffort }, { reasoning }) =>
      reasoningEffort !== undefined && (reasoning || reasoningEffort !== 'none'),
  },
  verbosity: { field: 'verbosity', matters: ({ verbosity = 'medium' }) => verbosity !== 'medium' },
  prediction: { field: 'prediction', matters: ({ prediction }) => prediction !== undefined },
  webSearch: { field: 'web_search_options', matters: ({ webSearch }) => webSearch !== undefined },
  parallelToolCalls: {
    field: 'parallel_tool_calls',
    matters: ({ parallelToolCalls = true, tools }) => !parallelToolCalls && tools.length > 0,
  },
  logprobs: { field: 'logprobs', matters: ({ logprobs }) => logprobs !== undefined },
  seed: { field: 'seed', matters: ({ seed }) => seed !== undefined },
  logitBias: { field: 'logit_bias', matters: ({ logitBias }) => logitBias !== undefined },
  choices: { field: 'n', matters: ({ choices = 1 }) => choices !== 1 },
  metadata: { field: 'metadata', matters: ({ metadata }) => metadata !== undefined },
  serviceTier: {
    field: 'service_tier',
    matters: ({ serviceTier = 'auto' }) => serviceTier !== 'auto',
  },
  responseFormat: {
    field: 'response_format',
    matters: ({ responseFormat }) => responseFormat !== undefined,
  },
  documents: { field: 'documents', matters: ({ documents = [] }) => documents.length > 0 },
  toolChoice: {
    field: 'tool_choice',
    matters: ({ toolChoice, tools }) =>
      toolChoice !== undefined && toolChoice.type !== 'auto' && tools.length > 0,
  },
}
