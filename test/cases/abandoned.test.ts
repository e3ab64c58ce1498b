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

/** Reasons with which runtimes abort a request's signal; Node's adapter uses a string. */
const reasons = [undefined, 'Client connection prematurely closed.', new Error('gone'), 7]

/** When the client disconnects. */
const moments = [
  'before the request',
  'at once',
  'during the call to OCI',
  'while OCI does not answer',
] as const

describe('abandoned requests', () => {
  for (const [method, path, body] of requests) {
    for (const moment of moments) {
      it(
        `F1: releases permits and body bytes: ${method} ${path}${
          body && 'stream' in body ? ', streamed' : ''
        }, aborted ${moment}`,
        async () => {
          const gateway = await openSilentGateway()
          for (const reason of reasons) {
            await abandon(gateway, { method, path, body, moment, reason })
          }
          await assertIdle(gateway)
        },
      )
    }
  }

  it('F1: releases all permits and body bytes after any sequence', async () => {
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

/** A gateway whose upstream never answers; `onCall` holds callbacks to run when a call arrives. */
async function openSilentGateway() {
  const onCall = new Set<() => void>()
  const gateway = await openTestGateway({
    env: { GATEWAY_API_KEYS: 'sk-ann' },
    upstream: ({ signal }) =>
      new Promise((_resolve, reject) => {
        for (const callback of onCall) callback()
        const fail = () => reject(signal.reason)
        if (signal.aborted) fail()
        else signal.addEventListener('abort', fail)
      }),
  })
  return { ...gateway, onCall }
}

interface Abandoned {
  method: string
  path: string
  body: object | undefined
  moment: typeof moments[number]
  reason: unknown
}

async function abandon(
  { fetch, onCall }: SilentGateway,
  { method, path, body, moment, reason }: Abandoned,
): Promise<void> {
  const client = new AbortController()
  const leave = () => client.abort(reason)
  if (moment === 'before the request') leave()
  if (moment === 'during the call to OCI') onCall.add(leave)
  if (moment === 'while OCI does not answer') onCall.add(() => setTimeout(leave, 1))
  // The request's signal stands for the client's connection.
  const request = { method, headers: KEY, signal: client.signal }
  const answer = fetch(path, body ? { ...request, body: JSON.stringify(body) } : request)
  if (moment === 'at once') leave()
  await answer.catch(() => {})
  leave()
}

/** Waits until all permits and body bytes are released. */
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
