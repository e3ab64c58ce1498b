import process from 'node:process'
import { type Runtime, startGateway } from '../runtimes/start.ts'
import { type Answer, type ClientStep, converse } from './client.ts'
import { CLIENT_KEY, COOKIE, HEADER, leaks, PROMPT } from './canaries.ts'
import { type Gateway, IDENTITY, memoryOf } from './gateways.ts'
import { type Ask, ASKED, type Expect, type Row, type Start } from './row.ts'
import { type Exchange, sleep, startUpstream } from './upstream.ts'
import { meet } from './connection.ts'
import { readStream } from './read-stream.ts'

/** What a row came to on a runtime. */
export type Outcome =
  | { type: 'passed' }
  | { type: 'failed'; problems: readonly string[] }
  | { type: 'pending'; reason: string }
  | { type: 'untestable'; reason: string }

/** Tries a row, and looks whether the gateway is as well as before. */
export async function tryRow(row: Row, gateway: Gateway): Promise<readonly string[]> {
  const { upstream, target } = gateway
  const { expect, beside } = row
  const model = modelOf(row)
  if (row.script) upstream.play(model, row.script)
  if (row.connection) upstream.onConnection = meet(row.connection)
  if (row.connection === 'refused') await upstream.close()
  const logged = target.output().length
  const growth = expect.grows === undefined ? undefined : watchMemory(target.pid)
  const [answers, others] = await Promise.all([
    askAll(row, row.request, gateway),
    beside ? sleep(beside.afterMs).then(() => askAll(row, beside.request, gateway)) : [],
  ])
  const ended = performance.now()
  const grew = growth?.() ?? 0
  if (row.connection === 'refused') await upstream.open()
  await settle(row, gateway)
  const exchanges = upstream.exchanges(model)
  return [
    ...answers.flatMap((answer) => problemsOf(answer, expect)).slice(0, 5),
    ...others.flatMap((answer) => problemsOf(answer, beside?.expect ?? {})),
    ...problemsOfCounts(answers, expect),
    ...problemsUpstream(exchanges, answers, ended, row, target.runtime),
    ...problemIf(
      expect.grows !== undefined && grew > expect.grows,
      `grew by ${Math.round(grew)} MiB`,
    ),
    ...await problemsAfter(row, gateway, exchanges, () => target.output().slice(logged)),
  ]
}

/** Tries to start what must not start. */
export async function tryStart(
  { variables, exit, says }: Start,
  runtime: Runtime,
): Promise<string[]> {
  const upstream = await startUpstream()
  const url = `http://127.0.0.1:${upstream.port}`
  const taken = Object.entries(variables)
    .map(([name, value]) => [name, value === 'taken' ? String(upstream.port) : value])
  try {
    const { stop } = await startGateway(
      runtime,
      { url, identity: IDENTITY },
      Object.fromEntries(taken),
    )
    await stop()
    return ['it started']
  } catch (error) {
    const words = String(error)
    return [
      ...problemIf(!words.includes(`it ended with ${exit}\n`), brief(words)),
      ...problemIf(!says.test(words), `it says "${brief(words)}"`),
      ...problemIf(/^\s+at /m.test(words), 'a stack trace'),
    ]
  } finally {
    await upstream.close()
  }
}

/** The rows are told apart by the model they ask for. */
function modelOf({ id, family = 'meta' }: Row): string {
  return `${family}.fault-${id.toLowerCase()}`
}

/** MiB that a process grew at most until now. */
function watchMemory(pid: number): () => number {
  const before = memoryOf(pid)
  let peak = before
  const timer = setInterval(() => peak = Math.max(peak, memoryOf(pid)), 200)
  return () => {
    clearInterval(timer)
    return Math.max(peak, memoryOf(pid)) - before
  }
}

async function askAll(row: Row, request: Ask, gateway: Gateway): Promise<Answer[]> {
  const { times = 1, parallel = 1 } = request
  const answers: Answer[] = []
  let begun = 0
  const lane = async () => {
    while (begun < times) answers.push(await ask(row, request, gateway, begun++))
  }
  await Promise.all(Array.from({ length: Math.min(times, parallel) }, lane))
  return answers
}

/** Only the first client sends signals: two of them mean something else than one. */
function ask(row: Row, request: Ask, gateway: Gateway, index: number): Promise<Answer> {
  const { steps = [ASKED], patience = 10_000 } = request
  const { port, target } = gateway
  const asked: ClientStep = { do: 'send', bytes: requestOf(row, request, port, index) }
  return converse(steps.map((step) => step === ASKED ? asked : step), {
    port,
    patience,
    deafen: target.deafen,
    signal: (name) => {
      if (index === 0) process.kill(target.pid, name)
    },
  })
}

function requestOf(row: Row, request: Ask, port: number, index: number): Uint8Array {
  const { method = 'POST', path = '/v1/chat/completions', body = {}, headers = {} } = request
  const chat = { model: modelOf(row), messages: [{ role: 'user', content: PROMPT }] }
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const bytes = Buffer.from(isRaw ? body : JSON.stringify({ ...chat, ...body }))
  const all = {
    'host': `127.0.0.1:${port}`,
    'authorization': `Bearer ${CLIENT_KEY}`,
    'cookie': `session=${COOKIE}`,
    'x-secret': HEADER,
    'connection': 'close',
    ...(method === 'POST' && { 'content-type': 'application/json' }),
    ...(method === 'POST' && { 'content-length': String(bytes.length) }),
    ...headers,
  }
  const lines = Object.entries(all).filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value.replace('#', String(index))}\r\n`)
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
    ...problemIf(expect.body?.test(answer.body) === false, `body "${brief(answer.body)}"`),
    ...problemIf(lacks?.test(answer.raw) ?? false, `answer "${brief(answer.raw)}"`),
    ...problemIf(
      took !== undefined && !(answer.took >= took[0] && answer.took <= took[1]),
      `took ${Math.round(answer.took)} ms`,
    ),
    ...leaks(answer.raw, 'answer').map((name) => `${name} in the answer`),
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

function problemsOfCounts(answers: readonly Answer[], { statuses = {} }: Expect): string[] {
  return Object.entries(statuses).flatMap(([status, [least, most]]) => {
    const count = answers.filter((answer) => answer.status === Number(status)).length
    return problemIf(count < least || count > most, `${count} times ${status}`)
  })
}

function problemsUpstream(
  exchanges: readonly Exchange[],
  answers: readonly Answer[],
  ended: number,
  { expect, script }: Row,
  runtime: Runtime,
): string[] {
  const { deliveries = script ? [1, 3 * answers.length] : [0, 0], sent, pulled, atOnce = 0 } =
    expect
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
    ...problemIf(mostAtOnce(exchanges) < atOnce, `${mostAtOnce(exchanges)} at once`),
    ...problemIf(limit !== undefined && latest > limit, `upstream left after ${latest} ms`),
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

/** What holds after every row: nothing goes on, the process lives and answers, nothing leaked. */
async function problemsAfter(
  { expect }: Row,
  { port, target }: Gateway,
  exchanges: readonly Exchange[],
  logged: () => string,
): Promise<string[]> {
  const open = exchanges.filter(({ ended }) => !ended).length
  const wanted = expect.logged instanceof RegExp ? expect.logged : expect.logged?.[target.runtime]
  for (let tries = 0; tries < 50 && wanted?.test(logged()) === false; tries++) await sleep(20)
  const common = [
    ...problemIf(open > 0, `${open} connections upstream still busy`),
    ...leaks(logged(), 'log').map((name) => `${name} in the log`),
    ...problemIf(wanted?.test(logged()) === false, `log "${brief(logged())}"`),
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
