/** An error response of OCI, as data. */
export interface ServiceError {
  status: number
  code: string
  message: string
  /** Replaces the default body `{ code, message }`. */
  body?: object
  /** The exact cause, for tests; never sent to the client. */
  reason?: string
  headers?: Readonly<Record<string, string>>
}

/** Distinguishes an error from any other result of a check. */
export function isServiceError(value: object): value is ServiceError {
  return 'code' in value && 'message' in value
}

/** A 400 of the inference service, whose `code` is the status as text. */
export function badRequest(message: string, reason?: string): ServiceError {
  return { status: 400, code: '400', message, ...(reason === undefined ? {} : { reason }) }
}

/** The service's one error for unknown fields, wrong types and unknown enum values. */
export function badFormat(reason: string): ServiceError {
  return badRequest('Please pass in correct format of request.', reason)
}

/** The platform's one error for a missing policy, a foreign resource and an unknown resource. */
export function notFound(reason: string): ServiceError {
  return {
    status: 404,
    code: 'NotAuthorizedOrNotFound',
    message: 'Authorization failed or requested resource not found.',
    reason,
  }
}

/** The platform's error for a parameter, raised before the service receives the request. */
export function badParameter(message: string): ServiceError {
  return { status: 400, code: 'InvalidParameter', message, reason: message }
}

/** Converts an error to its HTTP response. */
export function errorResponse(error: ServiceError): Response {
  const { status, code, message, body = { code, message }, headers = {} } = error
  return Response.json(body, { status, headers })
}
