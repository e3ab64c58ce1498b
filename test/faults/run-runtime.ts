/**
 * Runs rows on one runtime, in a process of its own, and sends each result to its parent:
 * `node run-runtime.ts node F-U1 F-C1a`. Without prefixes it runs all rows.
 */
import process from 'node:process'
import { isRuntime } from '../runtimes/start.ts'
import { killGateways } from './gateways.ts'
import { rowsOf } from './rows/all.ts'
import { type Result, tryRuntime } from './schedule.ts'

/** What the process sends: one result for each row. */
export interface ResultMessage {
  id: string
  result: Result
}

process.once('exit', killGateways)
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) {
  process.once(signal, () => process.exit(1))
}

const [runtime = '', ...prefixes] = process.argv.slice(2)
if (!isRuntime(runtime)) throw new Error(`Cannot run rows on "${runtime}": no such runtime`)
await tryRuntime(runtime, rowsOf(prefixes), ({ id }, result) => {
  process.send?.({ id, result } satisfies ResultMessage)
})
process.removeAllListeners('disconnect')
process.disconnect?.()
process.exit(0)
