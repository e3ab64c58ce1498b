import type { Answer } from '../answer.ts'
import { jobOf, makeAttempts } from '../attempts.ts'
import type { CallContext, OciContext } from '../context.ts'
import { openAiHeaders, type OpenAiOperation, openAiPath } from '../openai-endpoint.ts'
import { serialize } from '../serialize.ts'
import { addressOf } from '../targets.ts'
import { opcRequestId, readAnswer } from './read-answer.ts'

/** A request in OpenAI's words for OCI's own OpenAI endpoint. */
export interface RelayRequest {
  path: OpenAiOperation
  /** As the client sent it; its `model` is replaced by OCI's name. */
  body: Readonly<Record<string, unknown>>
  /** The model as the client asked for it, and as OCI knows it. */
  asked: string
  model: string
  /** Decides about what OCI keeps; absent where every client may use all of it. */
  access?: StoredAccess | undefined
}

/** Which responses that OCI keeps belong to the client of a request. */
export interface StoredAccess {
  /** Throws when a request refers to what does not belong to the client; called before OCI is. */
  check(body: Readonly<Record<string, unknown>>): void
  /** Notes that a new response, or an item of it, belongs to the client. */
  record(id: string): void
}

/** OCI's answer in OpenAI's words: changed in nothing but the model's name. */
export type Relayed =
  | { type: 'whole'; json: object }
  | { type: 'stream'; batches: AsyncIterable<Bytes> }

type Bytes = Uint8Array<ArrayBuffer>

/** Passes a request on, signed, and its answer back, as soon as OCI has begun to answer. */
export async function relay(
  request: RelayRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<Relayed>> {
  const { path, asked, model, access } = request
  access?.check(request.body)
  await call.takeTurn?.()
  const body = serialize({ ...request.body, model })
  return await makeAttempts(
    async ({ target, deferOutcome }) => {
      const response = await oci.send({
        method: 'POST',
        url: addressOf(target, openAiPath(path)),
        body,
        headers: openAiHeaders(oci),
        model,
        requestId: call.requestId,
        takeTurn: call.takeTurn,
      }, call.signal)
      const value = await readAnswer(response, {
        call: { model },
        signal: call.signal,
        rename: { from: model, to: asked },
        ends: path === '/responses' ? 'response' : 'chat',
        onStoredId: path === '/responses' ? access?.record : undefined,
        deferOutcome,
      }, oci)
      return { value, warnings: [], opcRequestId: opcRequestId(response) }
    },
    jobOf(model, call),
    oci,
  )
}
