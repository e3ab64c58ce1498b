import type { Context } from 'hono'
import * as v from 'valibot'
import { HEAVY_BODY } from '../access/heavy-work.ts'
import { ApiError } from '../errors.ts'
import { findJsonExcess, type JsonLimits } from '../json-depth.ts'
import { MAX_JSON_DEPTH, type RequestLimits } from '../limits.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { checkCounts } from './check-counts.ts'
import type { RouteContext } from './context.ts'
import { receiveBody } from './read-text.ts'

/**
 * Reads a request's body as JSON and validates it against `schema`; the first problem names its
 * place. The bytes count against the body budget until the request is over, since a runtime may
 * retain what it sends for as long as the answer streams.
 */
export async function readJson<S extends v.GenericSchema>(
  c: Context<GatewayEnvironment>,
  schema: S,
  { body, limits }: Pick<RouteContext, 'body' | 'limits'>,
): Promise<v.InferOutput<S>> {
  refuseForms(c.req.raw)
  const reservation = body.budget.reserve(c.get('client'))
  c.get('lifecycle').onEnd(() => reservation.release())
  const received = await receiveBody(c.req.raw, { ...body, reservation })
  const yieldToEventLoop = received.bytes < HEAVY_BODY ? undefined : body.yieldToEventLoop
  c.set('yieldToEventLoop', yieldToEventLoop)
  await yieldToEventLoop?.()
  const text = received.takeText()
  checkStructure(text, limits)
  await yieldToEventLoop?.()
  const json = parse(text)
  checkCounts(json, limits)
  await yieldToEventLoop?.()
  const valid = validate(schema, json)
  // The translation that follows is the third piece of work.
  await yieldToEventLoop?.()
  return valid
}

/** What `schema` makes of a body that was read; the first problem names its place. */
export function validate<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, body, { abortEarly: true })
  if (result.success) return result.output
  const issue = innermost(result.issues[0])
  const param = placeOf(issue.path)
  throw new ApiError('invalid_request', describe(issue, param), { param })
}

/** JSON under another name is read all the same: curl sends it as a form unless told otherwise. */
function refuseForms(request: Request): void {
  const type = request.headers.get('content-type') ?? ''
  if (!/^multipart\//i.test(type)) return
  throw new ApiError(
    'unsupported_media_type',
    'Cannot read the body: it must be JSON, not a multipart form',
  )
}

function checkStructure(text: string, { maxJsonValues }: RequestLimits): void {
  const excess = findJsonExcess(text, { depth: MAX_JSON_DEPTH, values: maxJsonValues })
  if (excess !== undefined) throw tooComplex(excess, maxJsonValues)
}

function parse(text: string): object {
  let json: unknown
  try {
    // Not every runtime strips the byte order mark that some editors leave.
    json = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch (cause) {
    const state = text.trim() === '' ? 'it is empty' : 'it is not JSON'
    throw new ApiError('invalid_request', `Cannot read the body: ${state}`, { cause })
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json
  throw new ApiError('invalid_request', 'Cannot read the body: it must be a JSON object')
}

function tooComplex(excess: keyof JsonLimits, maxJsonValues: number): ApiError {
  const state = excess === 'depth'
    ? `it is nested more than ${MAX_JSON_DEPTH} levels deep`
    : `it has more than ${maxJsonValues} JSON values (limits.maxJsonValues)`
  return new ApiError('invalid_request', `Cannot read the body: ${state}`, { reason: 'limit' })
}

/** Where one of several shapes was expected, the shape that came furthest says what is wrong. */
function innermost(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> {
  const depthOf = (inner: v.BaseIssue<unknown>) => inner.path?.length ?? 0
  const deepest = (issue.issues ?? []).reduce<v.BaseIssue<unknown> | undefined>(
    (best, inner) => best && depthOf(best) >= depthOf(inner) ? best : inner,
    undefined,
  )
  if (!deepest || depthOf(deepest) === 0) return issue
  const within = innermost(deepest)
  // valibot gives the path of a shape's issue from that shape on.
  return { ...within, path: joinPaths(issue.path, within.path) }
}

type Path = v.BaseIssue<unknown>['path']

function joinPaths(outer: Path, inner: Path): Path {
  const [first, ...rest] = [...(outer ?? []), ...(inner ?? [])]
  return first && [first, ...rest]
}

/** What was received is told in short: it may be a whole picture. */
const LONGEST_QUOTE = 60

function describe(issue: v.BaseIssue<unknown>, param: string | undefined): string {
  const place = param === undefined ? 'the body' : `"${param}"`
  const { message, expected, received } = issue
  if (received === 'undefined') return `Cannot read ${place}: it is missing`
  if (message.startsWith('must ')) return `Cannot read ${place}: it ${message}`
  const wish = expected === null ? 'another value' : expected.replaceAll(/[()]/g, '')
  return `Cannot read ${place}: it must be ${wish}, not ${received.slice(0, LONGEST_QUOTE)}`
}

/** Where the fault is, as OpenAI writes it: `messages[0].content`. A client's own key is cut. */
function placeOf(path: Path): string | undefined {
  const place = (path ?? []).map(({ key }) => {
    const text = String(key).slice(0, LONGEST_QUOTE)
    return /^\d{1,60}$/.test(text) ? `[${text}]` : `.${text}`
  }).join('')
  return place === '' ? undefined : place.replace(/^\./, '')
}
