import { isRefusal, type Refusal } from '../refusal.ts'

/** What OpenAI calls the causes of a refusal. */
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
): Refusal {
  return shaped(400, message, param, code)
}

/** What OpenAI says of a model it does not have. */
export function unknownModel(name: string): Refusal {
  const message = `The model \`${name}\` does not exist or you do not have access to it.`
  return shaped(404, message, 'model', 'model_not_found')
}

/** What OpenAI says of what is not there. */
export function absent(message: string): Refusal {
  return shaped(404, message, null, null)
}

/** Seen for the vendors that this endpoint leaves out, in OCI's shape. */
export function unsupportedOperation(reason: string): Refusal {
  return { status: 400, code: '400', message: 'Unsupported OpenAI operation', reason }
}

/** A refusal in OpenAI's shape, whoever it comes from: vendors' errors within it are unpacked. */
export function openAiRefusal(refusal: Refusal): Refusal {
  if (refusal.body) return refusal
  const { message, code = null, param = null } = vendorError(refusal.message)
  const { body } = shaped(refusal.status, message, param, code)
  return body ? { ...refusal, body } : refusal
}

/** A response that is an error, in OpenAI's shape; what is no JSON of OCI's stays as it is. */
export async function openAiResponse(response: Response): Promise<Response> {
  if (!response.headers.get('content-type')?.startsWith('application/json')) return response
  const refusal: object = await response.clone().json()
  if (!isRefusal(refusal)) return response
  const { body } = openAiRefusal({ ...refusal, status: response.status })
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
): Refusal {
  const type = TYPES.get(status) ?? 'server_error'
  const body = { error: { message, type, param, code } }
  return { status, code: String(status), message, body, reason: message }
}

function withoutLength(headers: Headers): Headers {
  const kept = new Headers(headers)
  kept.delete('content-length')
  return kept
}
