import { describeAmount, describePeriod } from '../access/budget-text.ts'
import { ApiError } from '../errors.ts'
import { KEY_LIMIT, type PlannedUse } from '../oci/call.ts'
import type { CounterDemand } from '../store/store.ts'
import type { LimitState } from './limits.ts'

/** The error of a request that does not fit a limit. `demand` is what it needs. */
export function limitReached(
  state: LimitState,
  demand: Pick<CounterDemand, 'fixed' | 'perOutputToken'>,
  { output, now }: { output: number; now: number },
): ApiError {
  const need = Math.ceil(demand.fixed + demand.perOutputToken * output)
  const { owner: { label }, budget, amount, counter, state: { renewsAt } } = state
  if (budget) return budgetExceeded(state, need)
  const seconds = Math.max(1, Math.ceil(((renewsAt ?? now) - now) / 1_000))
  const retry = `Retry in ${seconds} second${seconds === 1 ? '' : 's'}`
  switch (counter.metric) {
    case 'concurrency':
      return rateLimited(`Too many concurrent requests of ${label}, at most ${amount}. ${retry}`, {
        retryAfter: seconds,
      })
    case 'requests':
      return rateLimited(
        `Rate limit of ${label} reached: ${amount} requests per minute. ${retry}`,
        { retryAfter: seconds },
      )
    case 'tokens':
    case 'cost':
      return need > amount ? tooLarge(state, need) : rateLimited(
        `Rate limit of ${label} reached: ${amount} tokens per minute, and this request may use ` +
          `${need}. ${retry}`,
        { retryAfter: seconds },
      )
  }
}

/**
 * The error for a model without a price that applies, whose use a budget in dollars cannot limit.
 */
export function notPriced(
  { model, hasTokens = true, searchUnits }: PlannedUse,
  label: string,
): ApiError {
  const options = hasTokens
    ? '--input USD --output USD'
    : `--metric ${searchUnits === undefined ? 'requests' : 'searchUnits'} --per 1 --input USD`
  const kind = hasTokens ? '' : ' for such requests, which have no tokens'
  return new ApiError(
    'model_not_priced',
    `The model "${model}" has no price${kind}, and ${label} has a budget in dollars. Set the price ` +
      `with: oci-gateway prices set ${model} ${options}`,
    { param: 'model', reason: KEY_LIMIT },
  )
}

/** The error for a model that the patterns of a key do not match. */
export function modelNotAllowed(requested: string, label: string): ApiError {
  return new ApiError(
    'model_not_allowed',
    `The ${label} may not use the model "${requested}". GET /v1/models lists the allowed models`,
    { param: 'model', reason: KEY_LIMIT },
  )
}

function budgetExceeded(
  { owner: { label }, budget, amount, state: { spent, reserved, renewsAt } }: LimitState,
  need: number,
): ApiError {
  const { unit = 'usd', period = 'total' } = budget ?? {}
  const held = reserved > 0
    ? `, ${describeAmount(reserved, unit)} reserved by running requests`
    : ''
  const renewal = renewsAt === undefined
    ? 'It is not renewed: ask for a higher budget'
    : `It is renewed at ${new Date(renewsAt).toISOString().replace('.000', '')}`
  return new ApiError(
    'insufficient_quota',
    `Budget of ${label} exceeded: ${describeAmount(spent, unit)} of ${
      describeAmount(amount, unit)
    } spent ${describePeriod(period)}${held}, and this request may use ${
      describeAmount(need, unit)
    }. ${renewal}, or lower max_tokens`,
    { exhausted: true, reason: KEY_LIMIT },
  )
}

/** Waiting does not help: the request exceeds the limit on its own. */
function tooLarge({ owner: { label }, amount }: LimitState, need: number): ApiError {
  return rateLimited(
    `This request may use ${need} tokens, and ${label} may use ${amount} per minute. Lower ` +
      'max_tokens or shorten the conversation',
    { exhausted: true },
  )
}

function rateLimited(
  message: string,
  details: { retryAfter?: number; exhausted?: boolean },
): ApiError {
  return new ApiError('rate_limit_exceeded', message, { ...details, reason: KEY_LIMIT })
}
