import type { ReasoningEffort } from './levels.ts'

/** A chat request, independent of any API: client APIs decode into it, OCI's formats encode it. */
export interface ChatRequest {
  /** The model as the client named it. */
  model: string
  messages: readonly Message[]
  tools: readonly Tool[]
  toolChoice: ToolChoice | undefined
  parallelToolCalls: boolean | undefined
  responseFormat: ResponseFormat | undefined
  /** Maximum tokens to generate, reasoning included. */
  outputLimit: number | undefined
  temperature: number | undefined
  topP: number | undefined
  topK: number | undefined
  frequencyPenalty: number | undefined
  presencePenalty: number | undefined
  seed: number | undefined
  stop: readonly string[]
  /** Number of replies to the same prompt. */
  choices: number | undefined
  /** Sources that the reply may cite, for models that take them separately from the messages. */
  documents?: readonly Document[] | undefined
  /** Number of alternatives to report for each token; 0 reports the chosen token only. */
  logprobs: number | undefined
  logitBias: Readonly<Record<string, number>> | undefined
  reasoningEffort: ReasoningEffort | undefined
  verbosity: 'low' | 'medium' | 'high' | undefined
  /** Text that the reply is expected to repeat. */
  prediction: string | undefined
  webSearch: WebSearch | undefined
  metadata: Readonly<Record<string, string>> | undefined
  serviceTier: 'auto' | 'default' | 'priority' | undefined
}

/** A request without messages, tools and optional parameters. A decoder adds what its client API has. */
export function emptyChatRequest(model: string): ChatRequest {
  return {
    model,
    messages: [],
    tools: [],
    toolChoice: undefined,
    parallelToolCalls: undefined,
    responseFormat: undefined,
    outputLimit: undefined,
    temperature: undefined,
    topP: undefined,
    topK: undefined,
    frequencyPenalty: undefined,
    presencePenalty: undefined,
    seed: undefined,
    stop: [],
    choices: undefined,
    logprobs: undefined,
    logitBias: undefined,
    reasoningEffort: undefined,
    verbosity: undefined,
    prediction: undefined,
    webSearch: undefined,
    metadata: undefined,
    serviceTier: undefined,
  }
}

export type Message =
  | SystemMessage
  | UserMessage
  | AssistantMessage
  | ToolMessage

/** A message with its location in the client's request. */
interface Located {
  /** Names the message in errors and warnings; by default its position, `messages[3]`. */
  location?: string | undefined
}

export interface SystemMessage extends Located {
  role: 'system' | 'developer'
  content: readonly TextPart[]
  name: string | undefined
}

export interface UserMessage extends Located {
  role: 'user'
  content: readonly Part[]
  name: string | undefined
}

export interface AssistantMessage extends Located {
  role: 'assistant'
  content: readonly TextPart[]
  /** The model's reasoning, when the client sends it back. */
  reasoning: string | undefined
  refusal: string | undefined
  toolCalls: readonly ToolCall[]
  name: string | undefined
}

export interface ToolMessage extends Located {
  role: 'tool'
  toolCallId: string
  content: readonly Part[]
}

export type Part = TextPart | MediaPart

export interface TextPart {
  type: 'text'
  text: string
}

/** An image, document, audio or video: a `data:` URL or, where a model accepts it, a web address. */
export interface MediaPart {
  type: 'image' | 'document' | 'audio' | 'video'
  url: string
  /** The field in the client's request, for errors: `messages[2].content[1]`. */
  param: string
  /** The detail of an image in the client's words, unless it is `auto`, and its field. */
  detail?: { value: string; param: string } | undefined
}

export interface ToolCall {
  id: string
  name: string
  /** JSON, exactly as the model wrote it. */
  arguments: string
}

export interface Tool {
  name: string
  description: string | undefined
  /** A JSON Schema, exactly as the client wrote it. */
  parameters: JsonSchema | undefined
  strict: boolean
}

export type JsonSchema = Readonly<Record<string, unknown>>

export type ToolChoice =
  | { type: 'auto' | 'none' | 'required' }
  | { type: 'function'; name: string }

/** Members such as `id`, `title`, `text` and `url`, as the client named them. */
export type Document = Readonly<Record<string, unknown>>

export type ResponseFormat =
  | { type: 'json-object' }
  | {
    type: 'json-schema'
    name: string
    description: string | undefined
    schema: JsonSchema | undefined
    strict: boolean | undefined
  }

export interface WebSearch {
  contextSize: 'low' | 'medium' | 'high' | undefined
  location:
    | Readonly<Partial<Record<'city' | 'region' | 'country' | 'timezone', string>>>
    | undefined
}

/** A whole reply. */
export interface ChatReply {
  choices: readonly Choice[]
  usage: Usage | undefined
  serviceTier: string | undefined
  /** Seconds since the epoch, if OCI reports the time. */
  created: number | undefined
}

export interface Choice {
  index: number
  text: string
  reasoning: string
  refusal: string
  toolCalls: readonly ToolCall[]
  annotations: readonly Annotation[]
  logprobs: readonly TokenLogprob[]
  finishReason: FinishReason
}

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter'

/** The source of a passage of the reply. */
export interface Annotation {
  /** `undefined` for a source without a web address: a document or a tool's result. */
  url: string | undefined
  title: string | undefined
  /** OCI's name of a source without a web address. */
  source?: string | undefined
  /** Positions in the reply's text, end excluded. */
  start: number | undefined
  end: number | undefined
}

export interface TokenLogprob {
  token: string
  logprob: number
  top: readonly { token: string; logprob: number }[]
}

/** Token counts. A detail that OCI does not count is `undefined`. */
export interface Usage {
  prompt: number
  /** All generated tokens, reasoning included. */
  completion: number
  total: number
  cached: number | undefined
  reasoning: number | undefined
  acceptedPrediction: number | undefined
  rejectedPrediction: number | undefined
  /** Nano-dollars (10⁻⁹ USD); absent if the price is not known. */
  cost?: number | undefined
}
