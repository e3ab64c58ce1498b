import type { Context } from 'hono'
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
  abort: AbortController,
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

function streamOf(
  { batches: source }: PassedBytes,
  abort: AbortController,
  finish: (outcome: 'complete' | 'failed' | 'client_closed') => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const batches = source[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await batches.next()
        if (!done) return controller.enqueue(value)
        finish('complete')
        controller.close()
      } catch (error) {
        finish(abort.signal.aborted ? 'client_closed' : 'failed')
        controller.error(error)
      }
    },
    async cancel(reason) {
      finish('client_closed')
      abort.abort(reason)
      await batches.return?.()
    },
  }, { highWaterMark: 0 })
}
