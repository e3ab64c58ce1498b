/**
 * Proves at compile time that the gateway's responses have the types of the `@anthropic-ai/sdk`
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
  // All error types but `request_too_large`, which the package's types lack.
  Fits<Exclude<ErrorType, 'request_too_large'>, Anthropic.ErrorType>,
  Fits<Omit<ErrorBody, 'error'>, Omit<Anthropic.ErrorResponse, 'error'>>,
  Fits<Public.StreamEvent['type'], Anthropic.RawMessageStreamEvent['type']>,
  Fits<Anthropic.RawMessageStreamEvent['type'], Public.StreamEvent['type']>,
]>
