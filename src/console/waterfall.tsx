import type { LoggedAttempt, LoggedRequest } from './data.ts'
import { formatMs } from './format.ts'
import { spanOf } from './scale.ts'

/** The calls to OCI of one request, each as a bar on the axis of the request's time. */
export function Waterfall({ request: { attempts, ms, firstTokenMs } }: { request: LoggedRequest }) {
  const total = Math.max(ms, ...attempts.map((attempt) => attempt.after + attempt.ms))
  return (
    <figure class='waterfall'>
      <figcaption>Attempts in {formatMs(total)}</figcaption>
      <ol>
        {attempts.map((attempt, index) => (
          <li key={index}>
            <span class='attempt-name'>
              {attempt.region}
              <small>{attempt.model}</small>
            </span>
            <Bar attempt={attempt} total={total} />
            <span class={attempt.error ? 'attempt-end bad' : 'attempt-end'}>
              {endText(attempt)}
            </span>
          </li>
        ))}
        {firstTokenMs !== undefined && (
          <li>
            <span class='attempt-name'>Answer</span>
            <Stream firstTokenMs={firstTokenMs} total={total} />
            <span class='attempt-end'>{formatMs(total - firstTokenMs)}</span>
          </li>
        )}
      </ol>
    </figure>
  )
}

function Bar({ attempt, total }: { attempt: LoggedAttempt; total: number }) {
  const { start, width } = spanOf(attempt, total)
  return (
    <svg class='bar' viewBox='0 0 100 10' preserveAspectRatio='none' aria-hidden='true'>
      <rect class='track' width='100' height='10' />
      <rect class={attempt.error ? 'bad' : 'good'} x={start} width={width} height='10' />
    </svg>
  )
}

function Stream({ firstTokenMs, total }: { firstTokenMs: number; total: number }) {
  const { start, width } = spanOf({ after: firstTokenMs, ms: total - firstTokenMs }, total)
  return (
    <svg class='bar' viewBox='0 0 100 10' preserveAspectRatio='none' aria-hidden='true'>
      <rect class='track' width='100' height='10' />
      <rect class='stream' x={start} width={width} height='10' />
    </svg>
  )
}

function endText({ status, error, ms }: LoggedAttempt): string {
  if (error === null) return formatMs(ms)
  return `${status ?? error} after ${formatMs(ms)}`
}
