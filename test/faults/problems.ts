import { leaks } from './canaries.ts'
import type { Answer } from './client.ts'
import { readAnswer } from './read-answer.ts'
import type { Expect, Row } from './row.ts'
import type { Exchange } from './upstream.ts'

/** What is wrong with one answer. */
export function problemsOf(answer: Answer, expect: Expect): string[] {
  const { status, code, text, ends, headers = {}, raw, lacks, took } = expect
  const read = readAnswer(answer)
  return [
    ...problemIf(!isOneOf(answer.status, status), `status ${answer.status} (${answer.end})`),
    ...problemIf(!isOneOf(read.code, code), `code ${read.code}`),
    ...problemIf(!isLike(read.text, text), `text "${read.text.slice(0, 100)}"`),
    ...problemIf(ends !== undefined && ends !== read.ends, `ends as ${read.ends} (${read.code})`),
    ...Object.entries(headers).flatMap(([name, wanted]) => {
      const value = answer.head?.headers.get(name)
      const isRight = wanted === null ? value === undefined : wanted.test(value ?? '')
      return problemIf(!isRight, `${name}: ${value}`)
    }),
    ...problemIf(raw !== undefined && !raw.test(answer.raw), `answer "${brief(answer.raw)}"`),
    ...problemIf(expect.body?.test(answer.body) === false, `body "${brief(answer.body)}"`),
    ...problemIf(lacks?.test(answer.raw) ?? false, `answer "${brief(answer.raw)}"`),
    ...problemIf(
      took !== undefined && !(answer.took >= took[0] && answer.took <= took[1]),
      `took ${Math.round(answer.took)} ms`,
    ),
    ...leaks(answer.raw, 'answer').map((name) => `${name} in the answer`),
    ...(expect.byRuntime || answer.left !== undefined ? [] : problemsOfShape(answer, read.shape)),
  ]
}

/** Every answer of the gateway is JSON or events, complete according to its framing, with an id. */
function problemsOfShape(answer: Answer, shape: string | undefined): string[] {
  return [
    ...problemIf(shape === undefined, `neither JSON nor events: "${brief(answer.raw)}"`),
    ...problemIf(!answer.whole, `an incomplete answer (${answer.end}): "${brief(answer.raw)}"`),
    ...problemIf(!answer.head?.headers.has('x-request-id'), 'no x-request-id'),
  ]
}

/** What is wrong with the numbers of answers of each status. */
export function problemsOfCounts(
  answers: readonly Answer[],
  { statuses = {} }: Expect,
): string[] {
  return Object.entries(statuses).flatMap(([status, [least, most]]) => {
    const count = answers.filter((answer) => answer.status === Number(status)).length
    return problemIf(count < least || count > most, `${count} times ${status}`)
  })
}

/** What is wrong with the requests that reached the upstream; `ended` is when the last answer did. */
export function problemsUpstream(
  exchanges: readonly Exchange[],
  answers: readonly Answer[],
  ended: number,
  { expect, script }: Row,
): string[] {
  const { sent, pulled, atOnce = 0, upstreamLeft } = expect
  const { deliveries = script ? [1, 3 * answers.length] : [0, 0] } = expect
  const ends = exchanges.map(({ ended }) => ended?.at ?? Infinity)
  const since = answers.length === 1 ? answers[0]?.left ?? ended : ended
  const latest = Math.max(0, ...ends) - since
  const most = Math.max(0, ...exchanges.map(({ written }) => written)) / 2 ** 20
  const requests = exchanges.map((exchange) => textOf(exchange))
  return [
    ...problemIf(
      exchanges.length < deliveries[0] || exchanges.length > deliveries[1],
      `${exchanges.length} deliveries`,
    ),
    ...problemIf(mostAtOnce(exchanges) < atOnce, `${mostAtOnce(exchanges)} at once`),
    ...problemIf(
      upstreamLeft !== undefined && latest > upstreamLeft,
      `the connection to the upstream was closed after ${Math.round(latest)} ms`,
    ),
    ...problemIf(pulled !== undefined && most > pulled, `pulled ${most.toFixed(1)} MiB`),
    ...requests.flatMap((request) => [
      ...problemIf(sent?.has?.test(request) === false, `upstream got "${brief(request)}"`),
      ...problemIf(sent?.lacks?.test(request) === true, `upstream got "${brief(request)}"`),
    ]),
  ]
}

function mostAtOnce(exchanges: readonly Exchange[]): number {
  const moments = exchanges.flatMap(({ began, ended }) => [[began, 1], [ended?.at ?? Infinity, -1]])
    .sort(([one = 0], [other = 0]) => one - other)
  let running = 0
  return Math.max(0, ...moments.map(([, change = 0]) => running += change))
}

function textOf({ head, body }: Exchange): string {
  const lines = [...head.headers].map(([name, value]) => `${name}: ${value}\n`)
  return `${head.start}\n${lines.join('')}\n${body}`
}

export function problemIf(isProblem: boolean, description: string): string[] {
  return isProblem ? [description] : []
}

function isOneOf<T>(value: T, wanted: T | readonly T[] | undefined): boolean {
  return wanted === undefined || (Array.isArray(wanted) ? wanted.includes(value) : value === wanted)
}

function isLike(value: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true
  return typeof wanted === 'string' ? value === wanted : wanted.test(value)
}

/** The beginning of a text, on one line. */
export function brief(text: string): string {
  return text.slice(0, 400).replaceAll(/\s+/g, ' ')
}
