import type { AbortState } from '../../abort.ts'
import { ApiError } from '../../errors.ts'
import type { ByteBody, UpstreamResponse } from '../../platform.ts'
import { noBytes } from '../../sse/chunks.ts'
import { readDecoded, type ReadEnd } from '../../sse/read.ts'
import { runInSteps } from '../../steps.ts'
import type { Answer } from '../answer.ts'
import type { CallContext, PlannedUse } from '../call.ts'
import type { OciContext } from '../context.ts'
import { errorBodyOf, withoutSecrets } from '../http/error.ts'
import { openAiHeaders } from '../http/openai-endpoint.ts'
import { isEventStream, opcRequestId } from '../http/response-headers.ts'
import type { Upload } from '../http/send.ts'
import { serialize } from '../http/serialize.ts'
import { type QueryParameter, upstreamUrl } from '../http/upstream-url.ts'
import { type ResolvedModel, resolveModel } from '../models/resolve.ts'
import { attemptOptions, makeAttempts } from '../resilience/attempts.ts'
import { attemptInRegions } from '../resilience/in-regions.ts'
import type { DeferredOutcome } from '../resilience/outcome.ts'
import type { Target } from '../resilience/region-targets.ts'
import { type AnswerOptions, readAnswer, type Relayed } from './read-answer.ts'
import { reportEnd } from './report-end.ts'
import type { StoredAccess } from './stored-access.ts'

/** A request of an endpoint that OCI serves in OpenAI's form. */
export interface PassedRequest {
  method: 'GET' | 'POST' | 'DELETE'
  /** The segments of the path below `/openai/v1`. */
  segments: readonly string[]
  host: 'inference' | 'control'
  query: readonly QueryParameter[]
  body?: PassedBody | undefined
  /** The model as the client named it. */
  model?: string | undefined
  /** What the circuit and the ledger call the endpoint, if the request has no model. */
  service: string
  /** Which failed calls are repeated: those that OCI has refused, or also those with an unknown outcome. */
  repeats: 'refused' | 'always'
  /** `content`: bytes of any type. Others are read as JSON or events if they are. */
  answer: 'json' | 'content' | 'media'
  /** Whether OCI requires a project. */
  needsProject: boolean
  /**
   * `found`: a response, which is in the region whose model has answered. Other objects are all in the
   * `first` one.
   */
  region: 'first' | 'found'
  /** Records the items of a response; absent if every client may use all. */
  access?: StoredAccess | undefined
  /** How a stream ends. Default: `media`. */
  ends?: AnswerOptions['ends'] | undefined
  /** Calls that the request may make, for a list. Default: 1. */
  calls?: number | undefined
}

/** The body of a request: JSON, bytes in memory, or an upload. */
export type PassedBody =
  | { type: 'json'; json: Readonly<Record<string, unknown>> }
  | { type: 'bytes'; bytes: Uint8Array<ArrayBuffer>; contentType: string }
  | { type: 'upload'; upload: Upload; contentType: string }

/** OCI's answer: as of other relayed requests, a deletion without content (204), or bytes of any type. */
export type Passed =
  | Relayed
  | { type: 'empty' }
  | {
    type: 'bytes'
    headers: Readonly<Record<string, string>>
    batches: AsyncIterable<Uint8Array<ArrayBuffer>>
  }

/** Signs a request and passes it on. Resolves as soon as OCI has started to answer. */
export async function passThrough(
  request: PassedRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<Passed>> {
  const { model: requested, body, method } = request
  const model = requested === undefined ? undefined : await resolveModel(requested, oci, call)
  if (model) call.meter?.checkModel(requested ?? '', model)
  const reserved = await call.meter?.reserve(plannedUse(request, model))
  const outgoing = {
    ...{ method, model: model?.model, requestId: call.requestId },
    yieldToEventLoop: call.yieldToEventLoop,
    ...await encodeBody(request, model, call, oci),
  }
  const options = attemptOptions(model?.model, call, { reserved })
  const isOnce = body?.type === 'upload' && body.upload.sha256 === undefined
  const attempt = request.region === 'found' ? attemptInRegions : makeAttempts
  try {
    return await attempt(
      async ({ target, deferOutcome, use, headers: trace }) => {
        const headers = { ...openAiHeaders(oci, call), ...trace }
        const url = urlOf(request, target, oci)
        const response = await oci.send({ ...outgoing, url, headers }, call.signal)
        const rename = model && { from: model.model, to: requested ?? '' }
        const own = { call: { model: model?.model }, signal: call.signal, rename, deferOutcome }
        const value = await readPassed(response, request, own, oci)
        use?.complete()
        return { value, warnings: [], opcRequestId: opcRequestId(response) }
      },
      { ...options, service: request.service, repeats: isOnce ? 'never' : request.repeats },
      oci,
    )
  } catch (error) {
    throw explain(error, request, oci)
  }
}

function urlOf({ host, segments, query }: PassedRequest, { inference }: Target, oci: OciContext) {
  return host === 'control'
    ? upstreamUrl(oci.control, ['20231130', 'openai', 'v1', ...segments], query)
    : upstreamUrl(inference, ['openai', 'v1', ...segments], query)
}

/** A service without a model has no price, so that a budget in dollars does not exclude it. */
function plannedUse(
  { service, body, calls = 1 }: PassedRequest,
  model: ResolvedModel | undefined,
): PlannedUse {
  const { input, prompt } = body?.type === 'json' ? body.json : {}
  const texts = [input, prompt].filter((text) => typeof text === 'string')
  return {
    model: model ? model.name ?? model.model : service,
    ...{ endpoint: 'openai', calls, answers: 0, hasTokens: false, isFree: model === undefined },
    prompt: { type: 'texts', texts },
  }
}

async function encodeBody(
  { body, method }: PassedRequest,
  model: ResolvedModel | undefined,
  { yieldToEventLoop }: CallContext,
  oci: OciContext,
) {
  // OCI's signature covers the length of the body of each POST.
  if (!body) return method === 'POST' ? { body: new Uint8Array() } : {}
  switch (body.type) {
    case 'json': {
      const json = model ? { ...body.json, model: model.model } : body.json
      return { body: await runInSteps(serialize(json, oci.platform.encodeText), yieldToEventLoop) }
    }
    case 'bytes':
      return { body: body.bytes, contentType: body.contentType }
    case 'upload':
      return { upload: body.upload, contentType: body.contentType }
  }
}

async function readPassed(
  response: UpstreamResponse,
  { method, answer, access, ends = 'media' }: PassedRequest,
  { deferOutcome, ...own }: Pick<AnswerOptions, 'call' | 'signal' | 'rename'> & {
    deferOutcome: () => DeferredOutcome
  },
  oci: OciContext,
): Promise<Passed> {
  // A deletion only: any other request has an answer.
  if (response.status === 204 && method === 'DELETE') return { type: 'empty' }
  const type = response.headers.get('content-type') ?? ''
  const isJson = answer !== 'content' && /^application\/json\b/i.test(type)
  if (answer === 'json' || isJson || (answer === 'media' && isEventStream(response))) {
    return await readAnswer(response, { ...own, access, ends, deferOutcome }, oci)
  }
  if (answer === 'media' && /^text\/html\b/i.test(type)) {
    void response.body?.cancel().catch(() => {})
    const message = "Cannot read OCI's answer: it is a page instead of media"
    throw new ApiError('upstream_invalid_response', message)
  }
  const outcome = deferOutcome()
  outcome.begin()
  // The length of an encoded answer is not that of its content.
  const isEncoded = response.headers.has('content-encoding')
  const names = ['content-type', 'content-disposition', ...isEncoded ? [] : ['content-length']]
  const headers = Object.fromEntries(names.flatMap((name) => {
    const value = response.headers.get(name)
    return value === null ? [] : [[name, value]]
  }))
  return {
    type: 'bytes',
    headers,
    batches: bytesOf(response.body, own.signal, outcome, oci),
  }
}

function bytesOf(
  body: ByteBody | null,
  signal: AbortState,
  outcome: DeferredOutcome,
  { timeouts, platform: { coalesceChunks } }: OciContext,
): AsyncIterable<Uint8Array<ArrayBuffer>> {
  if (body) {
    const decoder = { push: (bytes: Uint8Array<ArrayBuffer>) => bytes, end: () => new Uint8Array() }
    const onEnd = (end: ReadEnd) => reportEnd(outcome, end)
    return readDecoded(body, decoder, { signal, idleMs: timeouts.idle, coalesceChunks, onEnd })
  }
  outcome.succeed()
  return noBytes()
}

/** Without a model, a 404 is about an object, and a 409 about its state. */
function explain(
  error: unknown,
  { model, needsProject, region }: PassedRequest,
  { project }: OciContext,
): unknown {
  const body = errorBodyOf(error)
  if (!(error instanceof ApiError) || !body) return error
  const text = withoutSecrets(body.message).replace(/\.$/, '')
  const details = { ...error, cause: error.cause }
  const lacksProject = needsProject && project === undefined && body.status < 500
  const hint = lacksProject ? '. OCI requires a project here: set OCI_GENAI_PROJECT' : ''
  if (body.status === 404 && model === undefined) {
    const kind = region === 'found' ? 'response' : 'object'
    return new ApiError('not_found', `OCI has no such ${kind}: ${text}${hint}`, details)
  }
  if (body.status === 409) return new ApiError('invalid_request', text || 'Conflict', details)
  return hint === '' ? error : new ApiError(error.code, `${error.message}${hint}`, details)
}
