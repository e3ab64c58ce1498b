import type { Model } from '../catalogue.ts'
import type { Answer, Prompt } from '../prompt.ts'
import type { ServiceError } from '../service-error.ts'

/** The part of a request's body that the families differ in; its fields are already checked. */
export interface ChatRequest {
  apiFormat: string
}

/** What a family needs to know to give answers their shape. */
export interface ReplyInput {
  prompt: Prompt
  model: Model
  request: ChatRequest
  /** Milliseconds since the epoch. */
  now: number
}

/** Models that take and give the same shapes, and refuse the same things. */
export interface Family {
  readPrompt(request: ChatRequest): Prompt
  /** What the vendor finds wrong with a request. */
  validate(request: ChatRequest, model: Model, maxOutputTokens: number): ServiceError | undefined
  /** How the vendor says that a prompt of so many tokens is too long. */
  tooLong(tokens: number, model: Model): ServiceError
  /** How the vendor refuses a field that the model does not know. */
  unsupported(field: string): ServiceError
  /** The `chatResponse` of an answer that is not streamed. */
  reply(answers: readonly Answer[], input: ReplyInput): object
  /** The events of a streamed answer, in order, without their pad. */
  events(answers: readonly Answer[], input: ReplyInput): readonly object[]
  /** An event that only says a text. */
  textEvent(text: string): object
  /** Whether its streams end with `[DONE]`. */
  endsWithDone: boolean
}
