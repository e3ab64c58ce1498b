import type { ErrorHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { encodeError as encodeAnthropicError, statusOf } from '../anthropic/error.ts'
import { type ApiError, clientClosed, toApiError } from '../errors.ts'
import { encodeError } from '../openai/error.ts'
import type { Platform } from '../platform.ts'
import type { GatewayEnvironment } from './environment.ts'
import { dialectOf } from './dialect.ts'
import { replyHeaders } from './reply-headers.ts'

/** Renders an error in the shape of the path's client API; its cause goes to the log alone. */
export function renderError(platform: Platform): ErrorHandler<GatewayEnvironment> {
  return function renderError(thrown, c) {
    // Whatever a disconnected client caused, such as an incomplete body, is not our error.
    const error = c.req.raw.signal.aborted ? clientClosed(thrown) : toApiError(thrown)
    const { code, reason, opcRequestId, region, attempts, exhausted } = error
    const retryAfter = error.retryAfter ?? (code === 'rate_limit_exceeded' ? 1 : undefined)
    if (c.get('log')) Object.assign(c.get('log'), { error: code, reason, opcRequestId })
    if (code === 'internal_error') {
      platform.log({
        level: 'error',
        event: 'internal_error',
        requestId: c.get('requestId'),
        cause: nameOf(error.cause),
      })
    }
    const headers = {
      ...replyHeaders({ opcRequestId, region, attempts, warnings: [] }),
      // OpenAI's clients would each try thrice what was tried thrice.
      ...(exhausted && { 'x-should-retry': 'false' }),
      ...(retryAfter !== undefined &&
        { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }),
    }
    const { body, status } = renderApiError(error, c.req.path, c.get('requestId'))
    return c.json(body, status, headers)
  }
}

/** An error as the face of a path tells it. */
export function renderApiError(
  error: ApiError,
  path: string,
  requestId: string | undefined,
): { body: object; status: ContentfulStatusCode } {
  switch (dialectOf(path)) {
    case 'anthropic':
      return { body: encodeAnthropicError(error, requestId), status: known(statusOf(error)) }
    case 'openai':
      return { body: encodeError(error), status: known(error.status) }
  }
}

/** 499, for the log of a client that left, and 529 are not among the statuses hono knows. */
function known(status: number): ContentfulStatusCode {
  return status as ContentfulStatusCode
}

/** The place of a defect, without what may quote a conversation. */
function nameOf(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause
  return `${cause.name} ${cause.stack?.split('\n').slice(1, 4).join(' ').trim() ?? ''}`
}
