import type { ChatEventBatches } from '../chat/events.ts'
import type { ChatReply, ChatRequest } from '../chat/model.ts'
import { replay } from '../chat/replay.ts'
import { extractToolCalls } from '../chat/tool-call-text.ts'
import type { Answer } from './answer.ts'
import { jobOf, type Leg, makeAttempts } from './attempts.ts'
import { type ChatPlan, planChat } from './chat-plan.ts'
import { readReply } from './chat-reply.ts'
import { isEventStream, openEvents, type StreamedAttempt } from './chat-stream.ts'
import { childController } from './child-controller.ts'
import type { CallContext, OciContext } from './context.ts'
import { errorBodyOf } from './error.ts'
import { knowModel } from './known-model.ts'
import { applyLessons, learnFrom, type Lesson } from './lessons.ts'
import type { ModelProfile } from './models.ts'
import { askSeveral, joinReplies, joinStreams } from './several.ts'
import { addressOf } from './targets.ts'
import { within } from './within.ts'
import { explainUnserved, learnWay, withinReach } from './transports.ts'

/** Lessons heeded in one request at most, each of them a call more. */
const MOST_LESSONS = 3

/** The whole answer to a conversation. */
export function chat(
  request: ChatRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatReply>> {
  return withLessons(request, oci, call, (plan) => sendWholes(plan, oci, call), false)
}

/**
 * The answer event by event. It resolves when OCI has begun to answer, so that what fails before
 * is an honest status; a model that cannot stream is asked for the whole, which is then cut up.
 */
export function streamChat(
  request: ChatRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatEventBatches>> {
  return withLessons(request, oci, call, async (plan) => {
    if (plan.profile.streams) {
      const send = (own: CallContext) => sendStreamed(plan, oci, own)
      return await askSeveral(plan.calls, call, send, joinStreams)
    }
    const answer = await sendWholes(plan, oci, call)
    return { ...answer, value: cut(answer.value) }
  }, true)
}

/** Plans and makes a call, again for each lesson its refusals teach; what helped is remembered. */
async function withLessons<T>(
  request: ChatRequest,
  oci: OciContext,
  call: CallContext,
  attempt: (plan: ChatPlan) => Promise<Answer<T>>,
  stream: boolean,
): Promise<Answer<T>> {
  const { model, compartmentId, ...untaught } = await knowModel(request.model, oci, call)
  const { scheme, project } = oci
  const known = oci.lessons.apply(model, withinReach(untaught.profile, scheme))
  const learnt: Lesson[] = []
  const formats = new Set<ModelProfile['format']>()
  for (;;) {
    const profile = applyLessons(known, learnt)
    formats.add(profile.format)
    const target = { model, profile, compartmentId, project, signatures: oci.signatures }
    const plan = planChat(request, target, stream && profile.streams)
    try {
      const answer = await attempt(plan)
      if (learnt.length > 0) remember(model, learnt, oci)
      return answer
    } catch (error) {
      const body = errorBodyOf(error)
      const lesson = body && learnt.length < MOST_LESSONS
        ? learnWay(body, profile, formats, scheme) ?? learnFrom(body, profile, formats)
        : undefined
      if (!lesson) throw explainUnserved(error, model, scheme)
      learnt.push(lesson)
    }
  }
}

function remember(model: string, lessons: readonly Lesson[], { platform, ...oci }: OciContext) {
  oci.lessons.remember(model, lessons)
  const names = lessons.map(({ name }) => name).join(', ')
  platform.log({ level: 'info', event: 'model_lesson', model, lesson: names })
}

function sendWholes(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatReply>> {
  const send = (own: CallContext) => sendWhole(plan, oci, own)
  return askSeveral(plan.calls, call, send, joinReplies)
}

function sendWhole(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatReply>> {
  return makeAttempts(
    async (leg) => {
      const response = await sendPlan(plan, oci, { ...call, leg })
      return answerOf(response, plan, await readReply(response, plan, oci, call.signal))
    },
    jobOf(plan.model, call),
    oci,
  )
}

function sendStreamed(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<ChatEventBatches>> {
  return makeAttempts(
    (leg) => beginInTime(oci.timeouts.commit, leg, plan, (leg) => openAnswer(plan, oci, call, leg)),
    jobOf(plan.model, call),
    oci,
  )
}

interface StreamedLeg extends Omit<Leg, 'isLast'>, StreamedAttempt {}

async function openAnswer(
  plan: ChatPlan,
  oci: OciContext,
  call: CallContext,
  leg: StreamedLeg,
): Promise<Answer<ChatEventBatches>> {
  const attempt = childController(call.signal)
  const response = await sendPlan(plan, oci, { ...call, signal: attempt.signal, leg })
  const value = isEventStream(response)
    ? withoutToolCallText(await openEvents(response, plan, oci, attempt, leg), plan, oci)
    : cut(await readReply(response, plan, oci, attempt.signal))
  return answerOf(response, plan, value)
}

/**
 * What OCI has not begun to answer within `commit` milliseconds begins for the client all the same:
 * it sees that the gateway lives. From then on a failure is an event of the stream, and final.
 */
async function beginInTime(
  commit: number,
  leg: Leg,
  { warnings }: ChatPlan,
  open: (leg: StreamedLeg) => Promise<Answer<ChatEventBatches>>,
): Promise<Answer<ChatEventBatches>> {
  let isLate = false
  const opening = open({ ...leg, isLast: () => leg.isLast || isLate })
  const answer = await within(commit, opening)
  if (answer) return answer
  isLate = true
  opening.catch(leg.noteBroken)
  return { value: follow(opening), warnings, opcRequestId: undefined }
}

async function* follow(opening: Promise<Answer<ChatEventBatches>>): ChatEventBatches {
  yield* (await opening).value
}

function sendPlan(
  { model, profile, format, headers: own, body }: ChatPlan,
  oci: OciContext,
  { requestId, signal, leg }: CallContext & { leg: Pick<Leg, 'target' | 'retryToken'> },
): Promise<Response> {
  const url = addressOf(leg.target, format.envelope.path)
  const headers = { ...own, 'opc-retry-token': leg.retryToken }
  return oci.send({ method: 'POST', url, headers, body, model, profile, requestId }, signal)
}

function answerOf<T>(response: Response, { warnings }: ChatPlan, value: T): Answer<T> {
  return { value, warnings, opcRequestId: response.headers.get('opc-request-id') ?? undefined }
}

function withoutToolCallText(
  events: ChatEventBatches,
  { toolCallText }: ChatPlan,
  { platform }: OciContext,
): ChatEventBatches {
  return toolCallText ? extractToolCalls(events, platform) : events
}

async function* cut(reply: ChatReply): ChatEventBatches {
  yield* replay(reply)
}
