import type { ChatRequest } from '../../chat/model.ts'
import { runInSteps, type Steps } from '../../steps.ts'
import type { Answer } from '../answer.ts'
import { type ChatPlan, planChat } from './plan.ts'
import type { CallContext, Meter } from '../call.ts'
import type { OciContext } from '../context.ts'
import type { ErrorBody } from '../http/error-body.ts'
import { errorBodyOf } from '../http/error.ts'
import { clientTextsOf, withoutClientText } from '../models/client-text.ts'
import { outputLimit } from '../formats/request/output-limit.ts'
import { addressOf } from '../resilience/region-targets.ts'
import type { ResolvedModel } from '../models/resolve.ts'
import { applyToProfile, applyToRequest, inferQuirk } from '../models/learned-quirks.ts'
import type { ModelProfile } from '../models/profiles.ts'
import type { LearnedQuirk } from '../models/quirk.ts'
import {
  explainUnavailable,
  inferEndpoint,
  withReachableFormat,
} from '../models/endpoint-choice.ts'

/** Maximum quirks that one request learns; each costs one more call. */
const MAX_QUIRKS = 3

/**
 * Plans a call and makes it, and repeats both for each quirk that a rejection reveals. A quirk that
 * helped is recorded; it affects other requests once a second request has met it.
 */
export async function withQuirks<T>(
  request: ChatRequest,
  known: ResolvedModel,
  oci: OciContext,
  call: CallContext,
  attempt: (plan: ChatPlan) => Promise<Answer<T>>,
  stream: boolean,
): Promise<Answer<T>> {
  const run = new QuirkRun(request, known, oci, call)
  for (;;) {
    if (call.yieldToEventLoop) await call.yieldToEventLoop()
    try {
      const planned = call.meter
        ? reservePlan(run, oci, call, call.meter, stream)
        : runInSteps(run.plan(stream), call.yieldToEventLoop)
      const plan = planned instanceof Promise ? await planned : planned
      const answer = await attempt(plan)
      run.record()
      return answer
    } catch (error) {
      const body = errorBodyOf(error)
      if (!body || !run.learn(body)) throw explainUnavailable(error, known.model, oci.scheme)
    }
  }
}

/** Plans a call within the limits of the client. Most reservations change nothing of the plan. */
async function reservePlan(
  run: QuirkRun,
  oci: OciContext,
  { yieldToEventLoop }: CallContext,
  meter: Meter,
  stream: boolean,
): Promise<ChatPlan> {
  const plan = await runInSteps(run.plan(stream), yieldToEventLoop)
  const planned = run.plannedUse(plan)
  // The signature takes about as long as the reservation, and needs another thread only.
  if (!meter.mayChange(planned)) await signAhead(plan, oci, yieldToEventLoop)
  const reserved = await meter.reserve(planned)
  const { output, warnings } = reserved
  const fitting = output < planned.output.tokens
    ? await runInSteps(run.plan(stream, output), yieldToEventLoop)
    : plan
  return { ...fitting, reserved, warnings: [...fitting.warnings, ...warnings] }
}

/** Begins to sign the first call of a plan. */
async function signAhead(
  { model, format, body }: ChatPlan,
  { targets, send }: OciContext,
  yieldToEventLoop: CallContext['yieldToEventLoop'],
): Promise<void> {
  const [target] = targets.of(model)
  const url = addressOf(target, format.envelope.path)
  await send.prepare?.({ method: 'POST', url, body, yieldToEventLoop })
}

/** The quirks of one request. */
class QuirkRun {
  readonly #request: ChatRequest
  readonly #known: ResolvedModel
  readonly #oci: OciContext
  readonly #call: CallContext
  readonly #confirmed: readonly LearnedQuirk[]
  /** Met by this request, and recorded for others. */
  #learned: readonly LearnedQuirk[]
  /** Inferred from words that may be the client's, so they apply to this request only. */
  #unrecorded: readonly LearnedQuirk[] = []
  #sent: ChatRequest
  #profile: ModelProfile
  readonly #tried = new Set<ModelProfile['format']>()

  constructor(request: ChatRequest, known: ResolvedModel, oci: OciContext, call: CallContext) {
    this.#request = this.#sent = request
    this.#known = known
    this.#profile = known.profile
    this.#oci = oci
    this.#call = call
    this.#confirmed = oci.quirks.of(known.model)
    this.#learned = call.trace?.quirks.get(known.model) ?? []
  }

  /** @param outputLimit replaces the default limit, if less fits the limits of the client */
  *plan(stream: boolean, outputLimit?: number): Steps<ChatPlan> {
    const { scheme, project, signatures, limits, platform } = this.#oci
    const { model, profile, compartmentId } = this.#known
    const quirks = [...this.#confirmed, ...this.#learned, ...this.#unrecorded]
    this.#profile = applyToProfile(withReachableFormat(profile, scheme), quirks)
    this.#tried.add(this.#profile.format)
    const { request, warnings } = applyToRequest(this.#request, quirks)
    this.#sent = request
    const target = {
      model,
      profile: this.#profile,
      compartmentId,
      project,
      limits,
      signatures: signatures.for(this.#call.client),
      encodeText: platform.encodeText,
    }
    const limited = outputLimit === undefined ? request : { ...request, outputLimit }
    const plan = yield* planChat(limited, target, stream && this.#profile.streams)
    return { ...plan, warnings: [...warnings, ...plan.warnings] }
  }

  /** The most that the last plan may use. */
  plannedUse({ calls, choices }: ChatPlan) {
    const { model, name } = this.#known
    const { format } = this.#profile
    const isOpenAi = format === 'CHAT_COMPLETIONS' || format === 'RESPONSES'
    return {
      model: name ?? model,
      endpoint: isOpenAi ? 'openai' : 'native',
      prompt: { type: 'chat', request: this.#sent },
      calls,
      answers: calls * choices,
      output: {
        tokens: outputLimit(this.#sent, this.#profile).tokens,
        isFixed: this.#sent.outputLimit !== undefined,
      },
    } as const
  }

  /** Infers a quirk from a rejection. Returns whether another call may succeed. */
  learn(body: ErrorBody): boolean {
    if (this.#learned.length + this.#unrecorded.length >= MAX_QUIRKS) return false
    const message = withoutClientText(body.message, clientTextsOf(this.#request))
    const quirk = this.#infer({ ...body, message })
    if (quirk) {
      this.#learned = [...this.#learned, quirk]
      return true
    }
    const own = this.#infer(body)
    if (own?.type === 'endpoint' || own === undefined) return false
    this.#unrecorded = [...this.#unrecorded, own]
    return true
  }

  record(): void {
    const { quirks, platform } = this.#oci
    const { model } = this.#known
    const confirmed = quirks.record(model, this.#learned, this.#call.requestId)
    if (this.#learned.length === 0) return
    platform.log({
      level: 'info',
      event: 'model_quirk',
      model,
      quirk: this.#learned.map(({ name }) => name).join(', '),
      confirmed: confirmed.length > 0,
    })
  }

  #infer(body: ErrorBody): LearnedQuirk | undefined {
    return inferEndpoint(body, this.#profile, this.#tried, this.#oci.scheme) ??
      inferQuirk(body, this.#profile, { tried: this.#tried, request: this.#sent })
  }
}
