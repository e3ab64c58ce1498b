import type { Model } from '../catalogue.ts'
import { badRequest, type ServiceError } from '../service-error.ts'
import { firstProblem } from '../validation.ts'
import type { GenericChatRequest } from './generic-request.ts'

/** A validation rule; `undefined` if the request is valid. */
export type Rule<Request = GenericChatRequest> = (
  request: Request,
  model: Model,
  /** The maximum of output tokens. */
  maxOutputTokens: number,
) => ServiceError | undefined

/** The error of the first rule that a request violates. */
export function firstError<Request>(
  rules: readonly Rule<Request>[],
  request: Request,
  model: Model,
  maxOutputTokens: number,
): ServiceError | undefined {
  return firstProblem(rules, (rule) => rule(request, model, maxOutputTokens))
}

/** An error of OpenAI, whose JSON becomes the text of OCI's message. */
export function openAiVendorError(
  message: string,
  param: string | null,
  code: string,
): ServiceError {
  const error = { message, type: 'invalid_request_error', param, code }
  return badRequest(JSON.stringify({ error }), message)
}

/** An error of xAI, whose JSON becomes the text of OCI's message. */
export function xaiVendorError(message: string): ServiceError {
  const error = { code: 'Client specified an invalid argument', error: message }
  return badRequest(JSON.stringify(error), message)
}

/** Rejects requests with one of the fields. */
export function rejectFields(
  names: readonly (keyof GenericChatRequest)[],
  reject: (name: string) => ServiceError,
): Rule {
  return (request) => {
    const sent = names.find((name) => request[name] !== undefined)
    return sent === undefined ? undefined : reject(sent)
  }
}

/** Applies rules only to models whose name matches. */
export function only<Request>(
  pattern: RegExp,
  ...rules: readonly Rule<Request>[]
): Rule<Request> {
  return (request, model, maxOutputTokens) =>
    pattern.test(model.name) ? firstError(rules, request, model, maxOutputTokens) : undefined
}
