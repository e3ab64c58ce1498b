import type { ErrorHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { encodeError as encodeAnthropicError, statusOf } from '../anthropic/error.ts'
import { type ApiError, clientClosed, toApiError } from '../errors.ts'
import { encodeError } from '../openai/error.ts'
import type { Platform } from '../platform.ts'
import type { GatewayEnvironment } from './environment.ts'
import { type Dialect, dialectOf } from './dialect.ts'
import { replyHeaders } from './reply-headers.ts'

/** Renders an error in the format of the path's client API. Its cause is only logged. */
export function renderError(platform: Platform): ErrorHandler<GatewayEnvironment> {
  return function renderError(thrown, c) {
    // A disconnected client causes other errors, such as an incomplete body.
    const error = c.req.raw.signal.aborted ? clientClosed(thrown) : toApiError(thrown)
    const { code, reason, opcRequestId, region, attempts, exhausted } = error
    const retryAfter = error.retryAfter ?? (code === 'rate_limit_exceeded' ? 1 : undefined)
    if (c.get('log')) Object.assign(c.get('log'), { error: code, reason, opcRequestId })
    if (code === 'internal_error') {
      platform.log({
        level: 'error',
        event: 'internal_error',
        requestId: c.get('requestId'),
        cause: locationOf(error.cause),
      })
    }
    const headers = {
      ...replyHeaders({ opcRequestId, region, attempts, warnings: [] }),
      // OpenAI's clients would repeat the retries that the gateway has already made.
      ...(exhausted && { 'x-should-retry': 'false' }),
      ...(retryAfter !== undefined &&
        { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }),
    }
    const { body, status } = renderApiError(error, dialectOf(c.req), c.get('requestId'))
    return c.json(body, status, headers)
  }
}

/** Encodes an error in the format and with the status of a client API. */
export function renderApiError(
  error: ApiError,
  dialect: Dialect,
  requestId: string | undefined,
): { body: object; status: ContentfulStatusCode } {
  switch (dialect) {
    case 'anthropic':
      return { body: encodeAnthropicError(error, requestId), status: toHonoStatus(statusOf(error)) }
    case 'openai':
      return { body: encodeError(error), status: toHonoStatus(error.status) }
  }
}

/** Hono's type lacks 499, which is logged when the client disconnects, and Anthropic's 529. */
function toHonoStatus(status: number): ContentfulStatusCode {
  return status as ContentfulStatusCode
}

/** The name and stack of a defect, without its message, which may quote a conversation. */
function locationOf(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause
  return `${cause.name} ${cause.stack?.split('\n').slice(1, 4).join(' ').trim() ?? ''}`
}
