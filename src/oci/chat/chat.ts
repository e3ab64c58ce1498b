import type { ChatEventBatches } from '../../chat/events.ts'
import type { ChatReply, ChatRequest } from '../../chat/model.ts'
import { replay } from '../../chat/replay.ts'
import { extractToolCalls } from '../../chat/tool-call-text.ts'
import { withTimeout } from '../../timeout.ts'
import type { Answer } from '../answer.ts'
import { withQuirks } from './apply-quirks.ts'
import {
  type Attempt,
  type AttemptedAnswer,
  attemptOptions,
  makeAttempts,
} from '../resilience/attempts.ts'
import type { ChatPlan } from './plan.ts'
import { failedCallOf, readReply } from './read-reply.ts'
import { isEventStream, opcRequestId } from '../http/response-headers.ts'
import { openEvents, type StreamedAttempt } from './open-stream.ts'
import { childController } from '../async/child-controller.ts'
import type { ResolvedModel } from '../models/resolve.ts'
import type { CallContext } from '../call.ts'
import type { OciContext } from '../context.ts'
import { fanOut, joinReplies, joinStreams } from './fan-out.ts'
import { addressOf } from '../resilience/region-targets.ts'

/** The whole answer to a conversation. */
export function chat(
  request: ChatRequest,
  model: ResolvedModel,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatReply>> {
  return withQuirks(request, model, oci, call, (plan) => sendWholes(plan, oci, call), false)
}

/**
 * The answer event by event. It resolves when OCI has begun to answer, so that what fails before
 * is an honest status; a model that cannot stream is asked for the whole, which is then cut up.
 */
export function streamChat(
  request: ChatRequest,
  model: ResolvedModel,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatEventBatches>> {
  const repeatsEmpty = !hasToolResult(request)
  return withQuirks(request, model, oci, call, async (plan) => {
    if (plan.profile.streams) {
      const send = (own: CallContext) => sendStreamed(plan, oci, own, repeatsEmpty)
      return await fanOut(plan.calls, call, send, joinStreams)
    }
    const answer = await sendWholes(plan, oci, call)
    return { ...answer, value: cut(answer.value) }
  }, true)
}

/**
 * Whether the model is asked to go on after a tool's result. An empty answer is then what was meant:
 * the tool itself may have delivered the reply.
 */
function hasToolResult({ messages }: ChatRequest): boolean {
  const lastAnswer = messages.findLastIndex(({ role }) => role === 'assistant')
  return messages.slice(lastAnswer + 1).some(({ role }) => role === 'tool')
}

function sendWholes(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatReply>> {
  const send = (own: CallContext) => sendWhole(plan, oci, own)
  return fanOut(plan.calls, call, send, joinReplies)
}

function sendWhole(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatReply>> {
  return makeAttempts(
    async (leg) => {
      const response = await sendPlan(plan, oci, { ...call, leg })
      const own = { ...oci, signatures: oci.signatures.for(call.client) }
      return answerOf(response, plan, await readReply(response, plan, own, call.signal))
    },
    attemptOptions(plan.model, call),
    oci,
  )
}

function sendStreamed(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
  repeatsEmpty: boolean,
): Promise<Answer<ChatEventBatches>> {
  const open = (leg: StreamedLeg) => openAnswer(plan, oci, call, leg)
  return makeAttempts(
    (leg) => beginInTime(oci.timeouts.streamStart, leg, plan, { open, repeatsEmpty }),
    attemptOptions(plan.model, call),
    oci,
  )
}

type StreamedLeg = Attempt & StreamedAttempt

async function openAnswer(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
  leg: StreamedLeg,
): Promise<AttemptedAnswer<ChatEventBatches>> {
  const attempt = childController(call.signal)
  const response = await sendPlan(plan, oci, { ...call, signal: attempt.signal, leg })
  const own = { ...oci, signatures: oci.signatures.for(call.client) }
  if (!isEventStream(response)) {
    const value = cut(await readReply(response, plan, own, attempt.signal))
    leg.deferOutcome().succeed()
    return answerOf(response, plan, value)
  }
  const { events, isEmpty } = await openEvents(response, plan, own, attempt, leg)
  const value = withoutToolCallText(events, plan, oci)
  return { ...answerOf(response, plan, value), isEmpty }
}

interface OpenOptions {
  open(leg: StreamedLeg): Promise<AttemptedAnswer<ChatEventBatches>>
  repeatsEmpty: boolean
}

/**
 * What OCI has not begun to answer within `commit` milliseconds begins for the client all the same:
 * it sees that the gateway lives. From then on a failure is an event of the stream, and final.
 */
async function beginInTime(
  commit: number,
  leg: Attempt,
  { warnings }: ChatPlan,
  { open, repeatsEmpty }: OpenOptions,
): Promise<AttemptedAnswer<ChatEventBatches>> {
  let isLate = false
  const opening = open({ ...leg, repeatsEmpty: () => repeatsEmpty && !leg.isLast && !isLate })
  const answer = await withTimeout(commit, opening)
  if (answer) return answer
  isLate = true
  opening.catch(leg.deferOutcome().fail)
  return { value: follow(opening), warnings, opcRequestId: undefined }
}

async function* follow(opening: Promise<Answer<ChatEventBatches>>): ChatEventBatches {
  yield* (await opening).value
}

function sendPlan(
  plan: ChatPlan,
  oci: OciContext,
  { requestId, signal, leg, yieldToEventLoop }: CallContext & {
    leg: Pick<Attempt, 'target' | 'retryToken'>
  },
): Promise<Response> {
  const url = addressOf(leg.target, plan.format.envelope.path)
  const headers = { ...plan.headers, 'opc-retry-token': leg.retryToken }
  const outgoing = {
    method: 'POST' as const,
    url,
    headers,
    body: plan.body,
    requestId,
    yieldToEventLoop,
  }
  return oci.send({ ...outgoing, ...failedCallOf(plan) }, signal)
}

function answerOf<T>(response: Response, { warnings }: ChatPlan, value: T): Answer<T> {
  return { value, warnings, opcRequestId: opcRequestId(response) }
}

function withoutToolCallText(
  events: ChatEventBatches,
  { parseToolCallsFromText }: ChatPlan,
  { platform }: OciContext,
): ChatEventBatches {
  return parseToolCallsFromText ? extractToolCalls(events, platform) : events
}

async function* cut(reply: ChatReply): ChatEventBatches {
  yield* replay(reply)
}
