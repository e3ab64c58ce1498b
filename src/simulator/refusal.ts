/** An answer that is an error, as data. */
export interface Refusal {
  status: number
  code: string
  message: string
  /** What is sent in place of code and message. */
  body?: object
  /** For tests and never on the wire: what exactly was wrong. */
  reason?: string
  headers?: Readonly<Record<string, string>>
}

/** Tells a refusal from whatever else a check can give. */
export function isRefusal(value: object): value is Refusal {
  return 'code' in value && 'message' in value
}

/** The service's own refusals carry their status as a text code. */
export function badRequest(message: string, reason?: string): Refusal {
  return { status: 400, code: '400', message, ...(reason === undefined ? {} : { reason }) }
}

/** What the service says of unknown keys, wrong types and wrong words alike. */
export function badFormat(reason: string): Refusal {
  return badRequest('Please pass in correct format of request.', reason)
}

/** The platform's one answer to "no policy", "not yours" and "not there". */
export function notFound(reason: string): Refusal {
  return {
    status: 404,
    code: 'NotAuthorizedOrNotFound',
    message: 'Authorization failed or requested resource not found.',
    reason,
  }
}

/** The platform's refusal of a parameter, before the service sees the request. */
export function badParameter(message: string): Refusal {
  return { status: 400, code: 'InvalidParameter', message, reason: message }
}

/** The response a refusal becomes. */
export function refusalResponse(refusal: Refusal): Response {
  const { status, code, message, body = { code, message }, headers = {} } = refusal
  return Response.json(body, { status, headers })
}
