/**
 * Throws random conversations, whole and broken, at the whole gateway:
 *
 *   npm run fuzz -- --runs 100000 --seed 1
 *
 * None may end in a 5xx, send OCI a key or a value its field table does not have, or lose a tool
 * result that had a call. The last line it prints is `N passed, N failed`.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { createApp } from '../../src/app.ts'
import { CATALOGUE } from '../../src/oci/catalogue.ts'
import { createOciClient } from '../../src/oci/client.ts'
import { DEFAULT_TIMEOUTS } from '../../src/oci/context.ts'
import { createLessonBook } from '../../src/oci/lessons.ts'
import { createRules } from '../oci/context.ts'
import { DEFAULT_RETRY } from '../../src/oci/fallback.ts'
import { createClock } from '../../src/oci/clock.ts'
import { createSender } from '../../src/oci/send.ts'
import type { Platform } from '../../src/platform.ts'
import { type FuzzedRequest, fuzzedRequests, markerOf } from './conversations.ts'
import { createStrictOci } from './strict-oci.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})

const MODELS = [
  ...CATALOGUE.filter((id) => !/\.(embed|rerank)/.test(id)),
  ...['openai.gpt-5', 'openai.gpt-4.1', 'openai.o3', 'acme.brand-new', 'gpt-4o-mini'],
]

const oci = createStrictOci()
const platform: Platform = {
  fetch: (url, init) => oci.fetch(url, init),
  now: () => Date.now(),
  randomId: () => 'abcdefghijklmnopqrstuvwx',
  log: () => {},
}
const app = await createApp({
  config: { clientKeys: [], bodyLimit: 1_000_000, heartbeat: 0 },
  platform,
  oci: createOciClient({
    send: createSender({
      credential: () => Promise.resolve({ authorization: 'Signature' }),
      clock: createClock(platform.now),
      platform,
      answerTimeout: 1_000,
    }),
    platform,
    ...createRules(platform.now),
    control: new URL('https://control.test'),
    compartmentId: 'ocid1.compartment.oc1..aaaa',
    aliases: new Map([['gpt-4o-mini', 'openai.gpt-4.1']]),
    profiles: new Map(),
    lessons: createLessonBook(),
    retry: { ...DEFAULT_RETRY, attempts: 1 },
    timeouts: DEFAULT_TIMEOUTS,
  }),
})

const statuses = new Map<number, number>()

async function check(request: FuzzedRequest): Promise<void> {
  oci.forget()
  const response = await app.request('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify(request),
  })
  const text = await response.text()
  statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
  assert.ok(response.status < 500, `${response.status} ${text}`)
  assert.equal(oci.violation(), undefined)
  if (response.status !== 200) {
    assert.equal(typeof JSON.parse(text).error.message, 'string')
    assert.equal(oci.bodies().length, 0, `refused by OCI: ${text}`)
    return
  }
  if (request['stream'] === true) assert.ok(text.endsWith('data: [DONE]\n\n'), text)
  for (const marker of resultsWithACall(request)) {
    assert.ok(oci.bodies().every((body) => body.includes(marker)), `lost: ${marker}`)
  }
}

interface LooseMessage {
  role?: string
  tool_calls?: { id: string }[]
  tool_call_id?: string
  content?: unknown
}

/** The texts of those results whose id was called once before, and answered once. */
function resultsWithACall({ messages }: FuzzedRequest): string[] {
  // Only what the arbitraries make: their messages have these members or none.
  const told = messages as readonly LooseMessage[]
  const calls = told.flatMap(({ tool_calls: calls }, at) =>
    (calls ?? []).map(({ id }) => ({ id, at }))
  )
  return told.flatMap(({ role, tool_call_id: id = '', content }, at) => {
    const called = calls.filter((call) => call.id === id)
    const answers = told.filter((message) => message.tool_call_id === id)
    const isPlain = role === 'tool' && content === markerOf(id) && answers.length === 1
    return isPlain && called.length === 1 && (called[0]?.at ?? at) < at ? [markerOf(id)] : []
  })
}

const runs = Number(values.runs)
const seed = Number(values.seed)
const began = performance.now()
const outcome = await fc.check(fc.asyncProperty(fuzzedRequests(MODELS), check), {
  numRuns: runs,
  seed,
  endOnFailure: false,
})
if (outcome.failed) {
  const [counterexample] = outcome.counterexample ?? []
  process.stdout.write(`${JSON.stringify(counterexample, null, 2)}\n${outcome.errorInstance}\n`)
}
const seconds = ((performance.now() - began) / 1000).toFixed(0)
const tally = [...statuses].map(([status, count]) => `${status}: ${count}`).join(', ')
process.stdout.write(
  `seed ${seed}, ${seconds} s, answers by status (shrinking included) ${tally}\n`,
)
const failed = outcome.failed ? 1 : 0
process.stdout.write(`${outcome.numRuns - failed} passed, ${failed} failed\n`)
process.exitCode = failed
