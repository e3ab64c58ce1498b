import type { ReasoningEffort } from '../../chat/levels.ts'
import type { RefusableParameter } from './parameter-names.ts'

/**
 * How much a JSON Schema is simplified, from least to most: `native` only drops required names that
 * do not exist; `inlined` also resolves references; `portable` keeps what every model family
 * supports; `gemini` also drops the keywords that Gemini rejects.
 */
export type SchemaDialect = 'native' | 'inlined' | 'portable' | 'gemini'

/** OCI's endpoints for chat models: its native actions, or the OpenAI-compatible one. */
export type Endpoint = 'native' | 'openai'

export type InputKind = 'text' | 'image' | 'document' | 'audio' | 'video'

/** OCI's name of vectors in base64. Sources disagree about its case. */
export type Base64Type = 'base64' | 'BASE64'

/** What the gateway knows about a model: its request format, inputs and limits. */
export interface ModelProfile {
  /** `meta`, `xai`, `openai`, `google` or `cohere`: OCI's model name up to its first dot. */
  vendor: string
  /**
   * The request format: one of the native endpoint, or one of the two of the OpenAI-compatible
   * endpoint. A model with the format RESPONSES supports no other one.
   */
  format: 'GENERIC' | 'COHERE' | 'COHEREV2' | 'CHAT_COMPLETIONS' | 'RESPONSES'
  /** The request field of the output limit. */
  tokenField: 'maxTokens' | 'maxCompletionTokens'
  /** The maximum, where it is known: larger limits of clients are lowered to it. */
  maxOutputTokens: number | undefined
  /** `maxOutputTokens` on a dedicated cluster, where OCI has no on-demand cap. */
  dedicatedMaxOutputTokens: number | undefined
  /**
   * Sent when the client sets no limit, because OCI's default is about 20 tokens on some models: the
   * maximum, or the largest value OCI is known to accept where the maximum is unknown.
   */
  defaultOutputTokens: number
  /** Maximum tokens of prompt and output together. */
  contextWindow: number | undefined
  /** Omitted from requests, with a warning. */
  unsupportedParameters: readonly RefusableParameter[]
  /** Whether the model supports the DEVELOPER role; SYSTEM is sent otherwise. */
  developerRole: boolean
  /** The role of system text: some models reject tools together with a system message. */
  systemRole: 'system' | 'user'
  inputs: readonly InputKind[]
  /** Maximum images of one request, where it is known. */
  maxImages: number | undefined
  tools: boolean
  /** Whether tools and a response format work together; the format is omitted otherwise. */
  toolsWithFormat: boolean
  reasoning: boolean
  /** The reasoning efforts it accepts; `undefined` if unknown, then those up to `high`. */
  reasoningEfforts?: readonly ReasoningEffort[] | undefined
  /** Where requests in an OpenAI format go: `openai` passes them through, `native` translates them. */
  endpoint: Endpoint
  /** Whether the model may write tool calls into its text, as some imported models do. */
  parseToolCallsFromText: boolean
  /** Whether one call returns several choices; each choice is a separate call otherwise. */
  multipleChoices: boolean
  /** Whether the model streams; its complete answer is split into chunks otherwise. */
  streams: boolean
  schema: SchemaDialect
  /** Whether a turn with several tool calls stays one turn or becomes one turn per call. */
  parallelToolCalls: 'grouped' | 'sequential'
  /** The text of turns that contain only tool calls; `undefined` sends none. */
  emptyToolCallText: string | undefined
  /** Whether COHERE needs `isForceSingleStep`, with the question, to answer tool results. */
  forceSingleStep: boolean
  /** Whether GENERIC accepts the detail of an image; `AUTO` applies otherwise. */
  imageDetail: boolean
  /**
   * The embedding type with which the model returns base64 of floats of 32 bits; `undefined` if it is
   * unknown, then the gateway converts numbers.
   */
  base64Embeddings?: Base64Type | undefined
  /** The response format of JSON mode: `openai.*` is known to answer 500 to `JSON_OBJECT`. */
  jsonObject: 'JSON_OBJECT' | 'JSON_SCHEMA'
  /** Whether a schema is sent as a parameter, or in the system text together with JSON mode. */
  jsonSchema: 'native' | 'prompt'
}

/** The fields of a profile that an operator or a table row sets. */
export type ProfileOverride = Partial<ModelProfile>
