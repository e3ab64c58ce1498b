import type { PartType } from '../catalogue.ts'

/** A GENERIC chat request, as far as the simulator reads it. */
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

/** A call as requests, answers and fragments of streams tell it: each leaves something out. */
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

/** Where a part's payload is, if it is there. */
export function mediaOf(part: GenericPart): MediaUrl | undefined {
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
