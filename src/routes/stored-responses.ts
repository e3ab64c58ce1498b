import { type Context, Hono } from 'hono'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { isGatewayResponse } from '../openai/responses/identity.ts'
import { listItems } from '../openai/responses/list-items.ts'
import { HOW_TO_STORE } from '../openai/responses/recall.ts'
import type { ResponseStore } from '../openai/responses/store.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { ownerOf } from './owner.ts'
import { objectAccess } from './object-access.ts'
import { passedAnswer } from './passed-answer.ts'
import { readStoredQuery, type StoredOperation } from './stored-query.ts'

/**
 * `GET` and `DELETE /responses/{id}`, `GET /responses/{id}/input_items`. Responses of the gateway are
 * in its own store, all others are passed on to OCI.
 */
export function storedResponses(context: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .on(['GET', 'DELETE'], '/responses/:id', async (c) => {
      const id = checkId(c.req.param('id'))
      const isDeletion = c.req.method === 'DELETE'
      if (!isGatewayResponse(id)) {
        return await passStored(c, id, isDeletion ? 'delete' : 'retrieve', context)
      }
      rejectStream(c)
      return c.json(await (isDeletion ? remove : read)(c, id, context))
    })
    .get('/responses/:id/input_items', async (c) => {
      const id = checkId(c.req.param('id'))
      if (!isGatewayResponse(id)) return await passStored(c, id, 'list-items', context)
      const found = await storeOf(context).get(id, ownerOf(c))
      if (!found) throw notStored(id)
      return c.json(listItems(found.input, c.req.query()))
    })
    .all('/responses/:id', methodNotAllowed('GET', 'DELETE'))
    .all('/responses/:id/input_items', methodNotAllowed('GET'))
}

/** Restricts the characters of an id, because it becomes a segment of a signed path. */
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
  if (!found) throw notStored(id)
  return found.response
}

async function remove(
  c: Context<GatewayEnvironment>,
  id: string,
  context: RouteContext,
): Promise<object> {
  if (!await storeOf(context).delete(id, ownerOf(c))) throw notStored(id)
  return { id, object: 'response', deleted: true }
}

async function passStored(
  c: Context<GatewayEnvironment>,
  id: string,
  operation: StoredOperation,
  context: RouteContext,
): Promise<Response> {
  const { oci, total, heartbeat } = context
  const { parameters: query, warnings } = readStoredQuery(
    new URL(c.req.url).searchParams,
    operation,
  )
  const access = objectAccess(c, context)
  await access?.checkId(id, 'response')
  const abort = abortWithClient(c, total)
  const answer = await oci.passThrough({
    ...{ segments: segmentsOf(id, operation), query, host: 'inference', answer: 'json' },
    ...operation === 'delete'
      ? { method: 'DELETE', repeats: 'refused' }
      : { method: 'GET', repeats: 'always' },
    ...{ service: 'oci-responses', needsProject: true, region: 'found' },
    access: operation === 'retrieve' ? access : undefined,
    ends: query.some(([name]) => name === 'starting_after') ? 'resumed' : 'response',
  }, callContext(c, abort))
  if (operation === 'delete') await access?.forget(id)
  const warned = { ...answer, warnings: [...warnings, ...answer.warnings] }
  return passedAnswer(c, warned, { group: 'responses', abort, heartbeat })
}

function segmentsOf(id: string, operation: StoredOperation): string[] {
  return ['responses', id, ...operation === 'list-items' ? ['input_items'] : []]
}

/** The store has complete responses without their events. */
function rejectStream(c: Context<GatewayEnvironment>): void {
  if (c.req.query('stream') !== 'true') return
  throw new ApiError('invalid_request', '"stream" is not supported for a stored response', {
    param: 'stream',
  })
}

function storeOf({ responses }: RouteContext): ResponseStore {
  if (responses) return responses
  throw new ApiError(
    'invalid_request',
    `This gateway stores no responses; ${HOW_TO_STORE}`,
  )
}

function notStored(id: string): ApiError {
  return new ApiError('not_found', `No such response: "${id}". It was not stored or has expired`)
}
