import * as v from 'valibot'
import type { JsonSchema } from '../../../chat/model.ts'
import { lenient, Numeric } from '../../json.ts'
import type { WireMessage } from '../response/read-message.ts'

/** All we ever send in the GENERIC format: OCI answers 400 to a key it does not know. */
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
  /** How many alternatives to each token: a count, not a switch. */
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
  | { type: 'IMAGE'; imageUrl: { url: string } }
  | { type: 'DOCUMENT'; documentUrl: { url: string } }
  | { type: 'AUDIO'; audioUrl: { url: string } }
  | { type: 'VIDEO'; videoUrl: { url: string } }

export interface TextContent {
  type: 'TEXT'
  text: string
}

/** Flat, where OpenAI nests under `function`. */
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

/** What we read of a whole answer; its choices are read as those of a stream are. */
export const ChatResult = v.object({
  chatResponse: v.object({
    choices: v.pipe(v.array(v.unknown()), v.nonEmpty()),
    usage: v.optional(v.unknown()),
    serviceTier: lenient(v.string()),
    /** RFC 3339 in every recording, seconds in the SDK's words. */
    timeCreated: lenient(v.union([Numeric, v.string()])),
  }),
})

/** A choice of an answer, and each event of a stream: what we look at, believed only when checked. */
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

/** A message of GENERIC's may also name its sources. */
export interface GenericWireMessage extends WireMessage {
  annotations?: unknown
}

/**
 * Parallel lists, one entry a token; `{}` when nobody asked. The alternatives are objects with
 * tokens for keys, which a record schema would drop some of: "constructor" is a token.
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

/** Gemini's sources, and which passages rest on which. */
export const GroundingMetadata = v.object({
  groundingChunks: v.array(lenient(v.object({
    web: v.object({ uri: v.string(), title: lenient(v.string()) }),
  }))),
  groundingSupports: lenient(v.array(v.object({
    segment: lenient(v.object({ startIndex: lenient(Numeric), endIndex: lenient(Numeric) })),
    groundingChunkIndices: v.array(v.number()),
  }))),
})
