import type { Runtime } from '../runtimes/start.ts'
import { type Gateway, lanesOf, openFaultGateway, type SetupName } from './gateways.ts'
import type { Row } from './row.ts'
import { type Outcome, tryRow, tryStart } from './try-row.ts'

export interface Result {
  outcome: Outcome
  /** Milliseconds: when the row began, on the clock of `performance.now()`, and how long it took. */
  began: number
  ms: number
}

/** What a runtime shares with the others. */
export interface Suite {
  report(row: Row, result: Result): void
  /** Resolves when no heavy row of any runtime runs; `release()` must follow. */
  acquire(): Promise<void>
  release(): void
}

/** How many rows with processes of their own run side by side. */
const FRESH_LANES = 2

/**
 * Runs the rows on one runtime. Each gateway has its own lanes, so rows that could disturb each
 * other run one after the other; those that wait long begin first and use no lane.
 */
export async function tryRuntime(
  runtime: Runtime,
  rows: readonly Row[],
  suite: Suite,
): Promise<void> {
  const gateways = new Map<SetupName, Promise<Gateway>>()
  const open = (name: SetupName) => {
    const gateway = gateways.get(name) ?? openFaultGateway(runtime, name)
    gateways.set(name, gateway)
    return gateway
  }
  const attempt = async (row: Row) => {
    const began = performance.now()
    const outcome = await outcomeOf(row, runtime, open)
    suite.report(row, { outcome, began, ms: performance.now() - began })
  }
  const attemptInTurn = inTurn(async (row: Row) => {
    await suite.acquire()
    await attempt(row)
    suite.release()
  })
  const waiting = rows.filter(({ waits }) => waits).map(attempt)
  const queues = Map.groupBy(rows.filter(({ waits }) => !waits), queueOf)
  await Promise.all([
    ...waiting,
    ...[...queues].map(([name, queue]) =>
      runLanes(
        queue,
        lanesOfQueue(name),
        (row) => row.heavy && !row.skip?.[runtime] ? attemptInTurn(row) : attempt(row),
      )
    ),
  ])
  await Promise.all([...gateways.values()].map(async (gateway) => (await gateway).target.stop()))
}

/** The same function, each call after the end of the one before. */
function inTurn<T>(work: (value: T) => Promise<void>): (value: T) => Promise<void> {
  let last = Promise.resolve()
  return (value) => last = last.then(() => work(value))
}

type QueueName = SetupName | 'fresh'

function queueOf({ gateway = 'plain', fresh, starts }: Row): QueueName {
  return fresh || starts ? 'fresh' : gateway
}

function lanesOfQueue(name: QueueName): number {
  return name === 'fresh' ? FRESH_LANES : lanesOf(name)
}

async function runLanes(
  queue: Row[],
  lanes: number,
  attempt: (row: Row) => Promise<void>,
): Promise<void> {
  const lane = async () => {
    for (let row = queue.shift(); row; row = queue.shift()) await attempt(row)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

async function outcomeOf(
  row: Row,
  runtime: Runtime,
  open: (name: SetupName) => Promise<Gateway>,
): Promise<Outcome> {
  const untestable = row.skip?.[runtime]
  if (untestable !== undefined) return { type: 'untestable', reason: untestable }
  const problems = await problemsOf(row, runtime, open).catch((error: unknown) => [String(error)])
  if (problems.length === 0) return { type: 'passed' }
  const reason = typeof row.pending === 'object' ? row.pending[runtime] : row.pending
  return reason === undefined ? { type: 'failed', problems } : { type: 'pending', reason }
}

async function problemsOf(
  row: Row,
  runtime: Runtime,
  open: (name: SetupName) => Promise<Gateway>,
): Promise<readonly string[]> {
  const { gateway = 'plain', starts, fresh = false } = row
  if (starts) return await tryStart(starts, runtime)
  if (!fresh) return await tryRow(row, await open(gateway))
  const own = await openFaultGateway(runtime, gateway)
  try {
    return await tryRow(row, own)
  } finally {
    await own.target.stop()
  }
}
