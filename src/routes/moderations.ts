import { Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { decodeRequest } from '../openai/moderations/decode.ts'
import { encodeReply } from '../openai/moderations/encode.ts'
import { ModerationsRequest } from '../openai/moderations/schema.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { recordAnswer } from './record-usage.ts'
import { readJson, unknownMembers } from './read-json.ts'

/** Model name for requests without one: OCI's guardrails have no models. */
const DEFAULT_MODEL = 'oci-guardrails'

/** `POST /moderations`: OpenAI's moderations, answered by OCI's guardrails. */
export function moderations(context: RouteContext): Hono<GatewayEnvironment> {
  const { oci, platform, total } = context
  return new Hono<GatewayEnvironment>()
    .post('/moderations', async (c) => {
      const body = await readJson(c, ModerationsRequest, context)
      const model = body.model || DEFAULT_MODEL
      c.get('log')['model'] = model.slice(0, 200)
      const request = decodeRequest(body)
      c.get('log')['inputs'] = request.subjects.length
      const call = callContext(c, abortWithClient(c, total))
      const answer = await oci.moderate(request, call)
      recordAnswer(c, answer.opcRequestId, undefined)
      const warnings = [...unknownMembers(body, ModerationsRequest), ...answer.warnings]
      const reply = encodeReply(answer.value, { id: `modr-${platform.randomId()}`, model })
      return c.json(reply, 200, replyHeaders({ ...answer, warnings }))
    })
    .all('/moderations', methodNotAllowed('POST'))
}
