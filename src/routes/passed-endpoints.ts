import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import type { AbortHandle } from '../abort.ts'
import { ApiError } from '../errors.ts'
import { isJsonObject } from '../json-object.ts'
import { checkModelName } from '../limits.ts'
import { dialectOf } from '../middleware/dialect.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { QueryParameter } from '../oci/http/upstream-url.ts'
import type { PassedBody, PassedRequest } from '../oci/relay/pass-through.ts'
import { type Endpoint, ENDPOINTS, OBJECT_NAMES } from '../openai/endpoints.ts'
import { boundaryOf, FormScanner } from '../openai/form-scanner.ts'
import { isGatewayResponse } from '../openai/responses/identity.ts'
import { abortWithClient } from './abort-with-client.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { type ObjectAccess, objectAccess } from './object-access.ts'
import { listOwned } from './owned-list.ts'
import { passedAnswer } from './passed-answer.ts'
import { readPassedQuery } from './passed-query.ts'
import { readBody } from './read-json.ts'
import { receiveUpload } from './receive-upload.ts'

/** The endpoints that OCI serves in OpenAI's form: requests are checked, signed and passed on. */
export function passedEndpoints(context: RouteContext): Hono<GatewayEnvironment> {
  const app = new Hono<GatewayEnvironment>()
  for (const endpoint of ENDPOINTS) {
    app.on(endpoint.method, endpoint.path, (c) => pass(c, endpoint, context))
  }
  for (const [path, endpoints] of Map.groupBy(ENDPOINTS, ({ path }) => path)) {
    app.all(path, methodNotAllowed(...endpoints.map(({ method }) => method)))
  }
  return app
}

async function pass(
  c: Context<GatewayEnvironment>,
  endpoint: Endpoint,
  context: RouteContext,
): Promise<Response> {
  const { oci, heartbeat, total } = context
  if (dialectOf(c.req) === 'anthropic') throw notAnthropic(c.req.path, endpoint)
  const access = objectAccess(c, context)
  const segments = segmentsOf(c, endpoint)
  const { query, warnings } = readPassedQuery(new URL(c.req.url).searchParams)
  const { id } = c.req.param() as { id?: string }
  if (id !== undefined) await checkObject(id, endpoint, access)
  if (endpoint.effect === 'list') await checkCursors(query, endpoint, access)
  const abort = abortWithClient(c, total)
  const { body, model } = await readPassedBody(c, endpoint, { ...context, access, abort })
  if (model !== undefined) c.get('log')['model'] = model.slice(0, 200)
  const call = callContext(c, abort)
  const request: PassedRequest = {
    ...{ segments, query, body, model, service: `oci-${endpoint.group}` },
    ...{ method: endpoint.method, host: endpoint.host, answer: endpoint.answer },
    ...{ needsProject: endpoint.needsProject },
    ...endpoint.group === 'responses' ? { region: 'found', access } : { region: 'first' },
    repeats: endpoint.method === 'GET' || endpoint.hasModel ? 'always' : 'refused',
  }
  const answer = access && endpoint.effect === 'list'
    ? await listOwned(request, { oci, call, access, limits: context.limits })
    : await oci.passThrough(request, call)
  const { value } = answer
  if (value.type === 'whole' || value.type === 'empty') {
    const sent = body?.type === 'json' ? body.json : undefined
    await recordEffect(value.type === 'whole' ? value.json : {}, { id, sent }, endpoint, access)
  }
  const warned = { ...answer, warnings: [...warnings, ...answer.warnings] }
  return passedAnswer(c, warned, { group: endpoint.group, abort, heartbeat })
}

/** Anthropic's API has files, too, with other requests and answers. */
function notAnthropic(path: string, { group }: Endpoint): ApiError {
  const message = `OCI has no ${group.replace('_', ' ')} of Anthropic's API`
  return new ApiError('not_found', `${message}: "${path.slice(0, 200)}" is not available`)
}

/** The segments of OCI's path. Parameters are restricted, because the path is signed. */
function segmentsOf(c: Context<GatewayEnvironment>, { path }: Endpoint): string[] {
  return path.split('/').slice(1).map((segment) => {
    if (!segment.startsWith(':')) return segment
    const value = c.req.param(segment.slice(1)) ?? ''
    if (/^[A-Za-z0-9_-]{1,128}$/.test(value)) return value
    const message = 'An id must be 1 to 128 letters, digits, "_" or "-"'
    throw new ApiError('invalid_request', message, { param: segment.slice(1) })
  })
}

async function checkObject(
  id: string,
  { group }: Endpoint,
  access: ObjectAccess | undefined,
): Promise<void> {
  if (group === 'responses' && isGatewayResponse(id)) {
    throw new ApiError('invalid_request', 'Only a response in the background can be cancelled')
  }
  await access?.checkId(id, OBJECT_NAMES[group])
}

/** OCI would answer in another way to an id of another client than to one that does not exist. */
async function checkCursors(
  query: readonly QueryParameter[],
  { group }: Endpoint,
  access: ObjectAccess | undefined,
): Promise<void> {
  for (const [name, id] of query) {
    if (name === 'after' || name === 'before') await access?.checkId(id, OBJECT_NAMES[group])
  }
}

const AnyObject = v.looseObject({})
const NamedModel = v.looseObject({ model: v.pipe(v.string(), v.minLength(1, 'must not be empty')) })

interface BodyContext extends RouteContext {
  access: ObjectAccess | undefined
  abort: AbortHandle
}

async function readPassedBody(
  c: Context<GatewayEnvironment>,
  endpoint: Endpoint,
  context: BodyContext,
): Promise<{ body?: PassedBody; model?: string | undefined }> {
  if (endpoint.body === 'none') return {}
  const contentType = c.req.header('content-type') ?? ''
  const isForm = /^multipart\/form-data\b/i.test(contentType)
  if (endpoint.body === 'json' || (endpoint.body === 'fields' && !isForm)) {
    const schema = endpoint.hasModel ? NamedModel : AnyObject
    const { received: json } = await readBody(c, schema, context)
    await context.access?.check(json)
    const model = endpoint.hasModel ? String(json['model']) : undefined
    if (model !== undefined) checkModelName(model)
    return { body: { type: 'json', json }, model }
  }
  if (isForm) return await readForm(c, { ...endpoint, contentType }, context)
  const message = 'The request body must be a multipart form (multipart/form-data)'
  throw new ApiError('unsupported_media_type', message)
}

/** Fields of forms with a meaning for the gateway. */
const FIELDS = new Set(['model', 'file_id', 'file_ids'])

async function readForm(
  c: Context<GatewayEnvironment>,
  { body: kind, hasModel, contentType }: Endpoint & { contentType: string },
  { oci, platform, body: limits, access, abort }: BodyContext,
): Promise<{ body: PassedBody; model?: string | undefined }> {
  // OCI would only find out when the whole form has arrived.
  boundaryOf(contentType)
  const models: string[] = []
  const ids: string[] = []
  const onField = (name: string, value: string): string => {
    if (name !== 'model') ids.push(value)
    else {
      checkModelName(value)
      models.push(value)
    }
    return name === 'model' && hasModel ? oci.modelOf(value) : value
  }
  const scanner = kind === 'fields'
    ? new FormScanner({ contentType, fields: FIELDS, onField })
    : undefined
  const options = { body: limits, platform, contentType, scanner, isSigned: oci.signsBodies, abort }
  const body = await receiveUpload(c, options)
  await access?.check({ file_ids: ids })
  if (!hasModel) return { body }
  const [model, second] = models
  if (model !== undefined && second === undefined) return { body, model }
  const problem = model === undefined ? 'is required' : 'must occur once'
  throw new ApiError('invalid_request', `"model" ${problem}`, { param: 'model' })
}

/** What an answer changes. `sent`: the client's JSON. */
interface Change {
  id: string | undefined
  sent: Readonly<Record<string, unknown>> | undefined
}

/** Records new objects and items, and forgets a deleted object. */
async function recordEffect(
  json: object,
  { id, sent }: Change,
  { method, path, effect }: Endpoint,
  access: ObjectAccess | undefined,
): Promise<void> {
  if (!access) return
  if (effect === 'delete' && id !== undefined) return await access.forget(id)
  const { id: created, data } = json as { id?: unknown; data?: unknown }
  if (effect === 'create' && typeof created === 'string') access.record([created], 'object')
  if (method === 'POST' && path.endsWith('/items')) {
    // A client does not become the owner of an id by choosing it.
    const chosen = new Set(idsOf(sent?.['items']))
    access.record(idsOf(data).filter((id) => !chosen.has(id)), 'response')
  }
  await access.recorded()
}

function idsOf(items: unknown): string[] {
  return (Array.isArray(items) ? items : []).flatMap((item) =>
    isJsonObject(item) && typeof item['id'] === 'string' ? item['id'] : []
  )
}
