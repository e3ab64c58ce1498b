/**
 * The types of the answers and events that clients expect, as the packages of OpenAI and Anthropic
 * publish them. The compiler checks the gateway's answers against them.
 */
import type OpenAI from 'openai'
import type Anthropic from '@anthropic-ai/sdk'

type Beta = Anthropic.Beta.Messages.BetaMessage
type BetaEvent = Anthropic.Beta.Messages.BetaRawMessageStreamEvent
/** The package computes `output_text` itself. */
type Responses = Omit<OpenAI.Responses.Response, 'output_text'>
/** An event whose response is as it is sent. */
type Sent<Event> = Event extends { response: OpenAI.Responses.Response }
  ? Omit<Event, 'response'> & { response: Responses }
  : Event

/** Without `estimated_tokens`, which needs a beta that the gateway does not have. */
interface BetaThinkingEvent {
  type: 'content_block_delta'
  index: number
  delta: Omit<Anthropic.Beta.Messages.BetaThinkingDelta, 'estimated_tokens'>
}

/** Its documentation says that the output begins with the user's messages; the type lacks them. */
interface Compacted extends Omit<OpenAI.Responses.CompactedResponse, 'output'> {
  output: (OpenAI.Responses.ResponseOutputItem | OpenAI.Responses.ResponseInputMessageItem)[]
}

/** Each kind of answer or event with its published type. The packages name no type for some bodies. */
export interface Published {
  ChatCompletion: OpenAI.ChatCompletion
  ChatCompletionChunk: OpenAI.ChatCompletionChunk
  Completion: OpenAI.Completion
  CompletionChunk: OpenAI.Completion
  CreateEmbeddingResponse: OpenAI.CreateEmbeddingResponse
  ModerationCreateResponse: OpenAI.ModerationCreateResponse
  Model: OpenAI.Model
  ModelList: { object: 'list'; data: OpenAI.Model[] }
  OpenAIError: { error: OpenAI.ErrorObject }
  Response: Responses
  ResponseStreamEvent: Sent<OpenAI.Responses.ResponseStreamEvent>
  CompactedResponse: Compacted
  InputTokenCountResponse: OpenAI.Responses.InputTokenCountResponse
  ResponseItemList: OpenAI.Responses.ResponseItemList
  ResponseDeleted: { id: string; object: 'response'; deleted: true }
  Message: Anthropic.Message
  BetaMessage: Beta
  MessageStreamEvent: Anthropic.RawMessageStreamEvent
  BetaMessageStreamEvent: BetaEvent | BetaThinkingEvent
  MessageTokensCount: Anthropic.MessageTokensCount
  BetaMessageTokensCount: Anthropic.Beta.Messages.BetaMessageTokensCount
  AnthropicError: Anthropic.ErrorResponse
  /** Events that Anthropic documents, without a type in its package. */
  AnthropicPing: { type: 'ping' }
}

/** The name of a published type. */
export type PublishedType = keyof Published
