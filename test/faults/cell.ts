import type { Runtime } from '../runtimes/start.ts'
import { type Answer, type ClientStep, converse } from './client.ts'
import { type Gateway, IDENTITY, memoryOf } from './gateways.ts'
import { ASKED, type Expect, type Row } from './row.ts'
import { type Exchange, sleep } from './upstream.ts'
import { readStream } from './read-stream.ts'

/** What a row came to on a runtime. */
export type Outcome =
  | { type: 'passed' }
  | { type: 'failed'; problems: readonly string[] }
  | { type: 'pending'; reason: string }
  | { type: 'untestable'; reason: string }

/** Never to be seen in an answer or in the log. */
const PROMPT = 'canary-of-a-prompt'
const KEY = 'test-key-1'
const SECRETS = new RegExp(
  [IDENTITY.privateKey.split('\n')[1], IDENTITY.fingerprint, 'Signature version', 'keyId=']
    .join('|'),
)

/** Tries a row, and looks whether the gateway is as well as before. */
export async function tryRow(row: Row, gateway: Gateway): Promise<readonly string[]> {
  const { upstream, target } = gateway
  const model = modelOf(row)
  if (row.script) upstream.play(model, row.script)
  const seenBefore = upstream.exchanges(model).length
  const memory = row.expect.grows === undefined ? 0 : memoryOf(target.pid)
  const logged = target.output().length
  let peak = 0
  const watch = row.expect.grows === undefined
    ? undefined
    : setInterval(() => peak = Math.max(peak, memoryOf(target.pid)), 200)
  const answers = await askAll(row, gateway)
  const ended = performance.now()
  clearInterval(watch)
  await settle(row, gateway)
  const exchanges = upstream.exchanges(model).slice(seenBefore)
  return [
    ...answers.flatMap((answer) => problemsOf(answer, row.expect)).slice(0, 5),
    ...problemsUpstream(exchanges, answers, ended, row, target.runtime),
    ...problemIf(
      row.expect.grows !== undefined && peak - memory > row.expect.grows,
      `grew by ${(peak - memory).toFixed(1)} MiB`,
    ),
    ...await problemsAfter(row, gateway, exchanges, target.output().slice(logged)),
  ]
}

/** The rows are told apart by the model they ask for. */
function modelOf({ id }: Row): string {
  return `meta.fault-${id.toLowerCase()}`
}

async function askAll(row: Row, gateway: Gateway): Promise<Answer[]> {
  const { times = 1, parallel = 1 } = row.request
  const answers: Answer[] = []
  const lane = async () => {
    while (answers.length + running < times) {
      running++
      const answer = await ask(row, gateway)
      running--
      answers.push(answer)
    }
  }
  let running = 0
  await Promise.all(Array.from({ length: Math.min(times, parallel) }, lane))
  return answers
}

function ask(row: Row, { port, target }: Gateway): Promise<Answer> {
  const { steps = [ASKED], patience = 10_000 } = row.request
  const asked: ClientStep = { do: 'send', bytes: requestOf(row, port) }
  return converse(steps.map((step) => step === ASKED ? asked : step), {
    port,
    patience,
    signal: (name) => process.kill(target.pid, name),
  })
}

function requestOf(row: Row, port: number): Uint8Array {
  const { path = '/v1/chat/completions', body = {}, headers = {} } = row.request
  const method = row.request.method ?? 'POST'
  const chat = { model: modelOf(row), messages: [{ role: 'user', content: PROMPT }] }
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const bytes = Buffer.from(isRaw ? body : JSON.stringify({ ...chat, ...body }))
  const all = {
    'host': `127.0.0.1:${port}`,
    'authorization': `Bearer ${KEY}`,
    'connection': 'close',
    ...(method === 'POST' && { 'content-type': 'application/json' }),
    ...(method === 'POST' && { 'content-length': String(bytes.length) }),
    ...headers,
  }
  const lines = Object.entries(all).filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  return Buffer.concat([head, method === 'POST' ? bytes : Buffer.from('')])
}

/** Waits, for a while, until nothing goes on upstream for this row. */
async function settle(row: Row, { upstream }: Gateway): Promise<void> {
  const until = performance.now() + 3_000
  const isRunning = () => upstream.exchanges(modelOf(row)).some(({ ended }) => !ended)
  while (isRunning() && performance.now() < until) await sleep(10)
}

function problemsOf(answer: Answer, expect: Expect): string[] {
  const { status, code, text, ends, headers = {}, raw, lacks, took } = expect
  const told = readStream(answer)
  return [
    ...problemIf(!isOneOf(answer.status, status), `status ${answer.status} (${answer.end})`),
    ...problemIf(!isOneOf(told.code, code), `code ${told.code}`),
    ...problemIf(!isLike(told.text, text), `text "${told.text.slice(0, 100)}"`),
    ...problemIf(ends !== undefined && ends !== told.ends, `ends as ${told.ends}`),
    ...Object.entries(headers).flatMap(([name, wanted]) => {
      const value = answer.head?.headers.get(name)
      const isRight = wanted === null ? value === undefined : wanted.test(value ?? '')
      return problemIf(!isRight, `${name}: ${value}`)
    }),
    ...problemIf(raw !== undefined && !raw.test(answer.raw), `answer "${brief(answer.raw)}"`),
    ...problemIf(lacks?.test(answer.raw) ?? false, `answer "${brief(answer.raw)}"`),
    ...problemIf(
      took !== undefined && !(answer.took >= took[0] && answer.took <= took[1]),
      `took ${Math.round(answer.took)} ms`,
    ),
    ...problemIf(SECRETS.test(answer.raw), 'a secret in the answer'),
    ...(expect.byRuntime || answer.left !== undefined ? [] : problemsOfShape(answer, told.shape)),
  ]
}

/** Whatever happens, the answer is JSON or events, whole as its framing goes, and has an id. */
function problemsOfShape(answer: Answer, shape: string | undefined): string[] {
  return [
    ...problemIf(shape === undefined, `no JSON and no events: "${brief(answer.raw)}"`),
    ...problemIf(!answer.whole, `an answer cut off (${answer.end}): "${brief(answer.raw)}"`),
    ...problemIf(!answer.head?.headers.has('x-request-id'), 'no x-request-id'),
  ]
}

function problemsUpstream(
  exchanges: readonly Exchange[],
  answers: readonly Answer[],
  ended: number,
  { expect, script }: Row,
  runtime: Runtime,
): string[] {
  const { deliveries = script ? [1, 3 * answers.length] : [0, 0], sent, pulled } = expect
  const limit = typeof expect.upstreamLeft === 'object'
    ? expect.upstreamLeft[runtime]
    : expect.upstreamLeft
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
    ...problemIf(limit !== undefined && latest > limit, `upstream left after ${latest} ms`),
    ...problemIf(pulled !== undefined && most > pulled, `pulled ${most.toFixed(1)} MiB`),
    ...requests.flatMap((request) => [
      ...problemIf(sent?.has?.test(request) === false, `upstream got "${brief(request)}"`),
      ...problemIf(sent?.lacks?.test(request) === true, `upstream got "${brief(request)}"`),
    ]),
  ]
}

function textOf({ head, body }: Exchange): string {
  const lines = [...head.headers].map(([name, value]) => `${name}: ${value}\n`)
  return `${head.start}\n${lines.join('')}\n${body}`
}

/** What holds after every row: nothing goes on, the process lives and answers, nothing leaked. */
async function problemsAfter(
  { expect }: Row,
  { port, target }: Gateway,
  exchanges: readonly Exchange[],
  logged: string,
): Promise<string[]> {
  const open = exchanges.filter(({ ended }) => !ended).length
  const common = [
    ...problemIf(open > 0, `${open} connections upstream still busy`),
    ...problemIf(SECRETS.test(logged) || logged.includes(PROMPT), 'a secret in the log'),
    ...problemIf(expect.logged?.test(logged) === false, `log "${brief(logged)}"`),
  ]
  if (expect.exit !== undefined) {
    const status = await Promise.race([target.exited, sleep(5_000).then(() => 'alive')])
    return [...common, ...problemIf(status !== expect.exit, `exit ${status}`)]
  }
  const request = `GET /health HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`
  const health = await converse([{ do: 'send', bytes: request }], { port, patience: 3_000 })
  return [...common, ...problemIf(health.status !== 200, `/health says ${health.status}`)]
}

function problemIf(isProblem: boolean, words: string): string[] {
  return isProblem ? [words] : []
}

function isOneOf<T>(value: T, wanted: T | readonly T[] | undefined): boolean {
  return wanted === undefined || (Array.isArray(wanted) ? wanted.includes(value) : value === wanted)
}

function isLike(value: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true
  return typeof wanted === 'string' ? value === wanted : wanted.test(value)
}

function brief(text: string): string {
  return text.slice(0, 400).replaceAll(/\s+/g, ' ')
}
