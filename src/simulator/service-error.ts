/** An answer that is an error, as data. */
export interface ServiceError {
  status: number
  code: string
  message: string
  /** What is sent in place of code and message. */
  body?: object
  /** For tests and never on the wire: what exactly was wrong. */
  reason?: string
  headers?: Readonly<Record<string, string>>
}

/** Tells a error from whatever else a check can give. */
export function isServiceError(value: object): value is ServiceError {
  return 'code' in value && 'message' in value
}

/** The service's own refusals carry their status as a text code. */
export function badRequest(message: string, reason?: string): ServiceError {
  return { status: 400, code: '400', message, ...(reason === undefined ? {} : { reason }) }
}

/** What the service says of unknown keys, wrong types and wrong words alike. */
export function badFormat(reason: string): ServiceError {
  return badRequest('Please pass in correct format of request.', reason)
}

/** The platform's one answer to "no policy", "not yours" and "not there". */
export function notFound(reason: string): ServiceError {
  return {
    status: 404,
    code: 'NotAuthorizedOrNotFound',
    message: 'Authorization failed or requested resource not found.',
    reason,
  }
}

/** The platform's error of a parameter, before the service sees the request. */
export function badParameter(message: string): ServiceError {
  return { status: 400, code: 'InvalidParameter', message, reason: message }
}

/** The response a error becomes. */
export function errorResponse(error: ServiceError): Response {
  const { status, code, message, body = { code, message }, headers = {} } = error
  return Response.json(body, { status, headers })
}
