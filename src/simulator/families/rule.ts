import type { Model } from '../catalogue.ts'
import { badRequest, type ServiceError } from '../service-error.ts'
import type { GenericChatRequest } from './generic-request.ts'

/** One thing a vendor insists on; `undefined` means that the request obeys. */
export type Rule<Request = GenericChatRequest> = (
  request: Request,
  model: Model,
  /** Tokens of output at most. */
  maxOutputTokens: number,
) => ServiceError | undefined

/** The first complaint about a request. */
export function firstError<Request>(
  rules: readonly Rule<Request>[],
  request: Request,
  model: Model,
  maxOutputTokens: number,
): ServiceError | undefined {
  for (const rule of rules) {
    const error = rule(request, model, maxOutputTokens)
    if (error) return error
  }
  return undefined
}

/** A complaint in OpenAI's words, which OCI passes on as text within its own message. */
export function openAiVendorError(
  message: string,
  param: string | null,
  code: string,
): ServiceError {
  const error = { message, type: 'invalid_request_error', param, code }
  return badRequest(JSON.stringify({ error }), message)
}

/** A complaint in xAI's words, which OCI passes on as text within its own message. */
export function xaiVendorError(message: string): ServiceError {
  const error = { code: 'Client specified an invalid argument', error: message }
  return badRequest(JSON.stringify(error), message)
}

/** Refuses the first of some fields that a request sends. */
export function rejectFields(
  names: readonly (keyof GenericChatRequest)[],
  reject: (name: string) => ServiceError,
): Rule {
  return (request) => {
    const sent = names.find((name) => request[name] !== undefined)
    return sent === undefined ? undefined : reject(sent)
  }
}

/** Applies rules only to the models a pattern fits. */
export function only<Request>(
  pattern: RegExp,
  ...rules: readonly Rule<Request>[]
): Rule<Request> {
  return (request, model, maxOutputTokens) =>
    pattern.test(model.name) ? firstError(rules, request, model, maxOutputTokens) : undefined
}
