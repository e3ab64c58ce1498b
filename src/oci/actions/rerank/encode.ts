import type { RerankRequest } from '../../../rerank/model.ts'
import type { ResolvedModel } from '../../models/resolve.ts'
import { servingMode } from '../../models/names.ts'
import type { RerankTextDetails } from './wire.ts'

/** Encodes the request. Members that the client omits are left to OCI. */
export function encodeRequest(request: RerankRequest, resolved: ResolvedModel): RerankTextDetails {
  const { documents, top } = request
  return {
    compartmentId: resolved.compartmentId,
    servingMode: servingMode(resolved.model),
    input: request.query,
    documents,
    // Clients request the best ten of any number of documents.
    topN: top === undefined ? undefined : Math.min(top, documents.length),
    isEcho: request.echo || undefined,
    maxChunksPerDocument: request.maxChunksPerDocument,
    maxTokensPerDocument: request.maxTokensPerDocument,
  }
}
