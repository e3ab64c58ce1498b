import { isJsonObject } from '../json-object.ts'
import type { Context } from 'hono'
import * as v from 'valibot'
import { HEAVY_BODY } from '../access/heavy-work.ts'
import { warnOfUnknown } from '../chat/warnings.ts'
import { ApiError } from '../errors.ts'
import { describeExpected } from '../expected-type.ts'
import { findJsonExcess, type JsonLimits } from '../json-depth.ts'
import { MAX_JSON_DEPTH, type RequestLimits } from '../limits.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { runInSteps } from '../steps.ts'
import { recordAttribution } from './attribution.ts'
import { checkCounts } from './check-counts.ts'
import { type Encoding, encodingsOf } from './content-encoding.ts'
import type { BodyLimits, RouteContext } from './context.ts'
import { receiveBody } from './read-text.ts'
import { clientOf } from '../middleware/identify-client.ts'

/** A request's body, as it was received and as its schema reads it. */
export interface ReadBody<Valid> {
  /** With all members, unchanged. */
  received: Readonly<Record<string, unknown>>
  /** The members of the schema, with its defaults. */
  valid: Valid
}

/** Like `readBody()`, for requests that are never relayed. */
export async function readJson<S extends v.GenericSchema>(
  c: Context<GatewayEnvironment>,
  schema: S,
  context: Pick<RouteContext, 'body' | 'limits'>,
): Promise<v.InferOutput<S>> {
  return (await readBody(c, schema, context)).valid
}

/**
 * Reads a request's body as JSON and validates it against `schema`. Throws an `invalid_request` that
 * names the first invalid field. The bytes count against the body budget until the request ends,
 * because a runtime may retain the body while the answer streams.
 */
export async function readBody<S extends v.GenericSchema>(
  c: Context<GatewayEnvironment>,
  schema: S,
  { body, limits }: Pick<RouteContext, 'body' | 'limits'>,
): Promise<ReadBody<v.InferOutput<S>>> {
  rejectForms(c.req.raw)
  const encodings = readEncodings(c, body)
  const reservation = body.budget.reserve(clientOf(c))
  const { timers, onEnd } = c.get('lifecycle')
  onEnd(() => reservation.release())
  const openBody = c.env?.openBody
  const bytes = await receiveBody(c.req.raw, { ...body, reservation, encodings, openBody, timers })
  const yieldToEventLoop = bytes.bytes < HEAVY_BODY ? undefined : body.yieldToEventLoop
  c.set('yieldToEventLoop', yieldToEventLoop)
  if (yieldToEventLoop) await yieldToEventLoop()
  const taken = runInSteps(bytes.takeText(), yieldToEventLoop)
  const text = taken instanceof Promise ? await taken : taken
  if (yieldToEventLoop) await yieldToEventLoop()
  checkStructure(text, limits)
  if (yieldToEventLoop) await yieldToEventLoop()
  const json = withDeployment(parse(text, encodings), c.req.param('deployment'))
  checkCounts(json, limits)
  recordAttribution(c, json)
  if (yieldToEventLoop) await yieldToEventLoop()
  const valid = validate(schema, json)
  // The translation that follows is another step of work.
  if (yieldToEventLoop) await yieldToEventLoop()
  return { received: json, valid }
}

/** Validates a parsed body. Throws an `invalid_request` that names the first invalid field. */
export function validate<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, body, { abortEarly: true })
  if (result.success) return result.output
  const issue = innermost(result.issues[0])
  const param = placeOf(issue.path)
  throw new ApiError('invalid_request', describe(issue, param), { param })
}

/** Fields without effect on an answer, for which there is no warning. */
const IGNORED_FIELDS = new Set(['user', 'safety_identifier'])

/** Returns a warning for each field that has a value and is not in the schema, field first. */
export function unknownMembers(
  body: Readonly<Record<string, unknown>>,
  { entries }: { entries: object },
): readonly string[] {
  return warnOfUnknown(body, (key) => Object.hasOwn(entries, key) || IGNORED_FIELDS.has(key))
}

/** Accepts other content types for JSON: curl sends a body as a form by default. */
function rejectForms(request: Request): void {
  const type = request.headers.get('content-type') ?? ''
  if (!/^multipart\//i.test(type)) return
  throw new ApiError(
    'unsupported_media_type',
    'The request body must be JSON, not a multipart form',
  )
}

function readEncodings(
  c: Context<GatewayEnvironment>,
  { decompressors }: BodyLimits,
): readonly Encoding[] {
  try {
    return encodingsOf(c.req.raw, decompressors)
  } catch (error) {
    // Clients may read the supported encodings from it (RFC 9110, 15.5.16).
    if (decompressors) c.header('accept-encoding', [...decompressors.keys()].join(', '))
    throw error
  }
}

function checkStructure(text: string, { maxJsonValues }: RequestLimits): void {
  const excess = findJsonExcess(text, { depth: MAX_JSON_DEPTH, values: maxJsonValues })
  if (excess !== undefined) throw tooComplex(excess, maxJsonValues)
}

function parse(text: string, encodings: readonly Encoding[]): Readonly<Record<string, unknown>> {
  let json: unknown
  try {
    // Some editors write a byte order mark, and not every runtime removes it.
    json = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch (cause) {
    const message = text.trim() === ''
      ? 'The request body is empty. Send a JSON object'
      : 'The request body must be valid JSON'
    throw new ApiError('invalid_request', message + hintOf(encodings), { cause })
  }
  if (isJsonObject(json)) return json
  throw new ApiError('invalid_request', 'The request body must be a JSON object')
}

/** Not every runtime reports that a `br` or `zstd` body is incomplete. */
function hintOf(encodings: readonly Encoding[]): string {
  if (encodings.length === 0) return ''
  const names = encodings.map(({ name }) => name).join(', ')
  return `. The body was decoded as ${names} and may be incomplete`
}

/** In Azure's paths, the deployment is the model. */
function withDeployment(
  json: ReadBody<unknown>['received'],
  deployment: string | undefined,
): ReadBody<unknown>['received'] {
  return deployment === undefined ? json : { ...json, model: deployment }
}

function tooComplex(excess: keyof JsonLimits, maxJsonValues: number): ApiError {
  const message = excess === 'depth'
    ? `The request body must be nested at most ${MAX_JSON_DEPTH} levels deep`
    : `The request body must have at most ${maxJsonValues} JSON values (limits.maxJsonValues)`
  return new ApiError('invalid_request', message, { reason: 'limit' })
}

/** The issue of the alternative in a union that matched deepest, because it is the most specific. */
function innermost(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> {
  const depthOf = (inner: v.BaseIssue<unknown>) => inner.path?.length ?? 0
  const deepest = (issue.issues ?? []).reduce<v.BaseIssue<unknown> | undefined>(
    (best, inner) => best && depthOf(best) >= depthOf(inner) ? best : inner,
    undefined,
  )
  if (!deepest || depthOf(deepest) === 0) return issue
  const within = innermost(deepest)
  // In valibot, the path of an alternative's issue is relative to the alternative.
  return { ...within, path: joinPaths(issue.path, within.path) }
}

type Path = v.BaseIssue<unknown>['path']

function joinPaths(outer: Path, inner: Path): Path {
  const [first, ...rest] = [...(outer ?? []), ...(inner ?? [])]
  return first && [first, ...rest]
}

/** Characters of a value or key in a message: a value may be a whole image. */
const MAX_QUOTE_LENGTH = 60

function describe(issue: v.BaseIssue<unknown>, param: string | undefined): string {
  const place = param === undefined ? 'The request body' : `"${param}"`
  const { message, expected, received } = issue
  if (received === 'undefined') return `${place} is required`
  if (message.startsWith('must ')) return `${place} ${message}`
  const value = received.slice(0, MAX_QUOTE_LENGTH)
  return `${place} must be ${describeExpected(expected)}, not ${value}`
}

/** The path of the invalid field, as OpenAI writes it: `messages[0].content`. Truncates keys. */
function placeOf(path: Path): string | undefined {
  const place = (path ?? []).map(({ key }) => {
    const text = String(key).slice(0, MAX_QUOTE_LENGTH)
    return /^\d{1,60}$/.test(text) ? `[${text}]` : `.${text}`
  }).join('')
  return place === '' ? undefined : place.replace(/^\./, '')
}
