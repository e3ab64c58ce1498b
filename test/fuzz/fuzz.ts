/**
 * Tests the gateway and its parsers with random input:
 *
 *   npm run fuzz -- --runs 100000 --seed 1    conversations, for the complete gateway
 *   npm run fuzz -- histories                 conversations of all published and of invented types
 *   npm run fuzz -- relay                     JSON in relayed requests
 *   npm run fuzz -- config                    configuration files and keys
 *   npm run fuzz -- headers                   header values, for the complete gateway
 *   npm run fuzz -- streams                   recorded streams with random chunks
 *   npm run fuzz -- budgets --runs 10000      histories of requests, for each kind of store
 *   npm run fuzz -- cluster --runs 1000       histories on three gateways, which are killed
 *
 * The last line of the output is `N passed, N failed`.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { budgets } from './budgets.ts'
import { cluster } from './cluster.ts'
import { config } from './config.ts'
import { headers } from './headers.ts'
import { histories } from './histories.ts'
import { relay } from './relay.ts'
import { requests } from './requests.ts'
import { streams } from './streams.ts'

/** A property, and a summary of the runs. */
export interface Fuzz {
  property: fc.IAsyncProperty<unknown> | fc.IProperty<unknown>
  summary(): string
  /** Ends what was started for the runs. */
  close?(): Promise<void>
}

const FUZZES: Readonly<Record<string, () => Fuzz | Promise<Fuzz>>> = {
  requests,
  histories,
  relay,
  config,
  headers,
  streams,
  budgets,
  cluster,
}

const { values, positionals: [name = 'requests'] } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})

const open = FUZZES[name]
if (!open) throw new Error(`Cannot fuzz "${name}": use one of ${Object.keys(FUZZES).join(', ')}`)
const { property, summary, close } = await open()
const seed = Number(values.seed)
const startedAt = performance.now()
// fc.check() accepts both kinds of property.
const outcome = await fc.check(property as fc.IAsyncProperty<unknown>, {
  numRuns: Number(values.runs),
  seed,
  endOnFailure: false,
})
if (outcome.failed) {
  const counterexample = JSON.stringify(outcome.counterexample, null, 2)
  process.stdout.write(`${counterexample}\n${outcome.errorInstance}\n`)
}
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
process.stdout.write(`${name}, seed ${seed}, ${seconds} s (shrinking included): ${summary()}\n`)
const failed = outcome.failed ? 1 : 0
process.stdout.write(`${outcome.numRuns - failed} passed, ${failed} failed\n`)
await close?.()
process.exit(failed)
