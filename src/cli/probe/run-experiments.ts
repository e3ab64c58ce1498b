import { ApiError, toApiError } from '../../errors.ts'
import { errorBodyOf } from '../../oci/http/error.ts'
import { parseJson } from '../../oci/json.ts'
import type { Send } from '../../oci/http/send.ts'
import { upstreamUrl } from '../../oci/http/upstream-url.ts'
import { worstCase } from '../../prices/cost.ts'
import type { PriceBook } from '../../prices/price.ts'
import type { Experiment, Finding, Variant } from './experiment.ts'
import { DEPRECATION_HEADER } from './observations.ts'
import { NO_HEADER, type Observed, recordHeader } from './observe.ts'
import { redactReport } from './redact-report.ts'

/** Where the requests of a probe are sent. */
export interface ProbeTarget {
  send: Send
  inference: URL
  compartmentId: string
  signal: AbortSignal
  /** The field of the output limit, where it is another one than `maxTokens`. */
  tokenField?: string | undefined
  /** Receives what the answers show besides their content. */
  observed: Observed
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
  const { variants, otherwise, action, observes } = experiment
  let calls = 0
  let rejection = ''
  for (const variant of variants) {
    calls++
    const answer = await call(variant, experiment, target)
    if (observes) return observation(experiment, answer, target.observed)
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

/** Of a rejected request its error is the answer, of an accepted one its header. */
function observation(
  experiment: Experiment,
  answer: Rejection | undefined,
  { errorShape, headers }: Observed,
): Outcome {
  const { model, observes, variants: [variant] } = experiment
  const [calls, finding] = [1, {}]
  const isHeader = observes === 'header'
  if (answer && (isHeader || !REJECTED.includes(answer.status))) {
    const rejection = `${answer.status} ${answer.message}`.trim()
    return { experiment, calls, result: open(rejection), finding: undefined }
  }
  if (isHeader) return { experiment, calls, result: headers.get(model) ?? NO_HEADER, finding }
  const shape = answer ? errorShape : 'no error'
  return { experiment, calls, result: `${variant?.shows}: ${shape}`, finding }
}

/**
 * The headers of models that answered other questions: of those that announce something, and of those
 * that are deprecated.
 */
export function headerOutcomes(
  { headers }: Observed,
  deprecated: ReadonlySet<string>,
  outcomes: readonly Outcome[],
): Outcome[] {
  const isAsked = (name: string) =>
    outcomes.some(({ experiment: { question, model } }) =>
      question === DEPRECATION_HEADER && model === name
    )
  return [...headers]
    .filter(([model, header]) => header !== NO_HEADER || deprecated.has(model))
    .filter(([model]) => !isAsked(model))
    .map(([model, result]) => ({
      experiment: {
        ...{ question: DEPRECATION_HEADER, model, action: 'chat' as const },
        ...{ variants: [], maxOutput: 0 },
      },
      ...{ result, finding: {}, calls: 0 },
    }))
}

function open(rejection: string): string {
  return `not settled: ${redactReport(rejection).slice(0, 160)}`
}

interface Rejection {
  status: number
  message: string
}

/** Returns the error with which OCI answers, or `undefined` for a success. */
async function call(
  { body, isExpected }: Variant,
  { action, model }: Experiment,
  { send, inference, compartmentId, signal, tokenField, observed }: ProbeTarget,
): Promise<Rejection | undefined> {
  const url = upstreamUrl(inference, ['20231130', 'actions', action])
  const json = JSON.stringify({ compartmentId, ...body })
  const text = tokenField ? json.replace('"maxTokens":', `"${tokenField}":`) : json
  const bytes = new TextEncoder().encode(text)
  try {
    const response = await send({ method: 'POST', url, body: bytes }, signal)
    recordHeader(observed, model, response)
    const text = await response.text()
    // A stream may begin with success and contain the error.
    const error = errorIn(text)
    if (error !== undefined) return { status: 400, message: error }
    const isRight = isExpected?.(parseJson(text)) ?? true
    return isRight ? undefined : { status: 400, message: 'the answer is not as expected' }
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
