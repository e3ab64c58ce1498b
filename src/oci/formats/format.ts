import type { ChatEvent } from '../../chat/events.ts'
import type { ChatReply, ChatRequest, MediaPart } from '../../chat/model.ts'
import type { ApiError } from '../../errors.ts'
import type { SseMessage } from '../../sse/decode.ts'
import type { Steps } from '../../steps.ts'
import type { Envelope } from './envelope.ts'
import type { ModelProfile } from '../models/profiles.ts'
import type { SchemaBudget } from './schema/budget.ts'
import type { ThoughtSignatures } from '../models/thought-signatures.ts'
import type { ToolNames } from './request/tool-names.ts'

/** A request format of OCI's chat. Each is a folder next to this file with the same functions. */
export interface ChatFormat {
  envelope: Envelope
  /** Whether one request can ask for several choices. */
  multipleChoices: boolean
  /** Throws an error with the field if the format or the model does not support a part. */
  checkMedia(part: MediaPart, model: string, inputs: ModelProfile['inputs']): void
  /** Encodes a repaired conversation. Members that are `undefined` are not sent. */
  encodeRequest(request: ChatRequest, options: EncodeOptions): Steps<EncodedRequest>
  /** Decodes a complete response. Throws when it has no choices or ended with an error. */
  decodeReply(json: unknown, options: DecodeOptions): ChatReply
  createStreamDecoder(options: StreamDecodeOptions): StreamDecoder
  /** Creates the map between the client's tool names and those that the format allows. */
  createToolNames(names: readonly string[]): ToolNames
}

export interface EncodeOptions {
  profile: ModelProfile
  stream: boolean
  names: Pick<ToolNames, 'encode'>
  /** The thought signatures of earlier tool calls. */
  signatures?: Pick<ThoughtSignatures, 'of'> | undefined
  /** Limits the schemas of the request; there is no limit when absent. */
  schemas?: SchemaBudget | undefined
}

export interface EncodedRequest {
  /** The request without its envelope. */
  chatRequest: object
  /** ASCII lines, each starting with OpenAI's name of the field. */
  warnings: readonly string[]
}

export interface DecodeOptions {
  names: Pick<ToolNames, 'decode'>
  /** Stores the thought signatures of tool calls. */
  signatures?: Pick<ThoughtSignatures, 'record'> | undefined
  /** 24 letters and digits, for a tool call that OCI sends without an id. */
  randomId(): string
  /** The requested number of alternatives per token; OCI sends one even when none is requested. */
  alternatives?: number | undefined
  /** Receives each unknown finish reason. */
  onUnknownFinish?: ((reason: string) => void) | undefined
}

export interface StreamDecodeOptions extends DecodeOptions {
  /** The requested number of choices, one when absent. A stream may have fewer. */
  choices?: number | undefined
  /** Converts an error that OCI sends in the middle of a stream. */
  onError(json: unknown): ApiError
}

/** Decodes one stream: `push()` until `done` or the end of the body, then `end()`. */
export interface StreamDecoder {
  /** Decodes messages. A failure is thrown by the next call if events precede it. */
  push(messages: readonly SseMessage[]): readonly ChatEvent[]
  /** Returns the final events. Throws when the stream failed or ended early. */
  end(): readonly ChatEvent[]
  /** Every requested choice has finished. The usage may follow, and the stream may stay open. */
  readonly finished: boolean
  /** The stream ended or failed: nothing remains to be read. */
  readonly done: boolean
}
