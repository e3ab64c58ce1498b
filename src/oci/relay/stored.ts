import { ApiError } from '../../errors.ts'
import type { Answer } from '../answer.ts'
import type { CallContext } from '../call.ts'
import type { OciContext } from '../context.ts'
import { openAiHeaders, openAiPath } from '../http/openai-endpoint.ts'
import type { QueryParameter } from '../http/upstream-url.ts'
import { opcRequestId } from '../http/response-headers.ts'
import { addressOf } from '../resilience/region-targets.ts'
import { readAnswer, type Relayed } from './read-answer.ts'

/** A request for a response that OCI stores. */
export interface StoredRequest {
  method: 'GET' | 'DELETE'
  /** The response's id: letters, digits, `_` and `-`. */
  id: string
  /** A part of the response instead of the response itself. */
  part?: 'input_items' | undefined
  query: readonly QueryParameter[]
}

/** Reads or deletes a response that OCI stores. Throws `not_found` if it does not exist. */
export async function relayStored(
  { method, id, part, query }: StoredRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<Relayed>> {
  const { signal, requestId } = call
  const [primary] = oci.targets.of(undefined)
  const url = addressOf(primary, openAiPath('/responses'), part ? [id, part] : [id], query)
  try {
    const headers = openAiHeaders(oci, call)
    const response = await oci.send({ method, url, headers, requestId }, signal)
    const isResumed = query.some(([name]) => name === 'starting_after')
    const ends = isResumed ? 'resumed' : 'response'
    const options = { call: {}, signal, rename: undefined, ends } as const
    const value = await readAnswer(response, options, oci)
    return { value, warnings: [], opcRequestId: opcRequestId(response) }
  } catch (error) {
    throw explain(error, id)
  }
}

/** Here a 404 is about the response, never about a model. */
function explain(error: unknown, id: string): unknown {
  if (!(error instanceof ApiError) || error.code !== 'model_not_found') return error
  return new ApiError('not_found', `OCI has no response with the id "${id}"`, {
    ...error,
    cause: error.cause,
  })
}
