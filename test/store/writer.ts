/**
 * A process that reserves and settles requests in an SQLite file until it is killed, or until it has
 * sent a number of requests. It prints a line for each request. After its first requests it waits for
 * the end of its standard input, so that a process that starts early leaves something to the others.
 *
 *   node test/store/writer.ts FILE NAME REQUESTS
 */
import process from 'node:process'
import { openStore } from '../../src/entry/open-store.ts'
import { demandOf, reservationOf, rowOf } from './records.ts'
import { FIRST_REQUESTS, SHARED_LIMITS } from './shared-limits.ts'

const [file = '', name = '', requests = '0'] = process.argv.slice(2)
const store = await openStore(`sqlite:${file}`)
for (let index = 0; index < Number(requests); index++) {
  if (index === FIRST_REQUESTS) await Array.fromAsync(process.stdin)
  const id = `${name}-${index}`
  const demands = SHARED_LIMITS.map(({ limit, fixed, perOutputToken, ...counter }) => {
    return demandOf(counter, limit, fixed, perOutputToken)
  })
  const output = { wanted: 50, minimum: 1 }
  const result = await store.reserve(reservationOf(id, demands, { output }))
  // Some requests never end.
  if (result.type === 'reserved' && index % 5 !== 0) {
    const row = rowOf(id, { completionTokens: index % (result.output + 1), cost: index % 1000 })
    await store.settle([{ id, row }], Date.now())
  }
  process.stdout.write(`${id}\n`)
}
await store.close()
