import assert from 'node:assert/strict'
import fc from 'fast-check'
import { DEFAULT_ACCESS_POLICY } from '../../src/access/access-policy.ts'
import { createApp } from '../../src/app.ts'
import { CATALOGUE } from '../../src/oci/models/catalogue.ts'
import { createOciClient } from '../../src/oci/client.ts'
import { DEFAULT_TIMEOUTS } from '../../src/oci/context.ts'
import type { ProfileOverride } from '../../src/oci/models/profiles.ts'
import { createQuirkCache } from '../../src/oci/models/quirk-cache.ts'
import { createRules } from '../oci/context.ts'
import { DEFAULT_RETRY } from '../../src/oci/resilience/retry-policy.ts'
import { createClock } from '../../src/oci/http/clock.ts'
import { createSender } from '../../src/oci/http/send.ts'
import type { Platform } from '../../src/platform.ts'
import type { Fuzz } from './fuzz.ts'
import { type FuzzedRequest, fuzzedRequests, markerOf } from './conversations.ts'
import { createStrictOci, type StrictOci } from './strict-oci.ts'

const MODELS = [
  ...CATALOGUE.filter((id) => !/\.(embed|rerank)/.test(id)),
  ...['openai.gpt-5', 'openai.gpt-4.1', 'openai.o3', 'acme.brand-new', 'gpt-4o-mini'],
]

type App = Awaited<ReturnType<typeof createApp>>

const oci = createStrictOci()
const statuses = new Map<number, number>()

/**
 * Random conversations, valid and invalid, for the complete gateway. None may cause a 5xx, send OCI a
 * field or a value that is not in its field table, or lose a tool result that has a call.
 */
export async function requests(): Promise<Fuzz> {
  const app = await openApp()
  return {
    property: fc.asyncProperty(fuzzedRequests(MODELS), (request) => check(request, app)),
    summary: () => [...statuses].map(([status, count]) => `${status}: ${count}`).join(', '),
  }
}

/** Parts of a gateway that a test replaces. */
export interface AppParts {
  oci?: StrictOci
  models?: ReadonlyMap<string, ProfileOverride>
}

/** Creates a gateway with a strict OCI. Clients need one of the API keys, if there are any. */
export function openApp(
  apiKeys: readonly string[] = [],
  { oci: upstream = oci, models = new Map() }: AppParts = {},
): Promise<App> {
  const platform: Platform = {
    fetch: (url, init) => upstream.fetch(url, init),
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
      models,
      quirks: createQuirkCache(() => Date.now()),
      retry: { ...DEFAULT_RETRY, maxAttempts: 1 },
      timeouts: DEFAULT_TIMEOUTS,
    }),
  })
}

async function check(request: FuzzedRequest, app: App): Promise<void> {
  oci.reset()
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
    assert.equal(oci.bodies().length, 0, `rejected by OCI: ${text}`)
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

/** Returns the texts of results whose id has exactly one earlier call and one result. */
function resultsWithACall({ messages }: FuzzedRequest): string[] {
  // The generated messages have these members or none.
  const conversation = messages as readonly LooseMessage[]
  const calls = conversation.flatMap(({ tool_calls: calls }, at) =>
    (calls ?? []).map(({ id }) => ({ id, at }))
  )
  return conversation.flatMap(({ role, tool_call_id: id = '', content }, at) => {
    const called = calls.filter((call) => call.id === id)
    const answers = conversation.filter((message) => message.tool_call_id === id)
    const isPlain = role === 'tool' && content === markerOf(id) && answers.length === 1
    return isPlain && called.length === 1 && (called[0]?.at ?? at) < at ? [markerOf(id)] : []
  })
}
