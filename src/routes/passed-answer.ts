import type { Context } from 'hono'
import type { AbortHandle } from '../abort.ts'
import type { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { Answer } from '../oci/answer.ts'
import type { Passed } from '../oci/relay/pass-through.ts'
import type { EndpointGroup } from '../openai/endpoints.ts'
import { encodeErrorEvent } from '../openai/error.ts'
import { createRelayedResponse } from '../openai/responses/complete-relayed.ts'
import { answerBytes } from './bytes-answer.ts'
import { relayAnswer } from './stream-answer.ts'

export interface PassedAnswerOptions {
  group: EndpointGroup
  abort: AbortHandle
  /** Idle milliseconds before a stream of events sends a comment; 0 disables it. */
  heartbeat: number
}

/** Responds with OCI's answer to a request that was passed on. */
export function passedAnswer(
  c: Context<GatewayEnvironment>,
  { value, ...answer }: Answer<Passed>,
  { group, abort, heartbeat }: PassedAnswerOptions,
): Response {
  if (value.type === 'bytes') return answerBytes(c, { ...answer, value }, abort)
  return relayAnswer(c, { ...answer, value }, {
    abort,
    heartbeat: { text: ': keep-alive\n\n', ms: heartbeat },
    completion: group === 'responses' ? createRelayedResponse() : UNCHANGED,
  })
}

/** Answers are passed on as they are. */
const UNCHANGED = {
  complete: (json: object) => json,
  completeEvents: (bytes: Uint8Array<ArrayBuffer>) => bytes,
  fail: (error: ApiError) => encodeErrorEvent(error),
}
