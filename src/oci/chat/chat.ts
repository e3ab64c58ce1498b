import type { ChatEventBatches } from '../../chat/events.ts'
import { joinReplies, mergeStreams } from '../../chat/join.ts'
import type { ChatReply, ChatRequest } from '../../chat/model.ts'
import { replay } from '../../chat/replay.ts'
import { extractToolCalls } from '../../chat/tool-call-text.ts'
import type { UpstreamResponse } from '../../platform.ts'
import { type Timers, withTimeout } from '../../timeout.ts'
import type { Answer } from '../answer.ts'
import { withQuirks } from './apply-quirks.ts'
import {
  type Attempt,
  type AttemptedAnswer,
  attemptOptions,
  makeAttempts,
} from '../resilience/attempts.ts'
import { countReply } from './count-use.ts'
import type { ChatPlan } from './plan.ts'
import { failedCallOf, type ReadContext, readReply } from './read-reply.ts'
import { isEventStream, opcRequestId, selectedRegion } from '../http/response-headers.ts'
import { openEvents, type StreamAttempt } from './open-stream.ts'
import { childController } from '../async/child-controller.ts'
import type { ResolvedModel } from '../models/resolve.ts'
import type { CallContext } from '../call.ts'
import type { OciContext } from '../context.ts'
import { fanOut } from './fan-out.ts'
import { addressOf } from '../resilience/region-targets.ts'

/** Sends a chat and returns the complete reply. */
export function chat(
  request: ChatRequest,
  model: ResolvedModel,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatReply>> {
  return withQuirks(request, model, oci, call, (plan) => sendAll(plan, oci, call), false)
}

/**
 * Sends a chat and returns the events of the reply. Resolves when OCI has started to answer, so that
 * earlier failures get an HTTP status. The complete reply of a model that cannot stream is split.
 */
export function streamChat(
  request: ChatRequest,
  model: ResolvedModel,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatEventBatches>> {
  const retriesEmpty = !hasToolResult(request)
  return withQuirks(request, model, oci, call, async (plan) => {
    if (plan.profile.streams) {
      const send = (own: CallContext) => sendStreamed(plan, oci, own, retriesEmpty)
      return await fanOut(plan.calls, call, send, mergeStreams)
    }
    const answer = await sendAll(plan, oci, call)
    return { ...answer, value: splitReply(answer.value) }
  }, true)
}

/**
 * Whether the model continues after a tool's result. An empty answer is then intended: the tool may
 * have delivered the reply.
 */
function hasToolResult({ messages }: ChatRequest): boolean {
  const lastAnswer = messages.findLastIndex(({ role }) => role === 'assistant')
  return messages.slice(lastAnswer + 1).some(({ role }) => role === 'tool')
}

function sendAll(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatReply>> {
  const send = (own: CallContext) => sendOne(plan, oci, own)
  return fanOut(plan.calls, call, send, (replies) => joinReplies(replies, 1))
}

function sendOne(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatReply>> {
  return makeAttempts(
    async (attempt) => {
      const response = await sendPlan(plan, oci, { ...call, attempt })
      const reply = await readReply(
        response,
        plan,
        readContext(oci, call),
        call.signal,
        attempt.use,
      )
      return answerOf(response, plan, attempt.use ? countReply(reply, attempt.use) : reply)
    },
    attemptOptions(plan.model, call, plan),
    oci,
  )
}

function sendStreamed(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
  retriesEmpty: boolean,
): Promise<Answer<ChatEventBatches>> {
  const options: OpenOptions = {
    open: (attempt) => openAnswer(plan, oci, call, attempt),
    retriesEmpty,
    streamStart: oci.timeouts.streamStart,
    timers: call.timers,
  }
  return makeAttempts(
    (attempt) => startInTime(attempt, plan, options),
    attemptOptions(plan.model, call, { ...plan, isStreamed: true }),
    oci,
  )
}

function readContext(
  { platform, timeouts, signatures }: OciContext,
  { client, timers }: CallContext,
): ReadContext {
  return { platform, timeouts, signatures: signatures.for(client), timers }
}

type StreamedAttempt = Attempt & StreamAttempt

async function openAnswer(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
  attempt: StreamedAttempt,
): Promise<AttemptedAnswer<ChatEventBatches>> {
  const controller = childController(call.signal)
  const response = await sendPlan(plan, oci, { ...call, signal: controller.signal, attempt })
  const own = readContext(oci, call)
  if (!isEventStream(response)) {
    const reply = await readReply(response, plan, own, controller.signal, attempt.use)
    const value = splitReply(attempt.use ? countReply(reply, attempt.use) : reply)
    attempt.deferOutcome().succeed()
    return answerOf(response, plan, value)
  }
  const { events, isEmpty } = await openEvents(response, plan, own, controller, attempt)
  const value = withoutToolCallText(events, plan, oci)
  return { ...answerOf(response, plan, value), isEmpty }
}

interface OpenOptions {
  open(attempt: StreamedAttempt): Promise<AttemptedAnswer<ChatEventBatches>>
  retriesEmpty: boolean
  streamStart: number
  timers: Timers | undefined
}

/**
 * Starts the stream to the client after `streamStart` milliseconds even if OCI has not started to
 * answer, so that clients and proxies do not time out. Later failures are events of the stream, and
 * are not retried.
 */
async function startInTime(
  attempt: Attempt,
  { warnings }: ChatPlan,
  { open, retriesEmpty, streamStart, timers }: OpenOptions,
): Promise<AttemptedAnswer<ChatEventBatches>> {
  let isLate = false
  const opening = open({
    ...attempt,
    retriesEmpty: () => retriesEmpty && !attempt.isLast && !isLate,
  })
  const answer = await withTimeout(streamStart, opening, timers)
  if (answer) return answer
  isLate = true
  opening.catch(attempt.deferOutcome().fail)
  return { value: follow(opening), warnings, opcRequestId: undefined }
}

async function* follow(opening: Promise<Answer<ChatEventBatches>>): ChatEventBatches {
  yield* (await opening).value
}

function sendPlan(
  plan: ChatPlan,
  oci: OciContext,
  { requestId, signal, timers, attempt, yieldToEventLoop }: CallContext & {
    attempt: Pick<Attempt, 'target' | 'retryToken' | 'headers'>
  },
): Promise<UpstreamResponse> {
  const url = addressOf(attempt.target, plan.format.envelope.path)
  const headers = { ...plan.headers, 'opc-retry-token': attempt.retryToken, ...attempt.headers }
  const outgoing = {
    method: 'POST' as const,
    url,
    headers,
    body: plan.body,
    requestId,
    timers,
    yieldToEventLoop,
  }
  return oci.send({ ...outgoing, ...failedCallOf(plan) }, signal)
}

function answerOf<T>(response: UpstreamResponse, { warnings }: ChatPlan, value: T): Answer<T> {
  const region = selectedRegion(response)
  return { value, warnings, opcRequestId: opcRequestId(response), region }
}

function withoutToolCallText(
  events: ChatEventBatches,
  { parseToolCallsFromText }: ChatPlan,
  { platform }: OciContext,
): ChatEventBatches {
  return parseToolCallsFromText ? extractToolCalls(events, platform) : events
}

async function* splitReply(reply: ChatReply): ChatEventBatches {
  yield* replay(reply)
}
