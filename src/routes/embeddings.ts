import { Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { decodeRequest } from '../openai/embeddings/decode.ts'
import { encodeReply } from '../openai/embeddings/encode.ts'
import { EmbeddingsRequest } from '../openai/embeddings/schema.ts'
import { encodeErrorEvent } from '../openai/error.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { noteAnswer } from './record-usage.ts'
import { passOn } from './pass-on.ts'
import { readJson } from './read-json.ts'
import { unknownMembers } from './unknown-members.ts'

/** `POST /embeddings`: OpenAI's, for texts and, where the model sees, pictures. */
export function embeddings(context: RouteContext): Hono<GatewayEnvironment> {
  const { oci, total } = context
  return new Hono<GatewayEnvironment>()
    .post('/embeddings', async (c) => {
      const body = await readJson(c, EmbeddingsRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      const request = decodeRequest(body)
      c.get('log')['inputs'] = request.inputs.length
      const abort = abortWithClient(c, total)
      const call = callContext(c, abort)
      const openAi = { path: '/embeddings', body, asked: body.model } as const
      const relayed = await oci.relay(openAi, call)
      if (relayed) {
        const heartbeat = { text: '', ms: 0 }
        return passOn(c, relayed, { abort, heartbeat, errorEvent: encodeErrorEvent })
      }
      const answer = await oci.embed(request, call)
      noteAnswer(c, answer.opcRequestId, answer.value.usage)
      const warnings = [...unknownMembers(body, EmbeddingsRequest), ...answer.warnings]
      const { model, encoding_format: format } = body
      const reply = encodeReply(answer.value, { model, format })
      return c.json(reply, 200, replyHeaders({ ...answer, warnings }))
    })
    .all('/embeddings', methodNotAllowed('POST'))
}
