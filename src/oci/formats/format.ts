import type { ChatEvent } from '../../chat/events.ts'
import type { ChatReply, ChatRequest } from '../../chat/model.ts'
import type { ApiError } from '../../errors.ts'
import type { SseMessage } from '../../sse/decode.ts'
import type { Envelope } from './envelope.ts'
import type { ModelProfile } from '../models/profiles.ts'
import type { SchemaBudget } from './schema/budget.ts'
import type { ThoughtSignatures } from '../models/thought-signatures.ts'
import type { ToolNames } from './request/tool-names.ts'

/** One of OCI's ways to be asked for a chat: each a folder beside this file, with the same verbs. */
export interface ChatFormat {
  envelope: Envelope
  /** Whether it has words for several answers to one prompt. */
  multipleChoices: boolean
  /** Tells a mended conversation. Members that are `undefined` are not sent. */
  encodeRequest(request: ChatRequest, options: EncodeOptions): EncodedRequest
  /** Reads a whole answer. One without choices, or ended by an error, is no answer: it throws. */
  decodeReply(json: unknown, options: DecodeOptions): ChatReply
  createStreamDecoder(options: StreamDecodeOptions): StreamDecoder
  /** Names of tools as the format takes them. */
  createToolNames(names: readonly string[]): ToolNames
}

export interface EncodeOptions {
  profile: ModelProfile
  stream: boolean
  names: Pick<ToolNames, 'encode'>
  /** The signatures of thoughts that came with earlier calls. */
  signatures?: Pick<ThoughtSignatures, 'of'> | undefined
  /** Counts the schemas of the request; they are not limited when absent. */
  schemas?: SchemaBudget | undefined
}

export interface EncodedRequest {
  /** The request by itself; the envelope says where it stands. */
  chatRequest: object
  /** ASCII lines, each beginning with OpenAI's name of the field at stake. */
  warnings: readonly string[]
}

export interface DecodeOptions {
  names: Pick<ToolNames, 'decode'>
  /** Where the signatures of thoughts are kept. */
  signatures?: Pick<ThoughtSignatures, 'record'> | undefined
  /** 24 letters and digits, for a tool call that came without an id. */
  randomId(): string
  /** How many alternatives to a token were asked for; OCI sends one even where none was. */
  alternatives?: number | undefined
  /** Hears of a finish reason that nobody knows. */
  onUnknownFinish?: ((word: string) => void) | undefined
}

export interface StreamDecodeOptions extends DecodeOptions {
  /** How many answers were asked for; one when absent. Fewer may come. */
  choices?: number | undefined
  /** Makes the error of what OCI says when it fails in the middle of a stream. */
  onError(json: unknown): ApiError
}

/** Reads one stream. Push until `done` or the end of the body, then ask for the end. */
export interface StreamDecoder {
  /** The events that these messages make. A failure is thrown once what came before was given. */
  push(messages: readonly SseMessage[]): readonly ChatEvent[]
  /** The events that only the end allows. Throws when the stream failed or was cut. */
  end(): readonly ChatEvent[]
  /** Every answer asked for has ended: only counts may still come, and the stream may stay open. */
  readonly finished: boolean
  /** Nothing more is to be read: the stream said so, or failed. */
  readonly done: boolean
  /** How many events meant nothing to us. */
  readonly skipped: number
}
