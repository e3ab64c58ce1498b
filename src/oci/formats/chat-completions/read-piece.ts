import type { TokenLogprob } from '../../../chat/model.ts'
import { asList, asObject } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { decodeOpenAiAnnotations } from '../openai/annotations.ts'
import { decodeOpenAiLogprobs } from '../openai/logprobs.ts'
import { type ChoicePiece, NONE } from '../response/decode-reply.ts'
import {
  type MessageText,
  readText,
  readToolCalls,
  type ToolCallPiece,
} from '../response/read-message.ts'
import type { WireChoice, WireMessage } from './wire.ts'

/** Reads a choice, complete or one piece of a stream. */
export function readPiece(choice: WireChoice, options: DecodeOptions): ChoicePiece {
  const message: WireMessage = asObject(choice.message ?? choice.delta)
  const { text, reasoning, refusal } = readMessageText(message)
  return {
    text,
    reasoning,
    refusal,
    toolCalls: message.tool_calls ? readCalls(message) : NONE,
    annotations: message.annotations ? decodeOpenAiAnnotations(message.annotations) : NONE,
    logprobs: choice.logprobs ? readLogprobs(choice, options) : NONE,
    finishReason: choice.finish_reason,
    errorMessage: undefined,
  }
}

/** The texts of a message, which differs from OCI's own only in the names of its members. */
function readMessageText(
  { content, reasoning_content, reasoning, refusal }: WireMessage,
): MessageText {
  const reasoningContent = reasoning_content ?? reasoning
  return readText({ content: withUpperCaseTypes(content), reasoningContent, refusal })
}

/** In a stream each piece contains the index of its call. */
function readCalls({ tool_calls: toolCalls }: WireMessage): readonly ToolCallPiece[] {
  return readToolCalls({ toolCalls }).map((piece, position) => {
    const { index }: { index?: unknown } = asObject(asList(toolCalls)[position])
    return { ...piece, index: typeof index === 'number' ? index : undefined }
  })
}

/** Content parts have lower-case types here. */
function withUpperCaseTypes(content: unknown): unknown {
  if (!Array.isArray(content)) return content
  return content.map((element) => {
    const part: { type?: unknown } = asObject(element)
    return part.type === 'text' ? { ...part, type: 'TEXT' } : part
  })
}

function readLogprobs(
  { logprobs }: WireChoice,
  { alternatives }: DecodeOptions,
): readonly TokenLogprob[] {
  const { content }: { content?: unknown } = asObject(logprobs)
  return content ? decodeOpenAiLogprobs(content, alternatives) : []
}
