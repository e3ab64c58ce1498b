import { addEvent, type AnswerState, EMPTY_ANSWER, hasContent } from './answer-events.ts'
import type { Api, ClientRequest } from './client-request.ts'
import { createEventDataReader } from './event-data.ts'
import { errorMessage, type GatewayClient } from './gateway-client.ts'

/** One request of the playground and its answer so far. Times are in milliseconds. */
export interface Run {
  api: Api
  request: ClientRequest
  state: 'waiting' | 'streaming' | 'complete' | 'failed' | 'stopped'
  answer: AnswerState
  status: number | undefined
  /** Response headers that the console shows. */
  headers: Readonly<Record<string, string>>
  /** The beginning of the response as it was received. */
  raw: string
  /** Characters of the whole response. */
  rawLength: number
  firstTokenMs: number | undefined
  totalMs: number | undefined
}

/** Characters of the response that the raw view keeps. */
const MAX_RAW = 100_000
/** Milliseconds between two updates of the page while an answer streams. */
const UPDATE_INTERVAL = 50

/** Response headers that tell how a request was answered. */
const SHOWN_HEADERS = [
  'x-request-id',
  'opc-request-id',
  'x-oci-region',
  'x-oci-attempts',
  'x-oci-fallback',
  'x-oci-cost',
  'x-oci-gateway-warnings',
  'x-oci-gateway-budget',
  'content-type',
]

/** The state of a request that has not been answered. */
export function startedRun(api: Api, request: ClientRequest): Run {
  return {
    ...{ api, request, state: 'waiting', answer: EMPTY_ANSWER, status: undefined, headers: {} },
    ...{ raw: '', rawLength: 0, firstTokenMs: undefined, totalMs: undefined },
  }
}

/**
 * Sends a request and reports its progress, at most once in each interval and at the end. Never
 * rejects: the last report has the failure.
 */
export async function runPrompt(
  started: Run,
  gateway: Pick<GatewayClient, 'post'>,
  signal: AbortSignal,
  report: (run: Run) => void,
): Promise<Run> {
  const progress = new Progress(started, report)
  try {
    const { path, body, headers } = started.request
    const response = await gateway.post(path, JSON.stringify(body), headers, signal)
    progress.answered(response)
    if (!response.ok) return progress.end('failed', await errorMessage(response))
    await readStream(response, progress)
    return progress.end(progress.hasFailed ? 'failed' : 'complete')
  } catch (error) {
    if (signal.aborted) return progress.end('stopped')
    return progress.end('failed', error instanceof Error ? error.message : String(error))
  }
}

async function readStream({ body }: Response, progress: Progress): Promise<void> {
  if (!body) return
  const events = createEventDataReader()
  const text = new TextDecoder()
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const part = text.decode(value, { stream: true })
    progress.received(part, events.push(part))
  }
  progress.received('', events.end())
}

/** Collects the progress of one request, and measures it. */
class Progress {
  #run: Run
  readonly #report: (run: Run) => void
  readonly #startedAt = performance.now()
  #reportedAt = 0

  constructor(run: Run, report: (run: Run) => void) {
    this.#run = run
    this.#report = report
  }

  get hasFailed(): boolean {
    return this.#run.answer.error !== undefined
  }

  answered({ status, headers }: Response): void {
    const shown = SHOWN_HEADERS.flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value]]
    })
    this.#update({ status, headers: Object.fromEntries(shown), state: 'streaming' })
    this.#publish()
  }

  received(text: string, data: readonly string[]): void {
    const { api, raw, rawLength } = this.#run
    const answer = data.reduce((before, event) => addEvent(api, before, event), this.#run.answer)
    this.#update({
      answer,
      raw: raw.length < MAX_RAW ? (raw + text).slice(0, MAX_RAW) : raw,
      rawLength: rawLength + text.length,
    })
    const isFirst = this.#run.firstTokenMs === undefined && hasContent(answer)
    if (isFirst) this.#update({ firstTokenMs: this.#elapsed() })
    if (isFirst || performance.now() - this.#reportedAt >= UPDATE_INTERVAL) this.#publish()
  }

  end(state: Run['state'], error = this.#run.answer.error): Run {
    const answer = { ...this.#run.answer, error }
    this.#update({ state, answer, totalMs: this.#elapsed() })
    this.#publish()
    return this.#run
  }

  #elapsed(): number {
    return performance.now() - this.#startedAt
  }

  #update(change: Partial<Run>): void {
    this.#run = { ...this.#run, ...change }
  }

  #publish(): void {
    this.#reportedAt = performance.now()
    this.#report(this.#run)
  }
}
