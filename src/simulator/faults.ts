import { type Directives, numberOf, textOf } from './directives.ts'
import { errorResponse, type ServiceError } from './service-error.ts'

/** OCI's body for each status: text codes come from the platform, numbers from the service. */
const BODIES = new Map<number, readonly [code: string, message: string]>([
  [400, ['400', 'Please pass in correct format of request.']],
  [401, [
    'NotAuthenticated',
    'The required information to complete authentication was not provided or was incorrect.',
  ]],
  [403, ['NotAuthorized', 'Forbidden']],
  [404, ['NotAuthorizedOrNotFound', 'Authorization failed or requested resource not found.']],
  [409, [
    'IncorrectState',
    'The requested state for the resource conflicts with its current state',
  ]],
  [413, ['413', 'Payload Too Large']],
  [429, ['TooManyRequests', 'Too many requests for the given tenancy']],
  [500, ['InternalServerError', 'Internal Server Error']],
  [503, ['ServiceUnavailable', 'Service Unavailable']],
])

/** The statuses for which OCI's load balancer responds with HTML. */
const PAGES = new Set([502, 504])

/** The response that a directive requests; `undefined` if no directive replaces the response. */
export function faultResponse(directives: Directives): Response | undefined {
  const retryAfter = textOf(directives, 'retry-after')
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
  const status = numberOf(directives, 'status')
  if (directives.has('redirect')) return redirection(textOf(directives, 'redirect') ?? '')
  if (status === 200 || (status === undefined && wantsPage(directives))) {
    return directives.has('bare') ? new Response(null) : page(200, headers)
  }
  if (status !== undefined && directives.has('bare')) return new Response(null, { status, headers })
  if (status !== undefined && (directives.has('page') || PAGES.has(status))) {
    return page(status, headers)
  }
  return status === undefined ? undefined : errorResponse({ ...errorFor(status), headers })
}

function wantsPage(directives: Directives): boolean {
  return directives.has('page') || directives.has('bare')
}

function errorFor(status: number): ServiceError {
  const [code, message] = BODIES.get(status) ?? [String(status), `Status ${status}`]
  return { status, code, message }
}

function page(status: number, headers: Readonly<Record<string, string>>): Response {
  const body = `<html><head><title>${status}</title></head><body>Gateway</body></html>`
  return new Response(body, { status, headers: { 'content-type': 'text/html', ...headers } })
}

function redirection(host: string): Response {
  const location = `https://${host || 'elsewhere.invalid'}/20231130/actions/chat`
  return new Response(null, { status: 307, headers: { location } })
}
