import type { RefusableParameter } from './profiles.ts'

/** The parameters' names as OpenAI, OCI and the vendors spell them, in chat and in Responses. */
const SPELLINGS: readonly (readonly [RefusableParameter, ...string[]])[] = [
  ['temperature', 'temperature'],
  ['topP', 'top_p', 'topP'],
  ['topK', 'top_k', 'topK'],
  ['stop', 'stop', 'stop_sequences', 'stopSequences'],
  ['presencePenalty', 'presence_penalty', 'presencePenalty'],
  ['frequencyPenalty', 'frequency_penalty', 'frequencyPenalty'],
  [
    'reasoningEffort',
    ...['reasoning_effort', 'reasoningEffort', 'reasoning', 'reasoning.effort'],
  ],
  ['verbosity', 'verbosity', 'text.verbosity'],
  ['prediction', 'prediction'],
  ['webSearch', 'web_search_options', 'webSearchOptions'],
  ['parallelToolCalls', 'parallel_tool_calls', 'isParallelToolCalls', 'parallelToolCalls'],
  ['logprobs', 'logprobs', 'top_logprobs', 'logProbs'],
  ['seed', 'seed'],
  ['logitBias', 'logit_bias', 'logitBias'],
  ['choices', 'n', 'numGenerations', 'num_generations'],
  ['metadata', 'metadata'],
  ['serviceTier', 'service_tier', 'serviceTier'],
  ['toolChoice', 'tool_choice', 'toolChoice'],
  ['responseFormat', 'response_format', 'responseFormat', 'text.format'],
]
const PARAMETERS = new Map(
  SPELLINGS.flatMap(([parameter, ...names]) => names.map((name) => [name, parameter] as const)),
)

/** Members in which vendors keep parameters that they name with a dot. */
const GROUPS = /^(generation_?config|chat_?request|body|request)\./i

/** The parameter of a name, with or without the group it stands in: `text.verbosity`. */
export function parameterOf(name: string): RefusableParameter | undefined {
  return PARAMETERS.get(name) ?? PARAMETERS.get(name.replace(GROUPS, ''))
}

// A single letter is OpenAI's `n` only where the vendor points at it, and a word with a dash is a
// model's name: "grok-4-fast-reasoning does not support parameter stop".
const NAME = /(?<![\w.-])[A-Za-z_]\w+(?:\.[A-Za-z_]\w*)*(?![\w-])/g

/** The first parameter that a text names. */
export function parameterIn(text: string): RefusableParameter | undefined {
  return (text.match(NAME) ?? []).map(parameterOf).find((parameter) => parameter !== undefined)
}
