/** The types from which conversations are generated. See `tools/published-types.ts`. */
import type OpenAI from 'openai'
import type Anthropic from '@anthropic-ai/sdk'

/** The elements of a conversation and the tools of each client API. */
export interface Roots {
  chatMessage: OpenAI.ChatCompletionMessageParam
  chatTool: OpenAI.ChatCompletionTool
  responsesItem: OpenAI.Responses.ResponseInputItem
  responsesTool: OpenAI.Responses.Tool
  message: Anthropic.MessageParam
  betaMessage: Anthropic.Beta.Messages.BetaMessageParam
  messagesTool: Anthropic.ToolUnion
  betaMessagesTool: Anthropic.Beta.Messages.BetaToolUnion
}
