/**
 * The request parameters that some models do not support: OpenAI's field first, then the names in
 * OCI, in Responses and at the vendors.
 */
const PARAMETERS = {
  temperature: ['temperature'],
  topP: ['top_p', 'topP'],
  topK: ['top_k', 'topK'],
  stop: ['stop', 'stop_sequences', 'stopSequences'],
  presencePenalty: ['presence_penalty', 'presencePenalty'],
  frequencyPenalty: ['frequency_penalty', 'frequencyPenalty'],
  reasoningEffort: ['reasoning_effort', 'reasoningEffort', 'reasoning', 'reasoning.effort'],
  verbosity: ['verbosity', 'text.verbosity'],
  prediction: ['prediction'],
  webSearch: ['web_search_options', 'webSearchOptions'],
  parallelToolCalls: ['parallel_tool_calls', 'isParallelToolCalls', 'parallelToolCalls'],
  logprobs: ['logprobs', 'top_logprobs', 'logProbs'],
  seed: ['seed'],
  logitBias: ['logit_bias', 'logitBias'],
  choices: ['n', 'numGenerations', 'num_generations'],
  metadata: ['metadata'],
  serviceTier: ['service_tier', 'serviceTier'],
  responseFormat: ['response_format', 'responseFormat', 'text.format'],
  toolChoice: ['tool_choice', 'toolChoice'],
  documents: ['documents'],
} as const satisfies Record<string, readonly string[]>

/** A request parameter that some models do not support, by its name in `ChatRequest`. */
export type RefusableParameter = keyof typeof PARAMETERS

/** OpenAI's field of a parameter, which clients know. */
export function fieldOf(parameter: RefusableParameter): string {
  return PARAMETERS[parameter][0]
}

/** Only Cohere's formats have documents; other errors use the word for the parts of a message. */
const NOT_IN_ERRORS = 'documents'

const BY_NAME = new Map(
  // The entries have the keys of the table, which `Object.entries()` types as `string`.
  (Object.entries(PARAMETERS) as [RefusableParameter, readonly string[]][])
    .filter(([parameter]) => parameter !== NOT_IN_ERRORS)
    .flatMap(([parameter, names]) => names.map((name) => [name, parameter] as const)),
)

/** Members in which vendors keep parameters that they name with a dot. */
const GROUPS = /^(generation_?config|chat_?request|body|request)\./i

/** The parameter of a name, with or without the group it stands in: `text.verbosity`. */
export function parameterOf(name: string): RefusableParameter | undefined {
  return BY_NAME.get(name) ?? BY_NAME.get(name.replace(GROUPS, ''))
}

// A single letter is OpenAI's `n` only where the vendor points at it, and a word with a dash is a
// model's name: "grok-4-fast-reasoning does not support parameter stop".
const NAME = /(?<![\w.-])[A-Za-z_]\w+(?:\.[A-Za-z_]\w*)*(?![\w-])/g

/** The first parameter that a text names. */
export function parameterIn(text: string): RefusableParameter | undefined {
  return (text.match(NAME) ?? []).map(parameterOf).find((parameter) => parameter !== undefined)
}
