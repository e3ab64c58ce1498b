import type { ChatRequest } from '../../chat/model.ts'
import type { Answer } from '../answer.ts'
import { type ChatPlan, planChat } from './plan.ts'
import type { CallContext } from '../call.ts'
import type { OciContext } from '../context.ts'
import type { ErrorBody } from '../http/error-body.ts'
import { errorBodyOf } from '../http/error.ts'
import { clientTextsOf, withoutClientText } from '../models/client-text.ts'
import type { ResolvedModel } from '../models/resolve.ts'
import { applyToProfile, applyToRequest, inferQuirk } from '../models/learned-quirks.ts'
import type { ModelProfile } from '../models/profiles.ts'
import type { LearnedQuirk } from '../models/quirk.ts'
import {
  explainUnavailable,
  inferEndpoint,
  withReachableFormat,
} from '../models/endpoint-choice.ts'

/** Most quirks applied within one request beside those that are known; each costs one more call. */
const MAX_QUIRKS = 3

/**
 * Plans a call and makes it, again for each quirk that a refusal teaches. A quirk that has helped is
 * recorded: others are affected once a second request has met the same.
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
    await call.yieldToEventLoop?.()
    try {
      const answer = await attempt(run.plan(stream))
      run.record()
      return answer
    } catch (error) {
      const body = errorBodyOf(error)
      if (!body || !run.learn(body)) throw explainUnavailable(error, known.model, oci.scheme)
    }
  }
}

/** One request on its way through refusals. */
class QuirkRun {
  readonly #request: ChatRequest
  readonly #known: ResolvedModel
  readonly #oci: OciContext
  readonly #call: CallContext
  readonly #confirmed: readonly LearnedQuirk[]
  /** Met by this request, and of use to others. */
  #learned: readonly LearnedQuirk[]
  /** Inferred from words that the client may have chosen: they count for this request only. */
  #own: readonly LearnedQuirk[] = []
  #asked: ChatRequest
  #profile: ModelProfile
  readonly #tried = new Set<ModelProfile['format']>()

  constructor(request: ChatRequest, known: ResolvedModel, oci: OciContext, call: CallContext) {
    this.#request = this.#asked = request
    this.#known = known
    this.#profile = known.profile
    this.#oci = oci
    this.#call = call
    this.#confirmed = oci.quirks.of(known.model)
    this.#learned = call.trace?.quirks.get(known.model) ?? []
  }

  plan(stream: boolean): ChatPlan {
    const { scheme, project, signatures, limits } = this.#oci
    const { model, profile, compartmentId } = this.#known
    const quirks = [...this.#confirmed, ...this.#learned, ...this.#own]
    this.#profile = applyToProfile(withReachableFormat(profile, scheme), quirks)
    this.#tried.add(this.#profile.format)
    const { request, warnings } = applyToRequest(this.#request, quirks)
    this.#asked = request
    const target = {
      ...{ model, profile: this.#profile, compartmentId, project, limits },
      signatures: signatures.for(this.#call.client),
    }
    const plan = planChat(request, target, stream && this.#profile.streams)
    return { ...plan, warnings: [...warnings, ...plan.warnings] }
  }

  /** Whether a refusal taught something that asking again can use. */
  learn(body: ErrorBody): boolean {
    if (this.#learned.length + this.#own.length >= MAX_QUIRKS) return false
    const message = withoutClientText(body.message, clientTextsOf(this.#request))
    const quirk = this.#infer({ ...body, message })
    if (quirk) {
      this.#learned = [...this.#learned, quirk]
      return true
    }
    const own = this.#infer(body)
    if (own?.type === 'endpoint' || own === undefined) return false
    this.#own = [...this.#own, own]
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
      inferQuirk(body, this.#profile, { tried: this.#tried, request: this.#asked })
  }
}
