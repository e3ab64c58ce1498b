import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import type { Answer } from '../answer.ts'
import { attemptOptions, makeAttempts } from '../resilience/attempts.ts'
import { errorInside, isError } from '../http/error-in-answer.ts'
import { opcRequestId } from '../http/response-headers.ts'
import type { CallContext } from '../call.ts'
import type { OciContext } from '../context.ts'
import type { FailedCall } from '../http/error.ts'
import { readJson } from '../http/read-json.ts'
import { serialize } from '../http/serialize.ts'
import { addressOf } from '../resilience/region-targets.ts'

/** An action of OCI that answers in one piece, and what is read of its answer. */
export interface Action<Schema extends v.GenericSchema> extends FailedCall {
  name: 'embedText' | 'rerankText' | 'applyGuardrails'
  body: object
  answer: Schema
}

/** Asks OCI for one action, again where that may help; an answer of another shape is an error. */
export function callAction<Schema extends v.GenericSchema>(
  action: Action<Schema>,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<v.InferOutput<Schema>>> {
  const { name, model, contextWindow } = action
  const { signal, requestId, takeTurn } = call
  const body = serialize(action.body)
  return makeAttempts(
    async ({ target, retryToken }) => {
      const url = addressOf(target, `/20231130/actions/${name}`)
      const headers = { 'opc-retry-token': retryToken }
      const outgoing = { method: 'POST' as const, url, headers, body, model, contextWindow }
      const response = await oci.send({ ...outgoing, requestId, takeTurn }, signal)
      const json = await readJson(response, oci.timeouts.idle, signal)
      if (isError(json)) throw errorInside(json, action, response)
      const id = opcRequestId(response)
      const parsed = v.safeParse(action.answer, json, { abortEarly: true })
      if (!parsed.success) throw unreadable(id)
      return { value: parsed.output, opcRequestId: id, warnings: [] }
    },
    attemptOptions(model, call),
    oci,
  )
}

/** An answer that is JSON, but not the one that was asked for. */
export function unreadable(opcRequestId: string | undefined): ApiError {
  return new ApiError('upstream_invalid_response', "Cannot read OCI's answer: unknown shape", {
    opcRequestId,
  })
}
