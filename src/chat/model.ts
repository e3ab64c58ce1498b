/** A conversation in nobody's words: faces decode into it, OCI's formats encode from it. */
export interface ChatRequest {
  /** The model as the client named it. */
  model: string
  messages: readonly Message[]
  tools: readonly Tool[]
  toolChoice: ToolChoice | undefined
  parallelToolCalls: boolean | undefined
  responseFormat: ResponseFormat | undefined
  /** The most tokens to produce, reasoning included. */
  outputLimit: number | undefined
  temperature: number | undefined
  topP: number | undefined
  topK: number | undefined
  frequencyPenalty: number | undefined
  presencePenalty: number | undefined
  seed: number | undefined
  stop: readonly string[]
  /** How many answers to the same prompt. */
  choices: number | undefined
  /** What the answer may rest on and cite, for models that take it apart from the messages. */
  documents?: readonly Document[] | undefined
  /** How many alternatives to report for each token; 0 asks for the chosen token alone. */
  logprobs: number | undefined
  logitBias: Readonly<Record<string, number>> | undefined
  reasoningEffort: ReasoningEffort | undefined
  verbosity: 'low' | 'medium' | 'high' | undefined
  /** Text the answer is expected to repeat. */
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

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high'

export type Message =
  | SystemMessage
  | UserMessage
  | AssistantMessage
  | ToolMessage

/** What any message may say of itself. */
interface Turn {
  /** Where the client put it, for words that name it; `messages[3]`, by its position, when absent. */
  place?: string | undefined
}

export interface SystemMessage extends Turn {
  role: 'system' | 'developer'
  content: readonly TextPart[]
  name: string | undefined
}

export interface UserMessage extends Turn {
  role: 'user'
  content: readonly Part[]
  name: string | undefined
}

export interface AssistantMessage extends Turn {
  role: 'assistant'
  content: readonly TextPart[]
  /** What the model thought, when the client sends it back. */
  reasoning: string | undefined
  refusal: string | undefined
  toolCalls: readonly ToolCall[]
  name: string | undefined
}

export interface ToolMessage extends Turn {
  role: 'tool'
  toolCallId: string
  content: readonly Part[]
}

export type Part = TextPart | MediaPart

export interface TextPart {
  type: 'text'
  text: string
}

/** A picture, document, recording or film, by a `data:` URL or, where a model takes it, a web address. */
export interface MediaPart {
  type: 'image' | 'document' | 'audio' | 'video'
  url: string
  /** Where the client put it, for an error that names it: `messages[2].content[1]`. */
  param: string
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

/** The whole answer. */
export interface ChatReply {
  choices: readonly Choice[]
  usage: Usage | undefined
  serviceTier: string | undefined
  /** Seconds since the epoch, when the model's side says when it answered. */
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

/** Where a passage of the answer comes from. */
export interface Annotation {
  /** `undefined` for a source that has no web address: a document or a tool's result. */
  url: string | undefined
  title: string | undefined
  /** What the model's side calls a source without an address. */
  source?: string | undefined
  /** Positions in the answer's text, end excluded. */
  start: number | undefined
  end: number | undefined
}

export interface TokenLogprob {
  token: string
  logprob: number
  top: readonly { token: string; logprob: number }[]
}

/** Counts of tokens; what the model's side did not count is absent. */
export interface Usage {
  prompt: number
  /** Everything produced, reasoning included. */
  completion: number
  total: number
  cached: number | undefined
  reasoning: number | undefined
  acceptedPrediction: number | undefined
  rejectedPrediction: number | undefined
}
