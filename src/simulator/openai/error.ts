import { isServiceError, type ServiceError } from '../service-error.ts'

/** OpenAI's error types by status. */
const TYPES = new Map<number, string>([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'invalid_request_error'],
  [413, 'invalid_request_error'],
  [429, 'rate_limit_error'],
])

/** A 400 with a body in OpenAI's format. */
export function invalidRequest(
  message: string,
  param: string | null,
  code: string | null = null,
): ServiceError {
  return openAiError(400, message, param, code)
}

/** OpenAI's error for an unknown model. */
export function unknownModel(name: string): ServiceError {
  const message = `The model \`${name}\` does not exist or you do not have access to it.`
  return openAiError(404, message, 'model', 'model_not_found')
}

/** OpenAI's error for an unknown resource. */
export function notFoundOnOpenAi(message: string): ServiceError {
  return openAiError(404, message, null, null)
}

/** OCI's error for models that this endpoint does not offer; it does not use OpenAI's format. */
export function unsupportedOperation(reason: string): ServiceError {
  return { status: 400, code: '400', message: 'Unsupported OpenAI operation', reason }
}

/** Converts an error to OpenAI's format, with the vendor's error that OCI's message contains. */
export function toOpenAiError(error: ServiceError): ServiceError {
  if (error.body) return error
  const { message, code = null, param = null } = vendorError(error.message)
  const { body } = openAiError(error.status, message, param, code)
  return body ? { ...error, body } : error
}

/** Converts an error response to OpenAI's format; responses without OCI's JSON stay unchanged. */
export async function toOpenAiResponse(response: Response): Promise<Response> {
  if (!response.headers.get('content-type')?.startsWith('application/json')) return response
  const error: object = await response.clone().json()
  if (!isServiceError(error)) return response
  const { body } = toOpenAiError({ ...error, status: response.status })
  const { status, headers } = response
  return Response.json(body, { status, headers: withoutLength(headers) })
}

interface VendorError {
  message: string
  code?: string | null
  param?: string | null
}

/** Reads OpenAI's `{"error":{"message"}}` or xAI's `{"error":"message"}` from OCI's message. */
function vendorError(message: string): VendorError {
  if (!message.startsWith('{')) return { message }
  const { error } = JSON.parse(message)
  return typeof error === 'string' ? { message: error } : error
}

function openAiError(
  status: number,
  message: string,
  param: string | null,
  code: string | null,
): ServiceError {
  const type = TYPES.get(status) ?? 'server_error'
  const body = { error: { message, type, param, code } }
  return { status, code: String(status), message, body, reason: message }
}

function withoutLength(headers: Headers): Headers {
  const kept = new Headers(headers)
  kept.delete('content-length')
  return kept
}
