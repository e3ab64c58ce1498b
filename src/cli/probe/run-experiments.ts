import { ApiError, toApiError } from '../../errors.ts'
import { errorBodyOf } from '../../oci/http/error.ts'
import type { Send } from '../../oci/http/send.ts'
import { upstreamUrl } from '../../oci/http/upstream-url.ts'
import { worstCase } from '../../prices/cost.ts'
import type { PriceBook } from '../../prices/price.ts'
import type { Experiment, Finding, Variant } from './experiments.ts'
import { redactReport } from './redact-report.ts'

/** Where the requests of a probe are sent. */
export interface ProbeTarget {
  send: Send
  inference: URL
  compartmentId: string
  signal: AbortSignal
  /** The field of the output limit, where it is another one than `maxTokens`. */
  tokenField?: string | undefined
}

/** The answer to one question. */
export interface Outcome {
  experiment: Experiment
  /** What it shows, or why it shows nothing. */
  result: string
  /** `undefined` if the question stays open. */
  finding: Finding | undefined
  calls: number
}

/** Statuses with which OCI rejects a request because of its content. */
const REJECTED = [400, 422, 500]
/** The same for a model or a credential. */
const REFUSED = [...REJECTED, 401, 403, 404]

/** Makes the calls of one experiment. Throws if OCI cannot be reached, or refuses the credential. */
export async function runExperiment(experiment: Experiment, target: ProbeTarget): Promise<Outcome> {
  const { variants, otherwise, action } = experiment
  let calls = 0
  let rejection = ''
  for (const variant of variants) {
    calls++
    const answer = await call(variant, action, target)
    if (answer === undefined) {
      return { experiment, calls, result: variant.shows, finding: variant.finding }
    }
    rejection = `${answer.status} ${answer.message}`.trim()
    const isRejected = (otherwise || action === 'rerankText' ? REFUSED : REJECTED)
      .includes(answer.status)
    if (!isRejected) return { experiment, calls, result: open(rejection), finding: undefined }
  }
  return otherwise
    ? { experiment, calls, result: otherwise.shows, finding: otherwise.finding }
    : { experiment, calls, result: open(rejection), finding: undefined }
}

function open(rejection: string): string {
  return `not settled: ${redactReport(rejection).slice(0, 160)}`
}

/** Returns the error with which OCI answers, or `undefined` for a success. */
async function call(
  { body }: Variant,
  action: Experiment['action'],
  { send, inference, compartmentId, signal, tokenField }: ProbeTarget,
): Promise<{ status: number; message: string } | undefined> {
  const url = upstreamUrl(inference, ['20231130', 'actions', action])
  const json = JSON.stringify({ compartmentId, ...body })
  const text = tokenField ? json.replace('"maxTokens":', `"${tokenField}":`) : json
  const bytes = new TextEncoder().encode(text)
  try {
    const response = await send({ method: 'POST', url, body: bytes }, signal)
    // A stream may begin with success and contain the error.
    const error = errorIn(await response.text())
    return error === undefined ? undefined : { status: 400, message: error }
  } catch (thrown) {
    const answer = errorBodyOf(thrown)
    if (!answer) throw toApiError(thrown)
    return answer
  }
}

/** The message of an error inside an answer with status 200. */
function errorIn(text: string): string | undefined {
  return /^(?:data: ?)?\{"(?:code|error)":.{0,40}"message":"([^"]{0,200})/m.exec(text)?.[1]
}

/** The most that experiments cost. */
export interface CostBound {
  calls: number
  /** Nano-dollars of the models with a price. */
  nanoDollars: number
  /** Models without a price. */
  unpriced: readonly string[]
}

/**
 * Calculates the most that all calls cost: each byte of a prompt may be a token. Of each experiment one
 * call is answered at most, and a rejected one costs nothing.
 */
export function boundCost(experiments: readonly Experiment[], prices: PriceBook): CostBound {
  const unpriced = new Set<string>()
  const costs = experiments.map(({ model, variants, maxOutput }) => {
    const price = prices.find(model)
    if (!price) unpriced.add(model)
    return Math.max(...variants.map(({ body }) => {
      const length = new TextEncoder().encode(JSON.stringify(body)).length
      const planned = {
        promptTokens: length,
        promptCharacters: length,
        searchUnits: 1,
        requests: 1,
      }
      const { fixed, perOutputToken } = price ? worstCase(price, planned) : NOTHING
      return fixed + Math.ceil(perOutputToken * maxOutput)
    }))
  })
  return {
    calls: experiments.reduce((sum, { variants }) => sum + variants.length, 0),
    nanoDollars: costs.reduce((sum, cost) => sum + cost, 0),
    unpriced: [...unpriced],
  }
}

const NOTHING = { fixed: 0, perOutputToken: 0 }

/** The error of a credential that must not be tried with each experiment. */
export function refusedCredential(outcome: Outcome): ApiError | undefined {
  if (outcome.finding || !/^not settled: 401/.test(outcome.result)) return undefined
  return new ApiError(
    'upstream_auth_error',
    `OCI refuses the credential: ${outcome.result.slice(13)}`,
  )
}
