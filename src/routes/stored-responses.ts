import { type Context, Hono } from 'hono'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { encodeErrorEvent } from '../openai/responses/error.ts'
import { isGatewayResponse } from '../openai/responses/identity.ts'
import { listItems } from '../openai/responses/list-items.ts'
import { HOW_TO_STORE } from '../openai/responses/recall.ts'
import type { ResponseStore } from '../openai/responses/store.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { relayAnswer } from './pass-on.ts'
import { checkOwner } from './stored-access.ts'
import { readStoredQuery, type StoredOperation } from './stored-query.ts'

/**
 * `GET` and `DELETE /responses/{id}`, `GET /responses/{id}/input_items`: of responses made here, if
 * they are kept; all others are OCI's.
 */
export function storedResponses(context: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .on(['GET', 'DELETE'], '/responses/:id', async (c) => {
      const id = checkId(c.req.param('id'))
      const isDeletion = c.req.method === 'DELETE'
      if (!isGatewayResponse(id)) {
        return await passOnStored(c, id, isDeletion ? 'delete' : 'retrieve', context)
      }
      refuseReplay(c)
      return c.json(await (isDeletion ? remove : read)(c, id, context))
    })
    .get('/responses/:id/input_items', async (c) => {
      const id = checkId(c.req.param('id'))
      if (!isGatewayResponse(id)) return await passOnStored(c, id, 'list-items', context)
      const found = await storeOf(context).get(id, ownerOf(c))
      if (!found) throw notKept(id)
      return c.json(listItems(found.input, c.req.query()))
    })
    .all('/responses/:id', methodNotAllowed('GET', 'DELETE'))
    .all('/responses/:id/input_items', methodNotAllowed('GET'))
}

/** It becomes a part of a signed path, so that nothing else may be in it. */
function checkId(id: string): string {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(id)) return id
  throw new ApiError(
    'invalid_request',
    '"response_id" must be 1 to 128 letters, digits, "_" or "-"',
    { param: 'response_id' },
  )
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
  id: string,
  operation: StoredOperation,
  context: RouteContext,
): Promise<Response> {
  const { oci, total, heartbeat, responseOwners } = context
  const { parameters, warnings } = readStoredQuery(new URL(c.req.url).searchParams, operation)
  checkOwner(c, id, context)
  const abort = abortWithClient(c, total)
  const answer = await oci.relayStored({
    method: operation === 'delete' ? 'DELETE' : 'GET',
    id,
    part: operation === 'list-items' ? 'input_items' : undefined,
    query: parameters,
  }, callContext(c, abort))
  if (operation === 'delete') responseOwners?.forget(id)
  return relayAnswer(c, { ...answer, warnings }, {
    abort,
    heartbeat: { text: ': keep-alive\n\n', ms: heartbeat },
    errorEvent: encodeErrorEvent,
  })
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
