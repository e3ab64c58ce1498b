import type { Model } from '../catalogue.ts'
import { badRequest, type Refusal } from '../refusal.ts'
import type { GenericChatRequest } from './generic-request.ts'

/** One thing a vendor insists on; `undefined` means that the request obeys. */
export type Rule<Request = GenericChatRequest> = (
  request: Request,
  model: Model,
  /** Tokens of output at most. */
  outputCap: number,
) => Refusal | undefined

/** The first complaint about a request. */
export function firstRefusal<Request>(
  rules: readonly Rule<Request>[],
  request: Request,
  model: Model,
  outputCap: number,
): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(request, model, outputCap)
    if (refusal) return refusal
  }
  return undefined
}

/** A complaint in OpenAI's words, which OCI passes on as text within its own message. */
export function openaiRefusal(message: string, param: string | null, code: string): Refusal {
  const error = { message, type: 'invalid_request_error', param, code }
  return badRequest(JSON.stringify({ error }), message)
}

/** A complaint in xAI's words, which OCI passes on as text within its own message. */
export function xaiRefusal(message: string): Refusal {
  const error = { code: 'Client specified an invalid argument', error: message }
  return badRequest(JSON.stringify(error), message)
}

/** Refuses the first of some fields that a request sends. */
export function refuseFields(
  names: readonly (keyof GenericChatRequest)[],
  refuse: (name: string) => Refusal,
): Rule {
  return (request) => {
    const sent = names.find((name) => request[name] !== undefined)
    return sent === undefined ? undefined : refuse(sent)
  }
}

/** Applies rules only to the models a pattern fits. */
export function only<Request>(
  pattern: RegExp,
  ...rules: readonly Rule<Request>[]
): Rule<Request> {
  return (request, model, outputCap) =>
    pattern.test(model.name) ? firstRefusal(rules, request, model, outputCap) : undefined
}
