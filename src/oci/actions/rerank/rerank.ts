import type { RerankReply, RerankRequest } from '../../../rerank/model.ts'
import { callAction, unexpectedResponse } from '../call-action.ts'
import type { Answer } from '../../answer.ts'
import type { CallContext } from '../../call.ts'
import type { OciContext } from '../../context.ts'
import { resolveModel } from '../../models/resolve.ts'
import { decodeReply } from './decode.ts'
import { encodeRequest } from './encode.ts'
import { RerankTextResult } from './wire.ts'

/** Models that OCI is known to serve, suggested in errors about unknown names. */
export const RERANK_MODELS: readonly string[] = [
  'cohere.rerank-v4.0-fast',
  'cohere.rerank-v4.0-pro',
  'cohere.rerank-v3.5',
]

/** Ranks documents by their relevance to a query. */
export async function rerank(
  request: RerankRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<RerankReply>> {
  const resolved = await resolveModel(request.model, oci, call)
  const { model, name, profile } = resolved
  call.meter?.checkModel(request.model, resolved)
  const { query, documents, searchUnits } = request
  const reserved = await call.meter?.reserve({
    ...{ model: name ?? model, endpoint: 'native', calls: 1, answers: 0, searchUnits },
    prompt: { type: 'texts', texts: [query, ...documents] },
    // OCI bills search units and reports no tokens.
    hasTokens: false,
  })
  const body = encodeRequest(request, resolved)
  const answer = await callAction(
    {
      name: 'rerankText',
      body,
      response: RerankTextResult,
      model,
      contextWindow: profile.contextWindow,
      reserved,
    },
    oci,
    call,
  )
  const value = decodeReply(answer.value, request)
  if (!value) throw unexpectedResponse(answer.opcRequestId)
  return { ...answer, value }
}
