import assert from 'node:assert/strict'
import fc from 'fast-check'
import { DEFAULT_ACCESS_POLICY } from '../../src/access/access-policy.ts'
import { createApp } from '../../src/app.ts'
import { CATALOGUE } from '../../src/oci/models/catalogue.ts'
import { createOciClient } from '../../src/oci/client.ts'
import { DEFAULT_TIMEOUTS } from '../../src/oci/context.ts'
import { createQuirkCache } from '../../src/oci/models/quirk-cache.ts'
import { createRules } from '../oci/context.ts'
import { DEFAULT_RETRY } from '../../src/oci/resilience/retry-policy.ts'
import { createClock } from '../../src/oci/http/clock.ts'
import { createSender } from '../../src/oci/http/send.ts'
import type { Platform } from '../../src/platform.ts'
import type { Fuzz } from './fuzz.ts'
import { type FuzzedRequest, fuzzedRequests, markerOf } from './conversations.ts'
import { createStrictOci } from './strict-oci.ts'

const MODELS = [
  ...CATALOGUE.filter((id) => !/\.(embed|rerank)/.test(id)),
  ...['openai.gpt-5', 'openai.gpt-4.1', 'openai.o3', 'acme.brand-new', 'gpt-4o-mini'],
]

type App = Awaited<ReturnType<typeof createApp>>

const oci = createStrictOci()
const statuses = new Map<number, number>()

/**
 * Random conversations, whole and broken, at the whole gateway: none may end in a 5xx, send OCI a
 * key or a value its field table does not have, or lose a tool result that had a call.
 */
export async function requests(): Promise<Fuzz> {
  const app = await openApp()
  return {
    property: fc.asyncProperty(fuzzedRequests(MODELS), (request) => check(request, app)),
    told: () => [...statuses].map(([status, count]) => `${status}: ${count}`).join(', '),
  }
}

/** The gateway, with a strict OCI behind it; clients need one of these keys, if there are any. */
export function openApp(apiKeys: readonly string[] = []): Promise<App> {
  const platform: Platform = {
    fetch: (url, init) => oci.fetch(url, init),
    now: () => Date.now(),
    randomId: () => 'abcdefghijklmnopqrstuvwx',
    log: () => {},
  }
  return createApp({
    config: { access: { ...DEFAULT_ACCESS_POLICY, apiKeys }, heartbeat: 0 },
    platform,
    oci: createOciClient({
      send: createSender({
        credential: () => Promise.resolve({ authorization: 'Signature' }),
        clock: createClock(platform.now),
        platform,
        responseTimeout: 1_000,
      }),
      platform,
      ...createRules(platform.now),
      control: new URL('https://control.test'),
      compartmentId: 'ocid1.compartment.oc1..aaaa',
      aliases: new Map([['gpt-4o-mini', 'openai.gpt-4.1']]),
      models: new Map(),
      quirks: createQuirkCache(() => Date.now()),
      retry: { ...DEFAULT_RETRY, maxAttempts: 1 },
      timeouts: DEFAULT_TIMEOUTS,
    }),
  })
}

async function check(request: FuzzedRequest, app: App): Promise<void> {
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
