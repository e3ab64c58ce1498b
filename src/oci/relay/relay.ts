import { ApiError } from '../../errors.ts'
import { type Batches, readDecoded } from '../../sse/read.ts'
import type { Answer } from '../answer.ts'
import { jobOf, type Leg, makeAttempts } from '../attempts.ts'
import { errorInside, isError } from '../chat-reply.ts'
import { isEventStream } from '../chat-stream.ts'
import type { CallContext, OciContext } from '../context.ts'
import type { FailedCall } from '../error.ts'
import { openAiHeaders, type OpenAiOperation, openAiPath } from '../openai-endpoint.ts'
import type { DeferredOutcome } from '../outcome.ts'
import { readJson } from '../read-json.ts'
import { serialize } from '../serialize.ts'
import { addressOf } from '../targets.ts'
import { createRelayDecoder } from './read-stream.ts'

/** A request in OpenAI's words for OCI's own OpenAI endpoint. */
export interface RelayRequest {
  path: OpenAiOperation
  /** As the client sent it; its `model` is replaced by OCI's name. */
  body: Readonly<Record<string, unknown>>
  /** The model as the client asked for it, and as OCI knows it. */
  asked: string
  model: string
}

/** OCI's answer in OpenAI's words: changed in nothing but the model's name. */
export type Relayed =
  | { type: 'whole'; json: object }
  | { type: 'stream'; batches: AsyncIterable<Bytes> }

type Bytes = Uint8Array<ArrayBuffer>

/** Passes a request on, signed, and its answer back, as soon as OCI has begun to answer. */
export function relay(
  request: RelayRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<Relayed>> {
  const body = serialize({ ...request.body, model: request.model })
  return makeAttempts(
    async ({ target, deferOutcome }) => {
      const response = await oci.send({
        method: 'POST',
        url: addressOf(target, openAiPath(request.path)),
        body,
        headers: openAiHeaders(oci),
        model: request.model,
        requestId: call.requestId,
      }, call.signal)
      const value = isEventStream(response)
        ? await openStream(response, request, oci, call, deferOutcome)
        : await readWhole(response, request, oci, call)
      return { value, warnings: [], opcRequestId: opcRequestId(response) }
    },
    jobOf(request.model, call),
    oci,
  )
}

/** Reads or deletes a response that OCI keeps; `path`, with its query, is what follows `/responses`. */
export async function relayStored(
  method: 'GET' | 'DELETE',
  path: string,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<object>> {
  const [home] = oci.targets.of(undefined)
  const response = await oci.send({
    method,
    url: addressOf(home, `${openAiPath('/responses')}${path}`),
    headers: openAiHeaders(oci),
    requestId: call.requestId,
  }, call.signal)
  const json = await readJson(response, oci.timeouts.idle, call.signal)
  const value = typeof json === 'object' && json !== null ? json : {}
  return { value, warnings: [], opcRequestId: opcRequestId(response) }
}

async function readWhole(
  response: Response,
  { asked, model }: RelayRequest,
  { timeouts }: OciContext,
  call: CallContext,
): Promise<Relayed> {
  const json = await readJson(response, timeouts.idle, call.signal)
  if (isError(json)) throw errorInside(json, { model }, response)
  if (typeof json !== 'object' || json === null) {
    throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: it is no object")
  }
  return { type: 'whole', json: 'model' in json ? { ...json, model: asked } : json }
}

async function openStream(
  response: Response,
  { asked, model, path }: RelayRequest,
  { timeouts, platform: { piecemeal } }: OciContext,
  { signal }: CallContext,
  deferOutcome: Leg['deferOutcome'],
): Promise<Relayed> {
  const { body } = response
  if (!body) throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: no body")
  const decoder = createRelayDecoder({
    rename: { from: model, to: asked },
    ends: path === '/responses' ? 'response' : 'chat',
  })
  const batches = readDecoded(body, decoder, {
    signal,
    idleMs: timeouts.idle,
    piecemeal,
    keep: true,
  })
  const first = await batches.next()
  const failure = first.done ? undefined : errorOf(first.value, { model }, response)
  if (failure) {
    void batches.return?.()
    throw failure
  }
  const outcome = deferOutcome()
  outcome.begin()
  return { type: 'stream', batches: new RelayedBytes(first, batches, outcome) }
}

/** What OCI says went wrong, when that is the first thing it says. */
function errorOf(bytes: Bytes, call: FailedCall, response: Response): ApiError | undefined {
  const text = new TextDecoder().decode(bytes)
  const data = /^(?:event: ?error\s+)?data: ?(\{"error":.*)$/m.exec(text)
  if (!data || data.index > 0) return undefined
  return errorInside(JSON.parse(data[1] ?? ''), call, response)
}

/** The bytes of a stream whose first read is already done; its end is the outcome of the call. */
class RelayedBytes implements AsyncIterableIterator<Bytes, undefined> {
  readonly #rest: Batches<Bytes>
  readonly #outcome: DeferredOutcome
  #first: IteratorResult<Bytes, undefined> | undefined

  constructor(
    first: IteratorResult<Bytes, undefined>,
    rest: Batches<Bytes>,
    outcome: DeferredOutcome,
  ) {
    this.#first = first
    this.#rest = rest
    this.#outcome = outcome
    if (first.done) outcome.succeed()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Bytes, undefined>> {
    const first = this.#first
    this.#first = undefined
    if (first) return first
    try {
      const next = await this.#rest.next()
      if (next.done) this.#outcome.succeed()
      return next
    } catch (error) {
      this.#outcome.fail(error)
      throw error
    }
  }

  async return(): Promise<IteratorResult<Bytes, undefined>> {
    this.#outcome.abandon()
    await this.#rest.return?.()
    return { done: true, value: undefined }
  }
}

function opcRequestId(response: Response): string | undefined {
  return response.headers.get('opc-request-id') ?? undefined
}
