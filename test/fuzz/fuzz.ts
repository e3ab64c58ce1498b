/**
 * Throws random things at what reads things from outside:
 *
 *   npm run fuzz -- --runs 100000 --seed 1    conversations, at the whole gateway
 *   npm run fuzz -- config                    configuration files and keys
 *   npm run fuzz -- headers                   header values, at the whole gateway
 *   npm run fuzz -- streams                   recorded streams, their bytes cut anywhere
 *
 * The last line it prints is `N passed, N failed`.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { config } from './config.ts'
import { headers } from './headers.ts'
import { requests } from './requests.ts'
import { streams } from './streams.ts'

/** What must hold, and what is told of the runs in the end. */
export interface Fuzz {
  property: fc.IAsyncProperty<unknown> | fc.IProperty<unknown>
  told(): string
}

const FUZZES: Readonly<Record<string, () => Fuzz | Promise<Fuzz>>> = {
  requests,
  config,
  headers,
  streams,
}

const { values, positionals: [name = 'requests'] } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})

const open = FUZZES[name]
if (!open) throw new Error(`Cannot fuzz "${name}": ${Object.keys(FUZZES).join(', ')} are known`)
const { property, told } = await open()
const seed = Number(values.seed)
const began = performance.now()
// Both kinds of property run as promises.
const outcome = await fc.check(property as fc.IAsyncProperty<unknown>, {
  numRuns: Number(values.runs),
  seed,
  endOnFailure: false,
})
if (outcome.failed) {
  const counterexample = JSON.stringify(outcome.counterexample, null, 2)
  process.stdout.write(`${counterexample}\n${outcome.errorInstance}\n`)
}
const seconds = ((performance.now() - began) / 1000).toFixed(0)
process.stdout.write(`${name}, seed ${seed}, ${seconds} s (shrinking included): ${told()}\n`)
const failed = outcome.failed ? 1 : 0
process.stdout.write(`${outcome.numRuns - failed} passed, ${failed} failed\n`)
process.exit(failed)
