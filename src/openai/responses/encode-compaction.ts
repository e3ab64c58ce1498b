import type { ChatEvent } from '../../chat/events.ts'
import type { ChatReply, FinishReason, Usage } from '../../chat/model.ts'
import type { StreamEncoder } from '../../chat/stream-encoder.ts'
import { ApiError } from '../../errors.ts'
import { encodeSummary } from './compaction.ts'
import { encodeResponse, endState, IN_PROGRESS, type ResponseFrame, usageState } from './encode.ts'
import { encodeFailure } from './error.ts'
import { createEventWriter, itemAdded, itemDone } from './event-writer.ts'
import { itemId, type ResponseIdentity } from './identity.ts'
import type { LooseObject } from './loose-json.ts'
import { checkSummary, summaryOf } from './summary.ts'
import type { StreamOptions } from './encode-stream.ts'
import type { CompactedResponse, CompactionOutput, ResponseObject, ResponseState } from './wire.ts'

/** Encodes the answer of `/responses/compact`: the user messages, then the summary. */
export function encodeCompacted(
  reply: ChatReply,
  { id, created }: ResponseIdentity,
  kept: readonly LooseObject[],
): CompactedResponse {
  const { usage } = usageState(reply.usage, reply.serviceTier)
  const output = [...kept, compactionItem(id, kept.length, summaryOf(reply))]
  return { id, object: 'response.compaction', created_at: created, output, usage }
}

/** Encodes a reply as a response with the summary as its only item. */
export function encodeCompactionReply(reply: ChatReply, frame: ResponseFrame): ResponseObject {
  return encodeResponse(frame, {
    ...endState(reply.choices[0]?.finishReason ?? 'stop', frame),
    output: [compactionItem(frame.identity.id, 0, summaryOf(reply))],
    ...usageState(reply.usage, reply.serviceTier),
  })
}

/** Creates the encoder of a streamed response with the summary as its only item. */
export function createCompactionEncoder(
  frame: ResponseFrame,
  { onComplete }: StreamOptions = {},
): StreamEncoder {
  const write = createEventWriter()
  const [texts, received]: [string[], Received] = [[], {}]
  const writeState = (type: string, state: ResponseState) =>
    write(`response.${type}`, `"response":${JSON.stringify(encodeResponse(frame, state))}`)
  const fail = (error: ApiError) =>
    writeState('failed', { ...IN_PROGRESS, status: 'failed', error: encodeFailure(error) })
  return {
    start: () => writeState('created', IN_PROGRESS) + writeState('in_progress', IN_PROGRESS),
    encode(events) {
      for (const event of events) collect(event, texts, received)
      return ''
    },
    end() {
      const { reason, usage, serviceTier } = received
      if (reason === undefined) return fail(INCOMPLETE)
      const item = compactionItem(frame.identity.id, 0, checkSummary(texts.join('')))
      const state = {
        ...endState(reason, frame),
        ...usageState(usage, serviceTier),
        output: [item],
      }
      onComplete?.(encodeResponse(frame, state))
      return itemAdded(write, 0, item) + itemDone(write, 0, item) + writeState(state.status, state)
    },
    fail,
    heartbeat: () => ': keep-alive\n\n',
  }
}

/** What a stream has besides the text. */
interface Received {
  reason?: FinishReason
  usage?: Usage
  serviceTier?: string
}

const INCOMPLETE = new ApiError(
  'upstream_incomplete',
  "OCI's reply ended without a finish reason",
)

function collect(event: ChatEvent, texts: string[], received: Received): void {
  if (event.type === 'text-delta' && event.choice === 0) texts.push(event.text)
  else if (event.type === 'finish' && event.choice === 0) received.reason = event.reason
  else if (event.type === 'usage') received.usage = event.usage
  else if (event.type === 'service-tier') received.serviceTier = event.serviceTier
}

function compactionItem(response: string, position: number, summary: string): CompactionOutput {
  const id = itemId('cmp', response, position)
  return { id, type: 'compaction', encrypted_content: encodeSummary(summary) }
}
