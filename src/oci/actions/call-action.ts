import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import { runInSteps } from '../../steps.ts'
import type { Answer } from '../answer.ts'
import { attemptOptions, makeAttempts } from '../resilience/attempts.ts'
import { errorInside, isError } from '../http/error-in-answer.ts'
import { opcRequestId, selectedRegion } from '../http/response-headers.ts'
import type { CallContext, ReservedUse, TokenCounts } from '../call.ts'
import type { OciContext } from '../context.ts'
import type { FailedCall } from '../http/error.ts'
import { readJson } from '../http/read-json.ts'
import { serialize } from '../http/serialize.ts'
import { addressOf } from '../resilience/region-targets.ts'

/** A call of an OCI action without streaming, and the schema of its response. */
export interface Action<Schema extends v.GenericSchema> extends FailedCall {
  name: 'embedText' | 'rerankText' | 'applyGuardrails'
  body: object
  response: Schema
  /** What is reserved for the call; absent on a gateway without a store. */
  reserved?: ReservedUse | undefined
  /** The token counts of a response, if it has any. */
  countsOf?(response: v.InferOutput<Schema>): TokenCounts | undefined
}

/** Calls an OCI action with retries. Throws when the response does not match its schema. */
export async function callAction<Schema extends v.GenericSchema>(
  action: Action<Schema>,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<v.InferOutput<Schema>>> {
  const { name, model, contextWindow } = action
  const { signal, requestId, timers, yieldToEventLoop } = call
  const body = await runInSteps(serialize(action.body, oci.platform.encodeText), yieldToEventLoop)
  return await makeAttempts(
    async ({ target, retryToken, use, headers: trace }) => {
      const url = addressOf(target, `/20231130/actions/${name}`)
      const headers = { 'opc-retry-token': retryToken, ...trace }
      const outgoing = { method: 'POST' as const, url, headers, body, model, contextWindow }
      const response = await oci.send({ ...outgoing, requestId, timers, yieldToEventLoop }, signal)
      const json = await readJson(response, oci.timeouts.idle, signal, timers)
      if (isError(json)) throw errorInside(json, action, response)
      const id = opcRequestId(response)
      const parsed = v.safeParse(action.response, json, { abortEarly: true })
      if (!parsed.success) throw unexpectedResponse(id)
      const counts = use && action.countsOf?.(parsed.output)
      if (counts) use.usage(counts)
      use?.complete()
      const region = selectedRegion(response)
      return { value: parsed.output, opcRequestId: id, warnings: [], region }
    },
    attemptOptions(model, call, action),
    oci,
  )
}

/** The error of a response that is JSON of an unexpected shape. */
export function unexpectedResponse(opcRequestId: string | undefined): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    'The response from OCI has an unexpected shape',
    {
      opcRequestId,
    },
  )
}
