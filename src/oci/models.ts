/** The parameters of a request that some family refuses. */
export type RefusableParameter =
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'stop'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'reasoningEffort'
  | 'verbosity'
  | 'prediction'
  | 'webSearch'
  | 'parallelToolCalls'
  | 'logprobs'
  | 'seed'
  | 'logitBias'
  | 'choices'
  | 'metadata'
  | 'serviceTier'
  | 'responseFormat'

/** What is known of a model: how to ask it, what it takes, how much it gives. */
export interface ModelProfile {
  /** The text before the first dot of OCI's own names: `meta`, `xai`, `openai`, `google`, `cohere`. */
  vendor: string
  format: 'GENERIC' | 'COHERE' | 'COHEREV2'
  /** The name of the field that bounds the output. */
  tokenField: 'maxTokens' | 'maxCompletionTokens'
  /** Tokens of output at most; `undefined` where nobody knows. */
  outputLimit: number | undefined
  /** Tokens of prompt and answer together. */
  contextWindow: number | undefined
  /** Left out, with a warning. */
  refuses: readonly RefusableParameter[]
  /** Whether the family knows the DEVELOPER role; else it is SYSTEM. */
  developerRole: boolean
  inputs: readonly ('text' | 'image' | 'document' | 'audio' | 'video')[]
  tools: boolean
  reasoning: boolean
  /** Whether it streams; else its whole answer is cut into chunks. */
  streams: boolean
  /** How tool schemas are cleaned: see `schema.ts`. */
  schema: SchemaDialect
  /** Whether a turn with several tool calls is told as several turns with one each. */
  pairing: 'parallel' | 'one-to-one'
  /** What stands in for the text of a turn that only calls tools; `undefined` leaves it out. */
  toolTurnText: string | undefined
  /** How a bare JSON mode is asked for: some families fail on `JSON_OBJECT`. */
  jsonObject: 'JSON_OBJECT' | 'JSON_SCHEMA'
}

/**
 * How far a JSON Schema is cleaned, from least to most: `native` only drops required names that do
 * not exist; `inlined` also resolves references; `portable` keeps what every family reads;
 * `gemini` also drops the keywords Gemini refuses.
 */
export type SchemaDialect = 'native' | 'inlined' | 'portable' | 'gemini'

const ANYTHING: ModelProfile = {
  vendor: '',
  format: 'GENERIC',
  tokenField: 'maxTokens',
  outputLimit: undefined,
  contextWindow: undefined,
  refuses: ['verbosity', 'prediction', 'webSearch'],
  developerRole: false,
  inputs: ['text', 'image'],
  tools: true,
  reasoning: false,
  streams: true,
  schema: 'portable',
  pairing: 'parallel',
  toolTurnText: undefined,
  jsonObject: 'JSON_OBJECT',
}
export { ANYTHING }
