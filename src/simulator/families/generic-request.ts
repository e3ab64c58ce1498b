import type { PartType } from '../catalogue.ts'

/** The members of a GENERIC chat request that the simulator reads. */
export interface GenericChatRequest {
  messages?: readonly GenericMessage[]
  isStream?: boolean
  streamOptions?: { isIncludeUsage?: boolean }
  maxTokens?: number
  maxCompletionTokens?: number
  temperature?: number
  topP?: number
  frequencyPenalty?: number
  presencePenalty?: number
  stop?: readonly string[]
  numGenerations?: number
  logProbs?: number
  logitBias?: unknown
  metadata?: unknown
  tools?: readonly GenericTool[]
  toolChoice?: { type: 'AUTO' | 'NONE' | 'REQUIRED' | 'FUNCTION'; name?: string }
  isParallelToolCalls?: boolean
  responseFormat?: GenericResponseFormat
  reasoningEffort?: string
}

export interface GenericMessage {
  role: 'SYSTEM' | 'DEVELOPER' | 'USER' | 'ASSISTANT' | 'TOOL'
  content?: readonly GenericPart[] | null
  toolCalls?: readonly GenericToolCall[]
  toolCallId?: string
}

export interface GenericPart {
  type: PartType
  text?: string
  imageUrl?: MediaUrl
  documentUrl?: MediaUrl
  audioUrl?: MediaUrl
  videoUrl?: MediaUrl
}

export interface MediaUrl {
  url: string
  detail?: string
}

/** A tool call of a request, a response or a stream fragment; each omits some members. */
export interface GenericToolCall {
  type: 'FUNCTION'
  id?: string
  name?: string
  arguments?: string
}

export interface GenericTool {
  type: 'FUNCTION'
  name?: string
  description?: string
  parameters?: unknown
}

export interface GenericResponseFormat {
  type: 'TEXT' | 'JSON_OBJECT' | 'JSON_SCHEMA'
  jsonSchema?: { name: string; schema?: unknown; isStrict?: boolean }
}

/** The URL of a media part, if it has one. */
export function mediaUrlOf(part: GenericPart): MediaUrl | undefined {
  switch (part.type) {
    case 'TEXT':
      return undefined
    case 'IMAGE':
      return part.imageUrl
    case 'DOCUMENT':
      return part.documentUrl
    case 'AUDIO':
      return part.audioUrl
    case 'VIDEO':
      return part.videoUrl
  }
}
