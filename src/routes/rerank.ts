import { Hono } from 'hono'
import { decodeRequest } from '../cohere/rerank/decode.ts'
import { encodeReply } from '../cohere/rerank/encode.ts'
import { RerankBody } from '../cohere/rerank/schema.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { recordAnswer } from './record-usage.ts'
import { readJson, unknownMembers } from './read-json.ts'
import { estimateRerankUsage } from './rerank-usage.ts'

/** `POST /rerank`: Cohere's (v1 and v2) and Jina's rerank API. */
export function rerank(context: RouteContext): Hono<GatewayEnvironment> {
  const { oci, platform, total } = context
  return new Hono<GatewayEnvironment>()
    .post('/rerank', async (c) => {
      const body = await readJson(c, RerankBody, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['inputs'] = body.documents.length
      const call = callContext(c, abortWithClient(c, total))
      const request = decodeRequest(body)
      const usage = estimateRerankUsage(request)
      const answer = await oci.rerank({ ...request, searchUnits: usage.searchUnits }, call)
      recordAnswer(c, answer.opcRequestId, undefined)
      const warnings = [...unknownMembers(body, RerankBody), ...answer.warnings]
      const reply = encodeReply(answer.value, {
        id: platform.randomId(),
        model: body.model,
        version: c.req.path.startsWith('/v2/') ? '2' : '1',
        warnings,
        usage,
      })
      return c.json(reply, 200, replyHeaders({ ...answer, warnings }))
    })
    .all('/rerank', methodNotAllowed('POST'))
}
