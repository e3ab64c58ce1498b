import type { Model } from '../catalogue.ts'
import type { Answer, Prompt } from '../prompt.ts'
import type { ServiceError } from '../service-error.ts'

/** The `chatRequest` of a request body, checked against the field table. */
export interface ChatRequest {
  apiFormat: string
}

/** Everything that a family needs to encode answers. */
export interface ReplyInput {
  prompt: Prompt
  model: Model
  request: ChatRequest
  /** Milliseconds since the epoch. */
  now: number
}

/** Models with the same request and response formats and the same validation rules. */
export interface Family {
  readPrompt(request: ChatRequest): Prompt
  /** Finds the first error that the vendor reports. */
  validate(request: ChatRequest, model: Model, maxOutputTokens: number): ServiceError | undefined
  /** The vendor's error for too long a prompt. */
  tooLong(tokens: number, model: Model): ServiceError
  /** The vendor's error for a field that the model does not support. */
  unsupported(field: string): ServiceError
  /** The `chatResponse` of a request without streaming. */
  reply(answers: readonly Answer[], input: ReplyInput): object
  /** The events of a stream, without their pad. */
  events(answers: readonly Answer[], input: ReplyInput): readonly object[]
  /** An event with a text delta. */
  textEvent(text: string): object
  /** Whether streams end with `[DONE]`. */
  endsWithDone: boolean
}
