import { type Runtime, startGateway } from '../runtimes/start.ts'
import { EVENTUALLY } from './bounds.ts'
import { leaks } from './canaries.ts'
import { converse } from './client.ts'
import { handlerOf } from './connection.ts'
import { type Gateway, IDENTITY, memoryReader } from './gateways.ts'
import { brief, problemIf, problemsOf, problemsOfCounts, problemsUpstream } from './problems.ts'
import { RowProgress } from './progress.ts'
import type { Row, RowRequest, Start } from './row.ts'
import { modelOf, sendRequests } from './send-requests.ts'
import { type Exchange, sleep, startUpstream } from './upstream.ts'

/** The result of a row on a runtime. */
export type Outcome =
  | { type: 'passed' }
  | { type: 'failed'; problems: readonly string[] }
  | { type: 'pending'; reason: string }
  | { type: 'untestable'; reason: string }

/** Runs a row and checks that the gateway still works afterwards. Returns what is wrong. */
export async function tryRow(row: Row, gateway: Gateway): Promise<readonly string[]> {
  const { upstream, target } = gateway
  const { expect, others } = row
  const exchanges = () => upstream.exchanges(modelOf(row))
  const progress = new RowProgress(exchanges, () => isReady(gateway))
  if (row.script) upstream.play(modelOf(row), row.script, progress)
  if (row.connection) upstream.onConnection = handlerOf(row.connection)
  if (row.connection === 'refused') await upstream.close()
  const logged = target.output().length
  const growth = expect.grows === undefined ? undefined : watchMemory(target.pid)
  const [answers, otherAnswers] = await Promise.all([
    sendRequests(row, createRequest(row), gateway, progress),
    others ? sendOthers(row, others, gateway, progress) : [],
  ])
  const ended = performance.now()
  const grew = growth?.() ?? 0
  if (row.connection === 'refused') await upstream.open()
  await sleep(expect.quietFor ?? 0)
  await settle(exchanges)
  return [
    ...answers.flatMap((answer) => problemsOf(answer, expect)).slice(0, 5),
    ...otherAnswers.flatMap((answer) => problemsOf(answer, others?.expect ?? {})),
    ...problemsOfCounts(answers, expect),
    ...problemsUpstream(exchanges(), answers, ended, row),
    ...problemIf(grew > (expect.grows ?? Infinity), `grew by ${Math.round(grew)} MiB`),
    ...progress.unmet.map((condition) => `waited in vain for ${JSON.stringify(condition)}`),
    ...await problemsAfter(row, gateway, exchanges(), () => target.output().slice(logged)),
  ]
}

function createRequest({ request }: Row): RowRequest {
  return typeof request === 'function' ? request() : request
}

/** Tries to start a process that must not start. */
export async function tryStart(
  { variables, exit, output }: Start,
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
    const text = String(error)
    return [
      ...problemIf(!text.includes(`it ended with ${exit}\n`), brief(text)),
      ...problemIf(!output.test(text), `it writes "${brief(text)}"`),
      ...problemIf(/^\s+at /m.test(text), 'a stack trace'),
    ]
  } finally {
    await upstream.close()
  }
}

async function sendOthers(
  row: Row,
  { after, request }: NonNullable<Row['others']>,
  gateway: Gateway,
  progress: RowProgress,
) {
  await progress.until(after)
  return await sendRequests(row, request, gateway, progress)
}

/** The most MiB that a process has grown by until now. */
function watchMemory(pid: number): () => number {
  const memory = memoryReader(pid)
  const before = memory()
  let peak = before
  const timer = setInterval(() => peak = Math.max(peak, memory()), 200)
  return () => {
    clearInterval(timer)
    return Math.max(peak, memory()) - before
  }
}

/** Waits until the upstream has finished, or lost, all requests of the row. */
async function settle(exchanges: () => readonly Exchange[]): Promise<void> {
  const until = performance.now() + EVENTUALLY
  const isRunning = () => exchanges().some(({ ended }) => !ended)
  while (isRunning() && performance.now() < until) await sleep(10)
}

/** What holds after every row: no request runs, nothing leaked, the process answers or has ended. */
async function problemsAfter(
  { expect }: Row,
  gateway: Gateway,
  exchanges: readonly Exchange[],
  logged: () => string,
): Promise<string[]> {
  const { target } = gateway
  const open = exchanges.filter(({ ended }) => !ended).length
  const wanted = expect.logged instanceof RegExp ? expect.logged : expect.logged?.[target.runtime]
  const until = performance.now() + EVENTUALLY
  while (wanted?.test(logged()) === false && performance.now() < until) await sleep(20)
  const common = [
    ...problemIf(open > 0, `${open} connections to the upstream are still open`),
    ...leaks(logged(), 'log').map((name) => `${name} in the log`),
    ...problemIf(wanted?.test(logged()) === false, `log "${brief(logged())}"`),
  ]
  if (expect.exit !== undefined) {
    const status = await Promise.race([target.exited, sleep(EVENTUALLY).then(() => 'alive')])
    return [...common, ...problemIf(status !== expect.exit, `exit ${status}`)]
  }
  const status = await statusOf('/health', gateway)
  return [...common, ...problemIf(status !== 200, `/health answers ${status}`)]
}

/** workerd leaves connections unanswered while it drains; 5 s are long for a gateway that does not. */
async function isReady(gateway: Gateway): Promise<boolean> {
  return await statusOf('/readyz', gateway, 5_000) === 200
}

async function statusOf(
  path: string,
  { port }: Gateway,
  patience = EVENTUALLY,
): Promise<number | undefined> {
  const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`
  const answer = await converse([{ do: 'send', bytes: request }], { port, patience })
  return answer.status
}
