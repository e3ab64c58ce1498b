import type { VNode } from 'preact'
import type { LoggedAttempt, LoggedRequest } from './data.ts'
import { formatMs } from './format.ts'
import { spanOf } from './scale.ts'

/** The calls to OCI of one request, each as a bar on the axis of the request's time. */
export function Waterfall(
  { request: { attempts, ms, firstTokenMs } }: { request: LoggedRequest },
): VNode {
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
            <Bar {...attempt} total={total} kind={attempt.error ? 'bad' : 'good'} />
            <span class={attempt.error ? 'attempt-end bad' : 'attempt-end'}>
              {endText(attempt)}
            </span>
          </li>
        ))}
        {firstTokenMs !== undefined && (
          <li>
            <span class='attempt-name'>Answer</span>
            <Bar after={firstTokenMs} ms={total - firstTokenMs} total={total} kind='stream' />
            <span class='attempt-end'>{formatMs(total - firstTokenMs)}</span>
          </li>
        )}
      </ol>
    </figure>
  )
}

function Bar(
  { after, ms, total, kind }: { after: number; ms: number; total: number; kind: string },
) {
  const { start, width } = spanOf({ after, ms }, total)
  return (
    <svg class='bar' viewBox='0 0 100 10' preserveAspectRatio='none' aria-hidden='true'>
      <rect class='track' width='100' height='10' />
      <rect class={kind} x={start} width={width} height='10' />
    </svg>
  )
}

function endText({ status, error, ms }: LoggedAttempt): string {
  if (error === null) return formatMs(ms)
  return `${status ?? error} after ${formatMs(ms)}`
}
