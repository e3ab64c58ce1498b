import { ApiError, toApiError } from '../../errors.ts'
import type { UpstreamResponse } from '../../platform.ts'
import { type Batches, readDecoded } from '../../sse/read.ts'
import { errorInside, isError } from '../http/error-in-answer.ts'
import { isEventStream, opcRequestId } from '../http/response-headers.ts'
import type { OciContext } from '../context.ts'
import type { FailedCall } from '../http/error.ts'
import { answeringModel } from '../models/answering-model.ts'
import { asList, asObject, parseJson } from '../json.ts'
import type { DeferredOutcome } from '../resilience/outcome.ts'
import { readJson } from '../http/read-json.ts'
import { redactorOf } from '../http/redact.ts'
import { createRelayDecoder, type RelayedStreamOptions } from './read-stream.ts'

/** Options for reading an answer of OCI's OpenAI endpoint. */
export interface AnswerOptions extends RelayedStreamOptions {
  /** For error messages. */
  call: FailedCall
  signal: AbortSignal
  /**
   * Called with each id under which OCI stores a part of the answer: with the response's id before the
   * client receives it, with those of its items before the answer ends.
   */
  onStoredId?: ((id: string) => void) | undefined
  /** Takes over reporting the call's outcome, which is known at the end of a stream. */
  deferOutcome?: (() => DeferredOutcome) | undefined
}

/** OCI's answer in OpenAI's form; only the model's name is changed. */
export type Relayed =
  | { type: 'whole'; json: object }
  | { type: 'stream'; batches: AsyncIterable<Bytes> }

type Bytes = Uint8Array<ArrayBuffer>
type Context = Pick<OciContext, 'timeouts' | 'platform'>

/** Reads an answer of OCI's OpenAI endpoint. Throws an error at the beginning of a stream. */
export function readAnswer(
  response: UpstreamResponse,
  options: AnswerOptions,
  oci: Context,
): Promise<Relayed> {
  return (isEventStream(response) ? openStream : readComplete)(response, options, oci)
}

async function readComplete(
  response: UpstreamResponse,
  { call, signal, rename, onModel, onStoredId }: AnswerOptions,
  { timeouts }: Context,
): Promise<Relayed> {
  const json = await readJson(response, timeouts.idle, signal)
  if (isError(json)) throw errorInside(json, call, response)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ApiError(
      'upstream_invalid_response',
      "Cannot read OCI's answer: it is not an object",
      {
        opcRequestId: opcRequestId(response),
      },
    )
  }
  recordIds(json, onStoredId)
  const model = answeringModel(json, rename?.from ?? '')
  if (model !== undefined) onModel?.(model)
  return { type: 'whole', json: rename && 'model' in json ? { ...json, model: rename.to } : json }
}

async function openStream(
  response: UpstreamResponse,
  { call, signal, rename, ends, onModel, onStoredId, deferOutcome }: AnswerOptions,
  { timeouts, platform: { coalesceChunks } }: Context,
): Promise<Relayed> {
  const { body } = response
  if (!body) throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: no body")
  const batches = readDecoded(
    body,
    createRelayDecoder({
      ...{ rename, ends, onModel },
      redact: redactorOf(response),
      onFinished: onStoredId && ((events) => recordIds(responseIn(events), onStoredId)),
    }),
    {
      signal,
      idleMs: timeouts.idle,
      coalesceChunks,
    },
  )
  const first = await batches.next().catch((error) => {
    throw toApiError(error).with({ opcRequestId: opcRequestId(response) })
  })
  const failure = first.done ? undefined : errorOf(first.value, call, response)
  if (failure) {
    void batches.return?.()
    throw failure
  }
  const outcome = deferOutcome?.()
  outcome?.begin()
  return { type: 'stream', batches: new RelayedBytes(first, batches, { outcome, onStoredId }) }
}

/** An event that may be an error: in OpenAI's form, in OCI's form, or as an event of Responses. */
const ERROR_EVENT =
  /^(?:event: ?error\s+)?data: ?(\{ ?"(?:error": ?(?!null)|code":|message":|type": ?"error")[^\r\n]*)/

/** Reads the error at the beginning of a stream, if there is one. */
function errorOf(
  bytes: Bytes,
  call: FailedCall,
  response: UpstreamResponse,
): ApiError | undefined {
  const text = new TextDecoder().decode(bytes)
  const data = ERROR_EVENT.exec(text)?.[1]
  if (data === undefined) return undefined
  const json = parseJson(data)
  if (json !== undefined) return isError(json) ? errorInside(json, call, response) : undefined
  return new ApiError('upstream_invalid_response', "Cannot read OCI's error: it is not JSON", {
    opcRequestId: opcRequestId(response),
  })
}

/** Reports the ids of a response and of the items of its output. */
function recordIds(response: unknown, onStoredId: AnswerOptions['onStoredId']): void {
  const { output } = asObject(response) as { output?: unknown }
  for (const stored of [response, ...asList(output)]) {
    const { id } = asObject(stored) as { id?: unknown }
    if (typeof id === 'string') onStoredId?.(id)
  }
}

/** Observers of a stream that is passed on. */
interface StreamObservers extends Pick<AnswerOptions, 'onStoredId'> {
  outcome: DeferredOutcome | undefined
}

/** Iterates over the bytes of a stream whose first chunk is already read. */
class RelayedBytes implements AsyncIterableIterator<Bytes, undefined> {
  readonly #rest: Batches<Bytes>
  #first: IteratorResult<Bytes, undefined> | undefined
  readonly #outcome: DeferredOutcome | undefined
  /** Absent after the first event: later ones are not examined. */
  #onStoredId: AnswerOptions['onStoredId']

  constructor(
    first: IteratorResult<Bytes, undefined>,
    rest: Batches<Bytes>,
    { outcome, onStoredId }: StreamObservers,
  ) {
    this.#rest = rest
    this.#first = first
    this.#outcome = outcome
    this.#onStoredId = onStoredId
    if (first.done) outcome?.succeed()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Bytes, undefined>> {
    try {
      const result = this.#first ?? await this.#rest.next()
      this.#first = undefined
      if (result.done) this.#outcome?.succeed()
      else if (this.#onStoredId) this.#recordId(result.value, this.#onStoredId)
      return result
    } catch (error) {
      this.#outcome?.fail(error)
      throw error
    }
  }

  #recordId(bytes: Bytes, onStoredId: (id: string) => void): void {
    const events = new TextDecoder().decode(bytes)
    // A comment may precede the first event.
    if (!/^data:/m.test(events)) return
    this.#onStoredId = undefined
    recordIds(responseIn(events), onStoredId)
  }

  async return(): Promise<IteratorResult<Bytes, undefined>> {
    this.#outcome?.abandon()
    await this.#rest.return?.()
    return { done: true, value: undefined }
  }
}

/** Returns the response in the first event that contains one. */
function responseIn(events: string): object | undefined {
  const data = /^data: ?(\{(?=[^\r\n]*"response": ?\{)[^\r\n]*)/m.exec(events)?.[1]
  if (data === undefined) return undefined
  return asObject((asObject(parseJson(data)) as { response?: unknown }).response)
}
