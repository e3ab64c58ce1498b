import { EFFORTS, type ReasoningEffort } from '../../../chat/levels.ts'
import type { ChatRequest } from '../../../chat/model.ts'
import { fieldOf, type RefusableParameter } from '../../models/parameter-names.ts'
import type { ModelProfile } from '../../models/profiles.ts'
import { COMMON_EFFORTS, nearestEffort } from '../../models/reasoning-efforts.ts'

/** The parameters of a request that its model and format support. */
export interface SupportedParameters {
  /** The client's value; `undefined` when the parameter is not supported. */
  get<Name extends RefusableParameter>(name: Name): ChatRequest[Name] | undefined
  /** One line for each omitted parameter that would have changed the reply. */
  warnings: readonly string[]
}

/**
 * Omits the parameters that the format lacks and those that the model is known to reject. Replaces
 * an effort by the nearest one that the model and the format have.
 */
export function supportedParameters(
  request: ChatRequest,
  profile: ModelProfile,
  missingInFormat: readonly RefusableParameter[],
  effortsOfFormat: readonly ReasoningEffort[] = EFFORTS,
): SupportedParameters {
  // A list of a few names is searched faster than a set of them is made.
  const unsupported: readonly RefusableParameter[] = [
    ...missingInFormat,
    ...profile.unsupportedParameters,
    ...(profile.reasoning ? [] : ['reasoningEffort'] as const),
  ]
  const omitted = unsupported.filter((name, index) =>
    unsupported.indexOf(name) === index && HAS_EFFECT[name](request, profile)
  )
  const { reasoningEffort } = request
  const effort = supportedEffort(reasoningEffort, profile, effortsOfFormat)
  const supported = effort === reasoningEffort ? request : { ...request, reasoningEffort: effort }
  const isReplaced = effort !== reasoningEffort && !unsupported.includes('reasoningEffort')
  return {
    get: (name) => unsupported.includes(name) ? undefined : supported[name],
    warnings: [
      ...omitted.map((name) =>
        `${fieldOf(name)}: not supported by ${asciiName(request)}, left out`
      ),
      ...(isReplaced ? [`${fieldOf('reasoningEffort')}: sent as ${effort}`] : []),
    ],
  }
}

function supportedEffort(
  effort: ReasoningEffort | undefined,
  { reasoningEfforts = COMMON_EFFORTS }: ModelProfile,
  effortsOfFormat: readonly ReasoningEffort[],
): ReasoningEffort | undefined {
  if (effort === undefined) return undefined
  const allowed = reasoningEfforts.filter((level) => effortsOfFormat.includes(level))
  return nearestEffort(effort, allowed)
}

/** The model's name in printable ASCII, for use in a header. */
export function asciiName({ model }: ChatRequest): string {
  return model.replace(/[^\x21-\x7e]/g, '?')
}

/** Whether the parameter changes the reply: no warning is due for a value that is the default. */
type HasEffect = (request: ChatRequest, profile: ModelProfile) => boolean

const HAS_EFFECT: Readonly<Record<RefusableParameter, HasEffect>> = {
  temperature: ({ temperature = 1 }) => temperature !== 1,
  topP: ({ topP = 1 }) => topP !== 1,
  topK: ({ topK }) => topK !== undefined,
  stop: ({ stop }) => stop.length > 0,
  presencePenalty: ({ presencePenalty = 0 }) => presencePenalty !== 0,
  frequencyPenalty: ({ frequencyPenalty = 0 }) => frequencyPenalty !== 0,
  reasoningEffort: ({ reasoningEffort }, { reasoning }) =>
    reasoningEffort !== undefined && (reasoning || reasoningEffort !== 'none'),
  verbosity: ({ verbosity = 'medium' }) => verbosity !== 'medium',
  prediction: ({ prediction }) => prediction !== undefined,
  webSearch: ({ webSearch }) => webSearch !== undefined,
  parallelToolCalls: ({ parallelToolCalls = true, tools }) =>
    !parallelToolCalls && tools.length > 0,
  logprobs: ({ logprobs }) => logprobs !== undefined,
  seed: ({ seed }) => seed !== undefined,
  logitBias: ({ logitBias }) => logitBias !== undefined,
  choices: ({ choices = 1 }) => choices !== 1,
  metadata: ({ metadata }) => metadata !== undefined,
  serviceTier: ({ serviceTier = 'auto' }) => serviceTier !== 'auto',
  responseFormat: ({ responseFormat }) => responseFormat !== undefined,
  documents: ({ documents = [] }) => documents.length > 0,
  toolChoice: ({ toolChoice, tools }) =>
    toolChoice !== undefined && toolChoice.type !== 'auto' && tools.length > 0,
}
