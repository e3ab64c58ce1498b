import * as v from 'valibot'
import type { Annotation, Choice, TokenLogprob, ToolCall } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import type { DecodeOptions } from '../format.ts'
import { readFinish } from './finish-reason.ts'
import type { ToolCallPiece } from './read-message.ts'
import { decodeArguments } from './tool-arguments.ts'

/**
 * A choice, complete or one piece of a stream, read from the wire of its format. Members that the
 * piece or the format lacks are empty.
 */
export interface ChoicePiece {
  text: string
  reasoning: string
  refusal: string
  toolCalls: readonly ToolCallPiece[]
  annotations: readonly Annotation[]
  logprobs: readonly TokenLogprob[]
  /** As OCI sends it; a text that is not empty ends the choice. */
  finishReason: unknown
  errorMessage: unknown
}

/** One list for all empty members: most pieces of a stream have several. */
export const NONE: readonly never[] = []

/** A piece that contains only text, as nearly all pieces of a stream do. */
export function textPiece(text: string): ChoicePiece {
  return {
    text,
    reasoning: '',
    refusal: '',
    toolCalls: NONE,
    annotations: NONE,
    logprobs: NONE,
    finishReason: undefined,
    errorMessage: undefined,
  }
}

/**
 * Parses a complete response. Throws an `upstream_invalid_response` that names the missing `part`
 * when the response does not match the schema.
 */
export function parseReply<Schema extends v.GenericSchema>(
  schema: Schema,
  json: unknown,
  part: string,
): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, json)
  if (success) return output
  throw new ApiError('upstream_invalid_response', `OCI's response has no ${part}`, {
    cause: new v.ValiError(issues),
  })
}

/** Decodes a complete choice. Throws when the finish reason is an error. */
export function decodeChoice(piece: ChoicePiece, index: number, options: DecodeOptions): Choice {
  const { text, reasoning, refusal, annotations, logprobs } = piece
  const toolCalls = decodeToolCalls(piece.toolCalls, options)
  const finishReason = readFinish(piece, toolCalls.length, options.onUnknownFinish)
  return { index, text, reasoning, refusal, toolCalls, annotations, logprobs, finishReason }
}

/** Decodes complete tool calls. Calls without a name are dropped; calls without an id get one. */
export function decodeToolCalls(
  calls: readonly ToolCallPiece[],
  { names, randomId, signatures }: DecodeOptions,
): readonly ToolCall[] {
  return calls.filter(({ name }) => name !== '').map((call): ToolCall => {
    const id = call.id || `call${randomId()}`
    if (call.signature !== '') signatures?.record(id, call.signature)
    return { id, name: names.decode(call.name), arguments: decodeArguments(call.arguments) }
  })
}
