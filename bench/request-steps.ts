/**
 * Measures the steps of a request of 200 KB one by one, in this process: medians in microseconds.
 *
 *   node bench/request-steps.ts       or bun, or deno run -A
 */
import process from 'node:process'
import { findJsonExcess } from '../src/json-depth.ts'
import { DEFAULT_REQUEST_LIMITS, MAX_JSON_DEPTH } from '../src/limits.ts'
import { encodeText } from '../src/entry/encode-text.ts'
import { sha256 } from '../src/entry/native-hash.ts'
import { planChat } from '../src/oci/chat/plan.ts'
import { serialize } from '../src/oci/http/serialize.ts'
import { modelProfile } from '../src/oci/models/profiles.ts'
import { decodeRequest } from '../src/openai/chat/decode.ts'
import { ChatCompletionRequest } from '../src/openai/chat/schema.ts'
import { checkCounts } from '../src/routes/check-counts.ts'
import { validate } from '../src/routes/read-json.ts'
import { runAtOnce } from '../src/steps.ts'
import { quantile } from './lines.ts'
import { createRequests } from './request-body.ts'

/** As in a server, the compilers have seen some thousand requests before. */
const ROUNDS = 3_500
const WARM_UP = 3_000
const MODEL = 'bench.c20-k50'
const LIMITS = { depth: MAX_JSON_DEPTH, values: DEFAULT_REQUEST_LIMITS.maxJsonValues }

const times = new Map<string, number[]>()
const body = createBody()
const target = { model: MODEL, profile: modelProfile(MODEL), compartmentId: 'ocid1.x', encodeText }
for (let round = 0; round < ROUNDS; round++) {
  if (round === WARM_UP) times.clear()
  const text = timed('decode the bytes', () => new TextDecoder().decode(body))
  timed('count depth and values', () => findJsonExcess(text, LIMITS))
  const json = timed('JSON.parse', (): Record<string, unknown> => JSON.parse(text))
  timed('check the counts', () => checkCounts(json, DEFAULT_REQUEST_LIMITS))
  const valid = timed('validate', () => validate(ChatCompletionRequest, json))
  const { request } = timed('decode to the neutral form', () => decodeRequest(valid))
  const plan = timed('translate and serialize', () => runAtOnce(planChat(request, target, false)))
  const sent: unknown = JSON.parse(new TextDecoder().decode(plan.body))
  timed('- of which: serialize', () => runAtOnce(serialize(sent, encodeText)))
  timed('- of which: JSON.stringify', () => JSON.stringify(sent))
  timed('hash', () => sha256(plan.body))
}
for (const [step, all] of times) {
  process.stdout.write(`${step.padEnd(28)}${quantile(all, 0.5).toFixed().padStart(6)}\n`)
}

function timed<Result>(step: string, run: () => Result): Result {
  const began = performance.now()
  const result = run()
  const all = times.get(step) ?? []
  all.push((performance.now() - began) * 1000)
  times.set(step, all)
  return result
}

function createBody(): Uint8Array {
  const request = createRequests({
    ...{ dialect: 'openai', model: MODEL, chunks: 0, kilobytes: 200, path: '/', headers: {} },
    ...{ port: 1, group: 0, connections: 1, perSecond: 0, warmUp: 0, window: 0 },
  })()
  return new Uint8Array(request.subarray(request.indexOf('\r\n\r\n') + 4))
}
