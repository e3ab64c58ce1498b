import type { Context } from 'hono'
import type { AbortHandle, AbortState } from '../abort.ts'
import { toApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import type { Answer } from '../oci/answer.ts'
import type { Passed } from '../oci/relay/pass-through.ts'
import { recordAnswer } from './record-usage.ts'

type PassedBytes = Extract<Passed, { type: 'bytes' }>

/**
 * Responds with bytes of any type as fast as the client reads them. If OCI's answer is cut off, so is
 * the client's connection. The request ends with the answer.
 */
export function answerBytes(
  c: Context<GatewayEnvironment>,
  { value, ...answer }: Answer<PassedBytes>,
  abort: AbortHandle,
): Response {
  const log = c.get('log')
  log['endpoint'] = 'openai'
  recordAnswer(c, answer.opcRequestId, undefined)
  const headers = {
    ...replyHeaders(answer),
    ...value.headers,
    // A stored page must not run in the origin of the gateway.
    'content-security-policy': 'sandbox',
    'x-content-type-options': 'nosniff',
  }
  if (c.req.raw.method === 'HEAD') {
    abort.abort()
    return new Response(null, { headers })
  }
  const end = c.get('lifecycle').extend()
  const stream = streamOf(value, abort, (outcome) => {
    log['outcome'] = outcome
    end()
  })
  return new Response(stream, { headers })
}

type Outcome = 'complete' | 'failed' | 'client_closed'

/** Calls `finish` once, with the first outcome. */
function streamOf(
  { batches: source }: PassedBytes,
  abort: AbortHandle,
  finish: (outcome: Outcome) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const batches = source[Symbol.asyncIterator]()
  let hasEnded = false
  const end = (outcome: Outcome): void => {
    if (!hasEnded) finish(outcome)
    hasEnded = true
  }
  const fail = (error: unknown, controller: ReadableStreamDefaultController): void => {
    if (hasEnded) return
    end(toApiError(error).code === 'client_closed' ? 'client_closed' : 'failed')
    controller.error(error)
  }
  return new ReadableStream({
    start(controller) {
      // A client that does not read would otherwise keep an aborted request open.
      onAbort(abort.signal, (reason) => fail(reason, controller))
    },
    async pull(controller) {
      try {
        const { done, value } = await batches.next()
        if (hasEnded) return
        if (!done) return controller.enqueue(value)
        end('complete')
        controller.close()
      } catch (error) {
        fail(error, controller)
      }
    },
    async cancel(reason) {
      end('client_closed')
      abort.abort(reason)
      await batches.return?.()
    },
  }, { highWaterMark: 0 })
}

function onAbort(signal: AbortState, callback: (reason: unknown) => void): void {
  if (signal.aborted) callback(signal.reason)
  else signal.addEventListener('abort', () => callback(signal.reason), { once: true })
}
