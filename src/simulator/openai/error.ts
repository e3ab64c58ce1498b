import { isServiceError, type ServiceError } from '../service-error.ts'

/** What OpenAI calls the causes of a error. */
const TYPES = new Map<number, string>([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'invalid_request_error'],
  [413, 'invalid_request_error'],
  [429, 'rate_limit_error'],
])

/** A 400 in OpenAI's own words and shape. */
export function invalidRequest(
  message: string,
  param: string | null,
  code: string | null = null,
): ServiceError {
  return shaped(400, message, param, code)
}

/** What OpenAI says of a model it does not have. */
export function unknownModel(name: string): ServiceError {
  const message = `The model \`${name}\` does not exist or you do not have access to it.`
  return shaped(404, message, 'model', 'model_not_found')
}

/** What OpenAI says of what is not there. */
export function absent(message: string): ServiceError {
  return shaped(404, message, null, null)
}

/** Seen for the vendors that this endpoint leaves out, in OCI's shape. */
export function unsupportedOperation(reason: string): ServiceError {
  return { status: 400, code: '400', message: 'Unsupported OpenAI operation', reason }
}

/** A error in OpenAI's shape, whoever it comes from: vendors' errors within it are unpacked. */
export function toOpenAiError(error: ServiceError): ServiceError {
  if (error.body) return error
  const { message, code = null, param = null } = vendorError(error.message)
  const { body } = shaped(error.status, message, param, code)
  return body ? { ...error, body } : error
}

/** A response that is an error, in OpenAI's shape; what is no JSON of OCI's stays as it is. */
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

/** OpenAI's `{"error":{"message"}}` and xAI's `{"error":"message"}`, within OCI's message. */
function vendorError(message: string): VendorError {
  if (!message.startsWith('{')) return { message }
  const { error } = JSON.parse(message)
  return typeof error === 'string' ? { message: error } : error
}

function shaped(
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
