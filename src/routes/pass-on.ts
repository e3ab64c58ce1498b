import type { Context } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import type { Answer } from '../oci/answer.ts'
import type { Relayed } from '../oci/relay/read-answer.ts'
import { recordAnswer } from './record-usage.ts'
import { streamText, type TextStreamOptions } from './stream-answer.ts'

export type RelayAnswerOptions = Omit<TextStreamOptions, 'headers'>

/** Answers with what OCI itself said in OpenAI's words. */
export function relayAnswer(
  c: Context<GatewayEnvironment>,
  answer: Answer<Relayed>,
  options: RelayAnswerOptions,
): Response {
  c.get('log')['endpoint'] = 'openai'
  recordAnswer(c, answer.opcRequestId, undefined)
  switch (answer.value.type) {
    case 'whole':
      return c.json(answer.value.json, 200, replyHeaders(answer))
    case 'stream':
      return streamText(c, answer.value.batches, { ...options, headers: replyHeaders(answer) })
  }
}
