import type { RerankRequest } from '../../../rerank/model.ts'
import type { ResolvedModel } from '../../models/resolve.ts'
import { servingMode } from '../../models/names.ts'
import type { RerankTextDetails } from './wire.ts'

/** Writes the request; what nobody asked for is left to OCI. */
export function encodeRequest(request: RerankRequest, known: ResolvedModel): RerankTextDetails {
  const { documents, top } = request
  return {
    compartmentId: known.compartmentId,
    servingMode: servingMode(known.model),
    input: request.query,
    documents,
    // Clients ask for the best ten of however many there are.
    topN: top === undefined ? undefined : Math.min(top, documents.length),
    isEcho: request.echo || undefined,
    maxChunksPerDocument: request.maxChunksPerDocument,
    maxTokensPerDocument: request.maxTokensPerDocument,
  }
}
