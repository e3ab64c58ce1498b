import { isModelAllowed } from '../access/model-patterns.ts'
import type { KeyIdentity } from '../access/stored-keys.ts'
import { clientClosed } from '../errors.ts'
import type { Meter, PlannedUse, Prompt, ReservedUse } from '../oci/call.ts'
import { covers, type Held } from './held-use.ts'
import type { BoundedMap } from '../bounded-map.ts'
import type { PriceBook } from '../prices/price.ts'
import type { Reservation, ReservationResult, Settlement } from '../store/store.ts'
import { CallCounter } from './call-counter.ts'
import type { Estimates } from './estimates.ts'
import {
  type FinalState,
  ledgerRow,
  type MeteredRequest,
  type RequestTotals,
  totalsOf,
  worstRow,
} from './ledger-row.ts'
import { demandOf, type Limit, type LimitState, type WorstUse } from './limits.ts'
import { type MeasuredUse, measureUse, withOutput, worstUse } from './measure.ts'
import { limitReached, modelNotAllowed, notPriced } from './rejections.ts'

export interface MeterDependencies {
  estimates: Estimates
  prices(): PriceBook
  now(): number
  /** The limits of a key and its team, with the counters of this moment. */
  limitsOf(identity: KeyIdentity, now: number): readonly Limit[]
  /** Reserves; `undefined` if the store is down and requests are served without it. */
  reserve(
    reservation: Reservation,
    identity: KeyIdentity,
  ): Promise<ReservationResult | undefined>
  /** The request has ended. Its settlement is written soon; absent if it has used nothing. */
  end(settlement: Settlement | undefined): void
  /** Whether an answer without an output limit gets the learned one, so that less is reserved. */
  usesLearnedLimit: boolean
  /** Keys whose last request was rejected, by their ids. */
  rejectedKeys: BoundedMap<true>
  /** Tokens of conversations that OCI stores, by the id of their last response. */
  storedTokens: BoundedMap<number>
  /** Milliseconds until a reservation expires. */
  ttl: number
}

/** Output tokens that are worth a call, if only these fit. */
const MIN_OUTPUT = 16
/** A lower learned limit would save little, and cut the first long answer. */
const MIN_LEARNED_LIMIT = 256

/** Counts what one request uses. It reserves before the first call and settles once, at the end. */
export class RequestMeter implements Meter {
  readonly request: MeteredRequest
  readonly #dependencies: MeterDependencies
  readonly #calls: CallCounter[] = []
  #prompts: readonly Prompt[] | undefined
  #held: Held | undefined
  #limits: readonly Limit[] = []
  #states: readonly LimitState[] = []
  #reserving: Promise<unknown> | undefined
  #hasReserved = false
  #final: FinalState | undefined
  person: string | undefined
  session: string | undefined

  constructor(request: MeteredRequest, dependencies: MeterDependencies) {
    this.request = request
    this.#dependencies = dependencies
  }

  /** The limits that apply, as they were when the request was reserved or rejected. */
  get limitStates(): readonly LimitState[] {
    return this.#states
  }

  /** What the request has used so far. */
  get totals(): RequestTotals {
    return totalsOf(this.#calls)
  }

  checkModel(requested: string, model: { model: string; name: string | undefined }): void {
    const { identity } = this.request
    if (!identity || isModelAllowed(identity.key.models, { requested, ...model })) return
    throw modelNotAllowed(requested, `key "${identity.key.name}"`)
  }

  mayChange({ model, output }: PlannedUse): boolean {
    const { identity } = this.request
    const isReduced = output && !output.isFixed && output.tokens > this.#learnedLimit(model)
    return isReduced || this.#dependencies.rejectedKeys.has(identity?.key.id ?? '')
  }

  storedTokens(id: string): number | undefined {
    return this.#dependencies.storedTokens.get(id)
  }

  announce(prompts: readonly Prompt[]): void {
    this.#prompts = prompts
  }

  async reserve(planned: PlannedUse): Promise<ReservedUse> {
    return await this.#inTurn(() => this.#reserve(planned))
  }

  /** Settles what was used. A reservation that is in progress is settled when it is there. */
  end(final: FinalState): void {
    if (this.#final) return
    this.#final = final
    if (!this.#reserving) return this.#settle(final)
    void this.#reserving.then(() => this.#settle(final))
  }

  /** Reservations of one request wait for each other, so that none replaces another unseen. */
  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const before = this.#reserving
    const result = before ? before.then(action) : action()
    const settled = result.then(() => {}, () => {}).then(() => {
      if (this.#reserving === settled) this.#reserving = undefined
    })
    this.#reserving = settled
    return result
  }

  async #reserve(planned: PlannedUse): Promise<ReservedUse> {
    const known = this.#held
    const own = this.#measure(planned, undefined)
    if (known && covers(known, own)) return this.#reservedUse(known, own, [])
    const use = this.#withOthers(planned, own)
    const base = known?.calls.some(({ isRefused }) => !isRefused) ? known.worst : undefined
    // The joined prompt is the sum of all prompts, each of which is sent with each of its own calls.
    const held = await this.#hold(use, worstUse({ ...use, calls: own.calls }, base))
    return this.#reservedUse(held, own, this.#warnings(held))
  }

  /** Adds the plans for the other prompts of the request. */
  #withOthers(planned: PlannedUse, own: MeasuredUse): MeasuredUse {
    const prompts = this.#prompts ?? []
    if (prompts.length < 2) return own
    const { calls, answers } = planned
    return {
      ...this.#measure(planned, prompts),
      ...{ calls: calls * prompts.length, answers: answers * prompts.length },
    }
  }

  #measure(planned: PlannedUse, prompts: readonly Prompt[] | undefined): MeasuredUse {
    const { estimates, prices } = this.#dependencies
    return measureUse(planned, { estimates, prices: prices(), prompts })
  }

  async #hold(use: MeasuredUse, worst: WorstUse): Promise<Held> {
    const { tokens, isFixed } = use.output ?? { tokens: 0, isFixed: true }
    const wanted = isFixed ? tokens : Math.min(tokens, this.#learnedLimit(use.model))
    const minimum = isFixed ? wanted : Math.min(wanted, MIN_OUTPUT)
    const output = await this.#reserveUse(use, worst, { wanted, minimum })
    const held: Held = {
      ...{ use, output, capacity: use.calls, calls: [] },
      isLearnedLimit: output === wanted && wanted < tokens,
      worst: withOutput(worst, output),
    }
    this.#held = held
    return held
  }

  /** The output limit of an answer whose client has set none; infinite if nothing is learned. */
  #learnedLimit(model: string): number {
    const { request: { identity } } = this
    const { usesLearnedLimit, limitsOf, estimates, now } = this.#dependencies
    const isLimited = usesLearnedLimit && identity && limitsOf(identity, now()).length > 0
    const learned = isLimited ? estimates.completion95(model) : undefined
    return learned === undefined ? Infinity : Math.max(learned, MIN_LEARNED_LIMIT)
  }

  /** Resolves with the output tokens that fit. Throws if the request does not fit a limit. */
  async #reserveUse(
    use: MeasuredUse,
    worst: WorstUse,
    output: Reservation['output'],
  ): Promise<number> {
    const { request: { identity, id } } = this
    if (!identity) return output.wanted
    // What a request reserves after its end would never be settled: another prompt of a rejected list.
    if (this.#final) throw clientClosed(new Error('The request has ended'))
    const { now, limitsOf, reserve, ttl } = this.#dependencies
    const time = now()
    const limits = limitsOf(identity, time)
    this.#limits = limits
    const dollars = limits.find(({ budget }) => budget?.unit === 'usd')
    if (dollars && worst.cost === undefined && !use.isFree) {
      throw notPriced(use, dollars.owner.label)
    }
    if (limits.length === 0) return output.wanted
    const demands = limits.map((limit) => demandOf(limit, worst))
    const reservation = { id, now: time, expiresAt: time + ttl, output, demands }
    const worstCase = worstRow(this.request, use, worst, output.wanted)
    const result = await reserve({ ...reservation, worstCase }, identity)
    if (result === undefined) return output.wanted
    this.#states = limits.flatMap((limit, index) => {
      const state = result.states[index]
      return state ? [{ ...limit, state }] : []
    })
    const { rejectedKeys } = this.#dependencies
    if (result.type === 'reserved') {
      rejectedKeys.delete(identity.key.id)
      this.#hasReserved = true
      return result.output
    }
    rejectedKeys.set(identity.key.id, true)
    throw this.#rejection(result, demands, { output: output.minimum, now: time })
  }

  #rejection(
    { demand }: Extract<ReservationResult, { type: 'rejected' }>,
    demands: Reservation['demands'],
    at: { output: number; now: number },
  ): Error {
    const index = demands.findIndex(({ scope, metric, window }) =>
      scope === demand.scope && metric === demand.metric && window.type === demand.window.type
    )
    const state = this.#states[index]
    return state ? limitReached(state, demand, at) : new Error('The store rejected another limit')
  }

  #warnings({ use, output, isLearnedLimit }: Held): string[] {
    if (use.output === undefined || output >= use.output.tokens) return []
    const reason = isLearnedLimit
      ? 'because few answers of the model are longer'
      : 'because the limits of the key allow no more'
    return [`max_tokens: not set, sent as ${output} ${reason}`]
  }

  #reservedUse(held: Held, own: MeasuredUse, warnings: readonly string[]): ReservedUse {
    const { estimates, now, storedTokens, prices } = this.#dependencies
    const remember = (id: string, tokens: number) => storedTokens.set(id, tokens)
    return {
      output: held.output,
      isLimited: this.#limits.length > 0,
      warnings,
      begin: (region, isStreamed) => {
        const repeat = () => this.#inTurn(() => this.#repeat(held, own))
        const options = {
          region,
          isStreamed,
          output: held.output,
          isLearnedLimit: held.isLearnedLimit,
          estimates,
          now,
          remember,
          repeat,
          priceOf: (model: string) => prices().find(model),
        }
        return this.#begin(held, new CallCounter(own, options))
      },
    }
  }

  #begin(held: Held, call: CallCounter): CallCounter {
    this.#calls.push(call)
    held.calls.push(call)
    return call
  }

  /** Reserves one more call, unless the plan has a call left. */
  async #repeat(held: Held, own: MeasuredUse): Promise<boolean> {
    const { output } = held
    const used = held.calls.filter(({ isRefused }) => !isRefused).length
    if (used < held.capacity) return true
    const one = { ...own, calls: 1, answers: own.answers / own.calls }
    const worst = withOutput(worstUse(one, held.worst), output)
    try {
      await this.#reserveUse(own, worst, { wanted: 0, minimum: 0 })
    } catch {
      return false
    }
    held.worst = worst
    held.capacity++
    return true
  }

  #settle(final: FinalState): void {
    const { end } = this.#dependencies
    if (!this.#hasReserved && this.#calls.length === 0) return end(undefined)
    for (const call of this.#calls) call.learn()
    const { id } = this.request
    const row = ledgerRow(this.request, this.#calls, {
      ...final,
      ...{ person: this.person, session: this.session, use: this.#held?.use },
    })
    end({ id, row, charge: this.#limits.map(({ counter }) => counter) })
  }
}
