import { type Context, Hono } from 'hono'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { isOurResponse } from '../openai/responses/identity.ts'
import { listItems } from '../openai/responses/list-items.ts'
import { HOW_TO_STORE } from '../openai/responses/recall.ts'
import type { ResponseStore } from '../openai/responses/store.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'

/**
 * `GET` and `DELETE /responses/{id}`, `GET /responses/{id}/input_items`: of responses made here, if
 * they are kept; all others are OCI's.
 */
export function storedResponses(context: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .on(['GET', 'DELETE'], '/responses/:id', async (c) => {
      const id = c.req.param('id')
      const method = c.req.method === 'DELETE' ? 'DELETE' : 'GET'
      if (!isOurResponse(id)) {
        return await passOnStored(c, method, `/${encodeURIComponent(id)}`, context)
      }
      refuseReplay(c)
      return c.json(await (method === 'DELETE' ? remove : read)(c, id, context))
    })
    .get('/responses/:id/input_items', async (c) => {
      const id = c.req.param('id')
      const path = `/${encodeURIComponent(id)}/input_items`
      if (!isOurResponse(id)) return await passOnStored(c, 'GET', path, context)
      const found = await storeOf(context).get(id, ownerOf(c))
      if (!found) throw notKept(id)
      return c.json(listItems(found.input, c.req.query()))
    })
    .all('/responses/:id', methodNotAllowed('GET', 'DELETE'))
    .all('/responses/:id/input_items', methodNotAllowed('GET'))
}

async function read(
  c: Context<GatewayEnvironment>,
  id: string,
  context: RouteContext,
): Promise<object> {
  const found = await storeOf(context).get(id, ownerOf(c))
  if (!found) throw notKept(id)
  return found.response
}

async function remove(
  c: Context<GatewayEnvironment>,
  id: string,
  context: RouteContext,
): Promise<object> {
  if (!await storeOf(context).delete(id, ownerOf(c))) throw notKept(id)
  return { id, object: 'response', deleted: true }
}

async function passOnStored(
  c: Context<GatewayEnvironment>,
  method: 'GET' | 'DELETE',
  path: string,
  { oci, total }: RouteContext,
): Promise<Response> {
  const { search } = new URL(c.req.url)
  const call = callContext(c, abortWithClient(c, total))
  const answer = await oci.relayStored(method, path + search, call)
  return c.json(answer.value, 200, replyHeaders(answer))
}

/** A response that has ended is not told event by event again. */
function refuseReplay(c: Context<GatewayEnvironment>): void {
  if (c.req.query('stream') !== 'true') return
  throw new ApiError('invalid_request', 'Cannot stream a response again: leave "stream" out', {
    param: 'stream',
  })
}

function ownerOf(c: Context<GatewayEnvironment>): string {
  return c.get('client')
}

function storeOf({ responses }: RouteContext): ResponseStore {
  if (responses) return responses
  throw new ApiError(
    'invalid_request',
    `Cannot find the response: none is kept; ${HOW_TO_STORE}`,
  )
}

function notKept(id: string): ApiError {
  return new ApiError('not_found', `Cannot find the response "${id}": it is not kept here`)
}
