import type { AbortState } from '../../abort.ts'
import type { Timers } from '../../timeout.ts'
import { ApiError, toApiError } from '../../errors.ts'
import { hasItemContent } from '../../item-content.ts'
import type { UpstreamResponse } from '../../platform.ts'
import { type BatchDecoder, readDecoded } from '../../sse/read.ts'
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
import { EndReport } from './report-end.ts'
import type { StoredAccess } from './stored-access.ts'

/** Options for reading an answer of OCI's OpenAI endpoint. */
export interface AnswerOptions extends RelayedStreamOptions {
  /** For error messages. */
  call: FailedCall
  signal: AbortState
  /** The timers of the request. Default: the runtime's. */
  timers?: Timers | undefined
  /**
   * Records each id under which OCI stores a part of the answer: the response's id before the client
   * receives it, those of its items and containers before the answer ends.
   */
  access?: StoredIds | undefined
  /** Takes over reporting the call's outcome, which is known at the end of a stream. */
  deferOutcome?: (() => DeferredOutcome) | undefined
}

/** Records ids of stored objects. */
type StoredIds = Pick<StoredAccess, 'record' | 'recorded'>

/** OCI's answer in OpenAI's form; only the model's name is changed. */
export type Relayed =
  | { type: 'whole'; json: object }
  | { type: 'stream'; batches: AsyncIterable<Bytes> }

type Bytes = Uint8Array<ArrayBuffer>
type JsonObject = Readonly<Record<string, unknown>>
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
  { call, signal, timers, rename, onModel, access }: AnswerOptions,
  { timeouts }: Context,
): Promise<Relayed> {
  const json = await readJson(response, timeouts.idle, signal, timers)
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
  recordIds(json, access)
  await access?.recorded()
  const model = answeringModel(json, rename?.from ?? '')
  if (model !== undefined) onModel?.(model)
  return { type: 'whole', json: rename && 'model' in json ? { ...json, model: rename.to } : json }
}

async function openStream(
  response: UpstreamResponse,
  { call, signal, rename, ends, onModel, access, deferOutcome }: AnswerOptions,
  { timeouts, platform: { coalesceChunks } }: Context,
): Promise<Relayed> {
  const { body } = response
  if (!body) throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: no body")
  const report = new EndReport()
  const decoder = createRelayDecoder({
    ...{ rename, ends, onModel },
    redact: redactorOf(response),
    onFinished: access && ((events) => recordIds(responseIn(events), access)),
  })
  const batches = readDecoded(body, access ? recordingIds(decoder, access) : decoder, {
    ...{ signal, idleMs: timeouts.idle, coalesceChunks },
    onEnd(end) {
      report.endWith(end)
      return end.type === 'complete' ? access?.recorded() : undefined
    },
  })
  const first = await batches.peek().catch((error) => {
    throw toApiError(error).with({ opcRequestId: opcRequestId(response) })
  })
  const failure = first.done ? undefined : errorOf(first.value, call, response)
  if (failure) {
    void batches.return?.()
    throw failure
  }
  const outcome = deferOutcome?.()
  outcome?.begin()
  if (outcome) report.reportTo(outcome)
  return { type: 'stream', batches }
}

/** Records the id of a response before the client receives it. It is in the first event. */
function recordingIds(decoder: BatchDecoder<Bytes>, access: StoredIds): BatchDecoder<Bytes> {
  let isRecorded = false
  const record = (bytes: Bytes) => {
    if (isRecorded) return bytes
    const events = new TextDecoder().decode(bytes)
    // A comment may precede the first event.
    isRecorded = /^data:/m.test(events)
    if (isRecorded) recordIds(responseIn(events), access)
    return bytes
  }
  return { push: (bytes) => record(decoder.push(bytes)), end: () => record(decoder.end()) }
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

/** Records the ids of a response, of the items of its output, and of containers made for it. */
function recordIds(response: unknown, access: StoredIds | undefined): void {
  if (!access) return
  const { output, id, store } = asObject(response) as JsonObject
  const items = asList(output).map((item) => asObject(item) as JsonObject)
  // Of what OCI does not store, only ids that a client's next request refers to are checked.
  const ids = store === false
    ? items.filter((item) => !hasItemContent(item)).map(({ id }) => id)
    : [id, ...items.map(({ id }) => id)]
  access.record(ids.filter(isText), 'response')
  access.record(items.map(({ container_id }) => container_id).filter(isText), 'object')
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** Returns the response in the first event that contains one. */
function responseIn(events: string): object | undefined {
  const data = /^data: ?(\{(?=[^\r\n]*"response": ?\{)[^\r\n]*)/m.exec(events)?.[1]
  if (data === undefined) return undefined
  return asObject((asObject(parseJson(data)) as { response?: unknown }).response)
}
