import type { RerankReply, RerankRequest } from '../../../rerank/model.ts'
import { callAction, unreadable } from '../call-action.ts'
import type { Answer } from '../../answer.ts'
import type { CallContext } from '../../call.ts'
import type { OciContext } from '../../context.ts'
import { resolveModel } from '../../models/resolve.ts'
import { decodeReply } from './decode.ts'
import { encodeRequest } from './encode.ts'
import { RerankTextResult } from './wire.ts'

/** Models known to be served, to offer instead of a name that OCI does not know. */
export const RERANK_MODELS: readonly string[] = [
  'cohere.rerank-v4.0-fast',
  'cohere.rerank-v4.0-pro',
  'cohere.rerank-v3.5',
]

/** Orders documents by what they say to a question. */
export async function rerank(
  request: RerankRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<RerankReply>> {
  const known = await resolveModel(request.model, oci, call)
  const { model, profile } = known
  const body = encodeRequest(request, known)
  const answer = await callAction(
    {
      name: 'rerankText',
      body,
      answer: RerankTextResult,
      model,
      contextWindow: profile.contextWindow,
    },
    oci,
    call,
  )
  const value = decodeReply(answer.value, request)
  if (!value) throw unreadable(answer.opcRequestId)
  return { ...answer, value }
}
