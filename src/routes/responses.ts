import { Hono } from 'hono'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { encodeErrorEvent } from '../openai/responses/error-event.ts'
import { ResponsesRequest } from '../openai/responses/schema.ts'
import type { RouteContext } from './context.ts'
import { followClient } from './follow-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { passOn } from './pass-on.ts'
import { readJson } from './read-json.ts'

/**
 * `POST /responses`, `GET` and `DELETE /responses/{id}`: where OCI serves OpenAI's Responses itself,
 * stored ones too, they are passed on.
 */
export function responses({ oci, bodyLimit, heartbeat }: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .post('/responses', async (c) => {
      const body = await readJson(c.req.raw, ResponsesRequest, bodyLimit)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['stream'] = body.stream
      const abort = followClient(c.req.raw.signal)
      const call = { signal: abort.signal, requestId: c.get('requestId') }
      const request = { path: '/responses', body, asked: body.model, only: true } as const
      const relayed = await oci.relay(request, call)
      if (!relayed) throw notServed(body.model)
      return passOn(c, relayed, {
        abort,
        heartbeat: { text: ': keep-alive\n\n', ms: heartbeat },
        errorEvent: encodeErrorEvent,
      })
    })
    .on(['GET', 'DELETE'], '/responses/:id', async (c) => {
      const { signal } = followClient(c.req.raw.signal)
      const method = c.req.method === 'DELETE' ? 'DELETE' : 'GET'
      const call = { signal, requestId: c.get('requestId') }
      const answer = await oci.relayStored(method, c.req.param('id'), call)
      return c.json(answer.value, 200, replyHeaders(answer))
    })
    .all('/responses/:id', methodNotAllowed('GET', 'DELETE'))
    .all('/responses', methodNotAllowed('POST'))
}

function notServed(model: string): ApiError {
  return new ApiError('invalid_request', `Cannot use "${model}" with the Responses API`, {
    param: 'model',
  })
}
