import type { Answer } from '../answer.ts'
import { attemptOptions, makeAttempts } from '../resilience/attempts.ts'
import type { CallContext } from '../call.ts'
import type { OciContext } from '../context.ts'
import { openAiHeaders, type OpenAiOperation, openAiPath } from '../http/openai-endpoint.ts'
import { serialize } from '../http/serialize.ts'
import { addressOf } from '../resilience/region-targets.ts'
import { opcRequestId } from '../http/response-headers.ts'
import { readAnswer, type Relayed } from './read-answer.ts'

/** A request in OpenAI's own form, as OCI's OpenAI endpoint may accept it. */
export interface OpenAiRequest {
  path: OpenAiOperation
  /** As the client sent it; its `model` is replaced by OCI's name. */
  body: Readonly<Record<string, unknown>>
  /** Guards the responses that OCI stores; absent where every client may use all of them. */
  access?: StoredAccess | undefined
}

/** The same with its model: the name in the answer, and OCI's name. */
export interface RelayRequest extends OpenAiRequest {
  requested: string
  model: string
}

/** Which of the responses that OCI stores belong to the client of a request. */
export interface StoredAccess {
  /** Throws when a request refers to an object of another client. Called before OCI is. */
  check(body: Readonly<Record<string, unknown>>): void
  /** Records that a new response, or an item of it, belongs to the client. */
  record(id: string): void
}

/** Relays a signed request, and resolves as soon as OCI has begun to answer. */
export async function relay(
  request: RelayRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<Relayed>> {
  const { path, requested, model, access } = request
  access?.check(request.body)
  await call.yieldToEventLoop?.()
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
        yieldToEventLoop: call.yieldToEventLoop,
      }, call.signal)
      const value = await readAnswer(response, {
        call: { model },
        signal: call.signal,
        rename: { from: model, to: requested },
        ends: path === '/responses' ? 'response' : 'chat',
        onStoredId: path === '/responses' ? access?.record : undefined,
        deferOutcome,
      }, oci)
      return { value, warnings: [], opcRequestId: opcRequestId(response) }
    },
    attemptOptions(model, call),
    oci,
  )
}
