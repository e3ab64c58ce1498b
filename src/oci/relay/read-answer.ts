import { ApiError, toApiError } from '../../errors.ts'
import { type Batches, readDecoded } from '../../sse/read.ts'
import { errorInside, isError } from '../chat-reply.ts'
import { isEventStream } from '../chat-stream.ts'
import type { OciContext } from '../context.ts'
import type { FailedCall } from '../error.ts'
import { asObject } from '../foreign-json.ts'
import { readJson } from '../read-json.ts'
import { redactorOf } from '../redact.ts'
import { createRelayDecoder, type RelayedStreamOptions } from './read-stream.ts'
import type { Relayed } from './relay.ts'

/** How an answer in OpenAI's words is read. */
export interface AnswerOptions extends RelayedStreamOptions {
  /** For errors: the model as OCI was asked for it, if one was. */
  call: FailedCall
  signal: AbortSignal
  /** Called once with the id of a response, before the client sees it. */
  onResponseId?: ((id: string) => void) | undefined
}

type Bytes = Uint8Array<ArrayBuffer>
type Context = Pick<OciContext, 'timeouts' | 'platform'>

/** Reads an answer of OCI's OpenAI endpoint; an error that comes first is thrown. */
export function readAnswer(
  response: Response,
  options: AnswerOptions,
  oci: Context,
): Promise<Relayed> {
  return (isEventStream(response) ? openStream : readWhole)(response, options, oci)
}

/** OCI's own id of a call. */
export function opcRequestId(response: Response): string | undefined {
  return response.headers.get('opc-request-id') ?? undefined
}

async function readWhole(
  response: Response,
  { call, signal, rename, onResponseId }: AnswerOptions,
  { timeouts }: Context,
): Promise<Relayed> {
  const json = await readJson(response, timeouts.idle, signal)
  if (isError(json)) throw errorInside(json, call, response)
  if (typeof json !== 'object' || json === null) {
    throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: it is no object", {
      opcRequestId: opcRequestId(response),
    })
  }
  noteId(json, onResponseId)
  return { type: 'whole', json: rename && 'model' in json ? { ...json, model: rename.to } : json }
}

async function openStream(
  response: Response,
  { call, signal, rename, ends, onResponseId }: AnswerOptions,
  { timeouts, platform: { piecemeal } }: Context,
): Promise<Relayed> {
  const { body } = response
  if (!body) throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: no body")
  const batches = readDecoded(
    body,
    createRelayDecoder({
      rename,
      ends,
      redact: redactorOf(response),
    }),
    {
      signal,
      idleMs: timeouts.idle,
      piecemeal,
      keep: true,
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
  return { type: 'stream', batches: new RelayedBytes(first, batches, onResponseId) }
}

/** The error of a stream that begins with one. */
function errorOf(bytes: Bytes, call: FailedCall, response: Response): ApiError | undefined {
  const text = new TextDecoder().decode(bytes)
  const data = /^(?:event: ?error\s+)?data: ?(\{"error":[^\r\n]*)/.exec(text)?.[1]
  if (data === undefined) return undefined
  const json = parseJson(data)
  if (json !== undefined) return errorInside(json, call, response)
  return new ApiError('upstream_invalid_response', "Cannot read OCI's error: it is not JSON", {
    opcRequestId: opcRequestId(response),
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function noteId(json: unknown, onResponseId: AnswerOptions['onResponseId']): void {
  const { id } = asObject(json) as { id?: unknown }
  if (typeof id === 'string') onResponseId?.(id)
}

/** The bytes of a stream whose first read is already done. */
class RelayedBytes implements AsyncIterableIterator<Bytes, undefined> {
  readonly #rest: Batches<Bytes>
  #first: IteratorResult<Bytes, undefined> | undefined
  /** Absent once the id is known: later events are not looked at. */
  #onResponseId: AnswerOptions['onResponseId']

  constructor(
    first: IteratorResult<Bytes, undefined>,
    rest: Batches<Bytes>,
    onResponseId: AnswerOptions['onResponseId'],
  ) {
    this.#first = first
    this.#rest = rest
    this.#onResponseId = onResponseId
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Bytes, undefined>> {
    if (this.#first === undefined && this.#onResponseId === undefined) return this.#rest.next()
    return this.#nextWithId()
  }

  async #nextWithId(): Promise<IteratorResult<Bytes, undefined>> {
    const result = this.#first ?? await this.#rest.next()
    this.#first = undefined
    const onResponseId = this.#onResponseId
    if (!onResponseId || result.done) return result
    const response = responseIn(result.value)
    if (!response) return result
    this.#onResponseId = undefined
    noteId(response, onResponseId)
    return result
  }

  async return(): Promise<IteratorResult<Bytes, undefined>> {
    await this.#rest.return?.()
    return { done: true, value: undefined }
  }
}

/** The response that the first event with data is about; a comment may come before it. */
function responseIn(bytes: Bytes): object | undefined {
  const data = /^data: ?(\{[^\r\n]*)/m.exec(new TextDecoder().decode(bytes))?.[1]
  if (data === undefined) return undefined
  return asObject((asObject(parseJson(data)) as { response?: unknown }).response)
}
