/**
 * Runs rows on one runtime, in a process of its own, and sends each result to its parent:
 * `node run-runtime.ts node F-U1 F-C1a`. Without prefixes it runs all rows.
 */
import process from 'node:process'
import { isRuntime } from '../runtimes/start.ts'
import { killGateways } from './gateways.ts'
import { rowsOf } from './rows/all.ts'
import { type Result, tryRuntime } from './schedule.ts'

/** What the process sends: a result for each row, and when a heavy row begins and ends. */
export type Message =
  | { type: 'result'; id: string; result: Result }
  | { type: 'acquire' }
  | { type: 'release' }

process.once('exit', killGateways)
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) {
  process.once(signal, () => process.exit(1))
}

const [runtime = '', ...prefixes] = process.argv.slice(2)
if (!isRuntime(runtime)) throw new Error(`Cannot run rows on "${runtime}": no such runtime`)
const send = (message: Message) => process.send?.(message)
await tryRuntime(runtime, rowsOf(prefixes), {
  report: ({ id }, result) => send({ type: 'result', id, result }),
  async acquire() {
    const granted = new Promise((resolve) => process.once('message', resolve))
    send({ type: 'acquire' })
    await granted
  },
  release: () => send({ type: 'release' }),
})
process.removeAllListeners('disconnect')
process.disconnect?.()
process.exit(0)
