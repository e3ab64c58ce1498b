import type { ReadableMedia } from '../../chat/readable-media.ts'
import { runInSteps } from '../../steps.ts'
import type { Answer } from '../answer.ts'
import { attemptOptions, makeAttempts } from '../resilience/attempts.ts'
import type { CallContext } from '../call.ts'
import type { OciContext } from '../context.ts'
import type { ModelProfile } from '../models/profiles.ts'
import { openAiHeaders, type OpenAiOperation, openAiPath } from '../http/openai-endpoint.ts'
import { addressOf } from '../resilience/region-targets.ts'
import { opcRequestId, selectedRegion } from '../http/response-headers.ts'
import { countRelayed } from './count-use.ts'
import { limitRelayed, type UsingRequest } from './limit-use.ts'
import { readAnswer, type Relayed } from './read-answer.ts'
import { serializeRelayed } from './replacements.ts'
import type { StoredAccess } from './stored-access.ts'

/** A request in OpenAI's form, which OCI's OpenAI endpoint may accept. */
export interface OpenAiRequest {
  path: OpenAiOperation
  /** The client's JSON as received. `serializeRelayed()` replaces the model's name. */
  body: Readonly<Record<string, unknown>>
  /**
   * Replaces what the model cannot read in the conversation so far, which a client cannot change.
   * Absent for requests without a conversation.
   */
  adapt?: ((body: OpenAiRequest['body'], readable: ReadableMedia) => AdaptedBody) | undefined
  /** Restricts access to the responses that OCI stores; absent if every client may use all. */
  access?: StoredAccess | undefined
}

/** A request's body that the model can read, and what was left out. */
export interface AdaptedBody {
  body: OpenAiRequest['body']
  warnings: readonly string[]
}

/** A request with its resolved model. */
export interface RelayRequest extends OpenAiRequest {
  /** The model name in the answer to the client. */
  requested: string
  /** OCI's name or OCID. */
  model: string
  /** OCI's name of an OCID, if it is known. */
  name?: string | undefined
  profile: Pick<ModelProfile, 'inputs' | 'maxImages'> & UsingRequest['profile']
}

/** Relays a request. Resolves as soon as OCI has started to answer. */
export async function relay(
  request: RelayRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<Relayed>> {
  const { path, requested, model, access } = request
  const { signal, requestId, timers, yieldToEventLoop } = call
  await access?.check(request.body)
  if (yieldToEventLoop) await yieldToEventLoop()
  const { body: adapted, warnings } = adaptBody(request)
  const limited = call.meter && await limitRelayed({ ...request, body: adapted }, call.meter)
  const serialized = serializeRelayed(limited?.body ?? adapted, model, oci.platform.encodeText)
  const body = await runInSteps(serialized, yieldToEventLoop)
  const allWarnings = [...warnings, ...limited?.reserved.warnings ?? []]
  return await makeAttempts(
    async ({ target, deferOutcome, use, headers }) => {
      const response = await oci.send({
        method: 'POST',
        url: addressOf(target, openAiPath(path)),
        body,
        headers: { ...openAiHeaders(oci, call), ...headers },
        model,
        ...{ requestId, timers, yieldToEventLoop },
      }, signal)
      const value = await readAnswer(response, {
        ...{ call: { model }, signal, timers, rename: { from: model, to: requested } },
        ends: path === '/responses' ? 'response' : 'chat',
        access: path === '/responses' ? access : undefined,
        onModel: (name) => use?.servedBy({ model: name }),
        deferOutcome,
      }, oci)
      const region = selectedRegion(response)
      use?.servedBy({ region })
      const counted = use ? countRelayed(value, use, limited) : value
      return { value: counted, warnings: allWarnings, opcRequestId: opcRequestId(response), region }
    },
    attemptOptions(model, call, { ...limited, isStreamed: request.body['stream'] === true }),
    oci,
  )
}

function adaptBody({ body, adapt, model, profile: { inputs, maxImages } }: RelayRequest) {
  return adapt?.(body, { model, inputs, maxImages }) ?? { body, warnings: [] }
}
