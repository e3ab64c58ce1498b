import { Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { decodeRequest } from '../openai/embeddings/decode.ts'
import { encodeReply } from '../openai/embeddings/encode.ts'
import { EmbeddingsRequest } from '../openai/embeddings/schema.ts'
import { answerJson } from './answer-json.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { recordAnswer } from './record-usage.ts'
import { readBody, unknownMembers } from './read-json.ts'
import { relayAnswer } from './stream-answer.ts'

/** `POST /embeddings`: OpenAI's embeddings, of texts and, with some models, of images. */
export function embeddings(context: RouteContext): Hono<GatewayEnvironment> {
  const { oci, total } = context
  return new Hono<GatewayEnvironment>()
    .post('/embeddings', async (c) => {
      const { received, valid: body } = await readBody(c, EmbeddingsRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      const request = decodeRequest(body)
      c.get('log')['inputs'] = request.inputs.length
      const abort = abortWithClient(c, total)
      const call = callContext(c, abort)
      const openAi = { path: '/embeddings', body: received } as const
      const exchange = { model: body.model, openAi, decode: () => Promise.resolve(request) }
      const answer = await oci.embed(exchange, call)
      if (answer.value.type === 'relayed') {
        const heartbeat = { text: '', ms: 0 }
        const relayed = { ...answer, value: answer.value.relayed }
        return relayAnswer(c, relayed, { abort, heartbeat, completion: undefined })
      }
      const { reply } = answer.value
      recordAnswer(c, answer.opcRequestId, reply.usage)
      const warnings = [...unknownMembers(body, EmbeddingsRequest), ...answer.warnings]
      const { model, encoding_format: format } = body
      const encoded = encodeReply(reply, { model, format })
      return answerJson(c, encoded, replyHeaders({ ...answer, warnings }))
    })
    .all('/embeddings', methodNotAllowed('POST'))
}
