/**
 * Proof, by the compiler alone, that what we answer has the shapes of the `@anthropic-ai/sdk`
 * package. Nothing here runs.
 */
import type Anthropic from '@anthropic-ai/sdk'
import type { ErrorBody, ErrorType } from '../../src/anthropic/error.ts'
import type { Message, MessageEvent } from '../../src/anthropic/messages/wire.ts'
import type * as Public from './messages/public-schema.ts'

type Fits<Ours, Theirs> = [Ours] extends [Theirs] ? true : false
type AllTrue<Facts extends readonly true[]> = Facts['length']

export type Proven = AllTrue<[
  Fits<Message, Anthropic.Message>,
  Fits<Message, Anthropic.Beta.Messages.BetaMessage>,
  Fits<MessageEvent, Anthropic.RawMessageStreamEvent>,
  Fits<MessageEvent, Anthropic.Beta.Messages.BetaRawMessageStreamEvent>,
  // Every word but the one for bodies that are too large, which the package's types leave out.
  Fits<Exclude<ErrorType, 'request_too_large'>, Anthropic.ErrorType>,
  Fits<Omit<ErrorBody, 'error'>, Omit<Anthropic.ErrorResponse, 'error'>>,
  Fits<Public.StreamEvent['type'], Anthropic.RawMessageStreamEvent['type']>,
  Fits<Anthropic.RawMessageStreamEvent['type'], Public.StreamEvent['type']>,
]>
