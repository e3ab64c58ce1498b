import * as v from 'valibot'
import type { JsonSchema } from '../../../chat/model.ts'
import { lenient, Numeric } from '../../json.ts'
import type { WireMessage } from '../response/read-message.ts'

/** Every field that is sent in the GENERIC format: OCI answers 400 to an unknown one. */
export interface GenericChatRequest {
  apiFormat: 'GENERIC'
  messages: readonly GenericMessage[]
  isStream: boolean | undefined
  streamOptions: { isIncludeUsage: boolean } | undefined
  maxTokens: number | undefined
  maxCompletionTokens: number | undefined
  temperature: number | undefined
  topP: number | undefined
  topK: number | undefined
  frequencyPenalty: number | undefined
  presencePenalty: number | undefined
  stop: readonly string[] | undefined
  seed: number | undefined
  numGenerations: number | undefined
  /** The number of alternatives per token, not a switch. */
  logProbs: number | undefined
  logitBias: Readonly<Record<string, number>> | undefined
  tools: readonly FunctionDefinition[] | undefined
  toolChoice: GenericToolChoice | undefined
  isParallelToolCalls: boolean | undefined
  responseFormat: GenericResponseFormat | undefined
  reasoningEffort: 'NONE' | 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH' | undefined
  verbosity: 'LOW' | 'MEDIUM' | 'HIGH' | undefined
  prediction: { type: 'CONTENT'; content: readonly TextContent[] } | undefined
  webSearchOptions: WebSearchOptions | undefined
  metadata: Readonly<Record<string, string>> | undefined
  serviceTier: 'AUTO' | 'DEFAULT' | 'PRIORITY' | undefined
}

export type GenericMessage = InstructionMessage | UserMessage | AssistantMessage | ToolMessage

export interface InstructionMessage {
  role: 'SYSTEM' | 'DEVELOPER'
  content: readonly TextContent[]
  name: string | undefined
}

export interface UserMessage {
  role: 'USER'
  content: readonly GenericContent[]
  name: string | undefined
}

export interface AssistantMessage {
  role: 'ASSISTANT'
  content: readonly TextContent[] | undefined
  toolCalls: readonly FunctionCall[] | undefined
  name: string | undefined
}

export interface ToolMessage {
  role: 'TOOL'
  toolCallId: string
  content: readonly GenericContent[]
}

export type GenericContent =
  | TextContent
  | { type: 'IMAGE'; imageUrl: { url: string; detail?: 'HIGH' | 'LOW' } }
  | { type: 'DOCUMENT'; documentUrl: { url: string } }
  | { type: 'AUDIO'; audioUrl: { url: string } }
  | { type: 'VIDEO'; videoUrl: { url: string } }

export interface TextContent {
  type: 'TEXT'
  text: string
}

/** Flat; OpenAI nests the name and arguments under `function`. */
export interface FunctionCall {
  type: 'FUNCTION'
  id: string
  name: string
  arguments: string
}

export interface FunctionDefinition {
  type: 'FUNCTION'
  name: string
  description: string | undefined
  parameters: JsonSchema
}

export type GenericToolChoice =
  | { type: 'AUTO' | 'NONE' | 'REQUIRED' }
  | { type: 'FUNCTION'; name: string }

export type GenericResponseFormat =
  | { type: 'JSON_OBJECT' }
  | { type: 'JSON_SCHEMA'; jsonSchema: ResponseJsonSchema }

export interface ResponseJsonSchema {
  /** Letters, digits, `_` and `-`. */
  name: string
  description: string | undefined
  schema: JsonSchema | undefined
  isStrict: boolean | undefined
}

export interface WebSearchOptions {
  searchContextSize: 'LOW' | 'MEDIUM' | 'HIGH' | undefined
  userLocation:
    | Readonly<Partial<Record<'city' | 'region' | 'country' | 'timezone', string>>>
    | undefined
}

/** What is read of a complete response. Choices are read like those of a stream. */
export const ChatResult = v.object({
  chatResponse: v.object({
    choices: v.pipe(v.array(v.unknown()), v.nonEmpty()),
    usage: v.optional(v.unknown()),
    serviceTier: lenient(v.string()),
    /** RFC 3339 in every recording; seconds according to the SDK. */
    timeCreated: v.optional(v.unknown()),
  }),
})

/** A choice of a response or an event of a stream. Members are checked before use. */
export interface WireChoice {
  index?: unknown
  message?: unknown
  finishReason?: unknown
  errorMessage?: unknown
  logprobs?: unknown
  groundingMetadata?: unknown
  usage?: unknown
  serviceTier?: unknown
}

/** A message in the GENERIC format may also contain sources. */
export interface GenericWireMessage extends WireMessage {
  annotations?: unknown
}

/**
 * Parallel lists with one entry per token; `{}` when the client requests none. The alternatives are
 * objects keyed by token, of which a record schema would drop some: "constructor" is a token.
 */
export const Logprobs = v.object({
  tokens: v.array(v.string()),
  tokenLogprobs: lenient(v.array(lenient(Numeric))),
  topLogprobs: lenient(v.array(v.unknown())),
})

export const UrlCitation = v.object({
  urlCitation: v.object({
    url: v.string(),
    title: lenient(v.string()),
    startIndex: lenient(Numeric),
    endIndex: lenient(Numeric),
  }),
})

/** Gemini's sources, and the passages that cite each. */
export const GroundingMetadata = v.object({
  groundingChunks: v.array(lenient(v.object({
    web: v.object({ uri: v.string(), title: lenient(v.string()) }),
  }))),
  groundingSupports: lenient(v.array(v.object({
    segment: lenient(v.object({ startIndex: lenient(Numeric), endIndex: lenient(Numeric) })),
    groundingChunkIndices: v.array(v.number()),
  }))),
})
