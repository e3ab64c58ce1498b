import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { openTestGateway } from './gateway.ts'

const KEY = { authorization: 'Bearer sk-ann' }
const CHAT = { model: 'meta.llama-3.3-70b-instruct', messages: [{ role: 'user', content: 'Hi' }] }

/** Requests for every route: method, path, body. */
const requests: [method: string, path: string, body?: object][] = [
  ['GET', '/v1/models'],
  ['HEAD', '/v1/models'],
  ['GET', '/v1/models/meta.llama-3.3-70b-instruct'],
  ['POST', '/v1/chat/completions', CHAT],
  ['POST', '/v1/chat/completions', { ...CHAT, stream: true }],
  ['POST', '/v1/completions', { model: CHAT.model, prompt: ['a', 'b'] }],
  ['POST', '/v1/completions', { model: CHAT.model, prompt: ['a', 'b'], stream: true }],
  ['POST', '/v1/responses', { model: CHAT.model, input: 'Hi' }],
  ['POST', '/v1/responses', { model: CHAT.model, input: 'Hi', stream: true }],
  ['GET', '/v1/responses/resp_abc'],
  ['DELETE', '/v1/responses/resp_abc'],
  ['GET', '/v1/responses/resp_abc/input_items'],
  ['POST', '/v1/messages', { ...CHAT, max_tokens: 9 }],
  ['POST', '/v1/messages', { ...CHAT, max_tokens: 9, stream: true }],
  ['POST', '/v1/messages/count_tokens', CHAT],
  ['POST', '/v1/embeddings', { model: 'cohere.embed-v4.0', input: ['a', 'b'] }],
  ['POST', '/v1/moderations', { input: ['a', 'b'] }],
  ['POST', '/v1/rerank', { model: 'cohere.rerank.v3-5', query: 'q', documents: ['a'] }],
  ['GET', '/v1/nothing'],
]

/** What runtimes abort a request's signal with: Node's adapter gives a string. */
const reasons = [undefined, 'Client connection prematurely closed.', new Error('gone'), 7]

/** When the client disconnects. */
const moments = ['before', 'at once', 'while OCI is asked', 'while OCI is silent'] as const

describe('requests that are abandoned', () => {
  for (const [method, path, body] of requests) {
    for (const moment of moments) {
      it(`F1: ${method} ${path} ${JSON.stringify(body?.['stream' as never] ?? '')} ${moment}`, async () => {
        const gateway = await openSilentGateway()
        for (const reason of reasons) await abandon(gateway, { method, path, body, moment, reason })
        await assertIdle(gateway)
      })
    }
  }

  it('F1: any sequence of them leaves no permit and no byte taken', async () => {
    const request = fc.record({
      request: fc.constantFrom(...requests),
      moment: fc.constantFrom(...moments),
      reason: fc.constantFrom(...reasons),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 20 }), async (abandoned) => {
        const gateway = await openSilentGateway()
        await Promise.all(
          abandoned.map(({ request: [method, path, body], moment, reason }) =>
            abandon(gateway, { method, path, body, moment, reason })
          ),
        )
        await assertIdle(gateway)
      }),
      { numRuns: 30 },
    )
  })
})

type SilentGateway = Awaited<ReturnType<typeof openSilentGateway>>

/** A gateway whose OCI never answers, and tells when it was asked. */
async function openSilentGateway() {
  const asked = new Set<() => void>()
  const gateway = await openTestGateway({
    env: { GATEWAY_API_KEYS: 'sk-ann' },
    upstream: ({ signal }) =>
      new Promise((_resolve, reject) => {
        for (const callback of asked) callback()
        const fail = () => reject(signal.reason)
        if (signal.aborted) fail()
        else signal.addEventListener('abort', fail)
      }),
  })
  return { ...gateway, asked }
}

interface Abandoned {
  method: string
  path: string
  body: object | undefined
  moment: typeof moments[number]
  reason: unknown
}

async function abandon(
  { fetch, asked }: SilentGateway,
  { method, path, body, moment, reason }: Abandoned,
): Promise<void> {
  const client = new AbortController()
  const leave = () => client.abort(reason)
  if (moment === 'before') leave()
  if (moment === 'while OCI is asked') asked.add(leave)
  if (moment === 'while OCI is silent') asked.add(() => setTimeout(leave, 1))
  // The signal of a request is the client's connection; `fetch` of the test would follow it, too.
  const request = { method, headers: KEY, signal: client.signal }
  const answer = fetch(path, body ? { ...request, body: JSON.stringify(body) } : request)
  if (moment === 'at once') leave()
  await answer.catch(() => {})
  leave()
}

/** All permits and bytes are given back soon. */
async function assertIdle({ fetch }: SilentGateway): Promise<void> {
  let state: unknown
  for (const until = performance.now() + 10_000; performance.now() < until;) {
    const { requests, bodyBytes } = await (await fetch('/readyz?verbose', { headers: KEY })).json()
    state = [requests.active, bodyBytes.active]
    if (requests.active + bodyBytes.active === 0) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  assert.deepEqual(state, [0, 0])
}
