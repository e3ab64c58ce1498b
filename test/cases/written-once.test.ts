import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../src/errors.ts'
import { chat, streamChat } from '../../src/oci/chat/chat.ts'
import { resolveModel } from '../../src/oci/models/resolve.ts'
import { createCall, createContext } from '../oci/context.ts'
import { request } from '../oci/formats/generic/request.ts'
import { openTestGateway } from './gateway.ts'
import { refusing, type Upstream } from './upstream.ts'

const GROK = 'xai.grok-4'
const LLAMA = 'meta.llama-3.3-70b-instruct'

/** Fails calls for one model; the simulator answers the others. */
function downFor(model: string): Upstream {
  return ({ json }) =>
    JSON.stringify(json).includes(model)
      ? refusing(503, { code: '503', message: 'down' })()
      : undefined
}

describe('headers of joined answers', () => {
  const REQUESTS: [path: string, body: object, attempts: string, fallback: string | null][] = [
    ['completions', { model: GROK, prompt: 'a' }, '2', LLAMA],
    ['completions', { model: GROK, prompt: ['a', 'b'] }, '4', LLAMA],
    ['completions', { model: GROK, prompt: ['a', 'b'], stream: true }, '2', LLAMA],
    ['embeddings', { model: 'cohere.embed-v4.0', input: Array(97).fill('a') }, '2', null],
    ['moderations', { input: ['a', 'b'] }, '2', null],
  ]
  for (const [path, body, attempts, fallback] of REQUESTS) {
    it(`C1: /v1/${path} names region, attempts and fallback: ${JSON.stringify(body).slice(0, 60)}`, async () => {
      const { fetch } = await openTestGateway({
        config: { fallbacks: { [GROK]: [LLAMA] } },
        upstream: downFor(GROK),
      })
      const response = await fetch(`/v1/${path}`, { method: 'POST', body: JSON.stringify(body) })
      const text = await response.text()
      assert.equal(response.status, 200, text)
      assert.equal(response.headers.get('x-oci-region'), 'us-chicago-1')
      assert.equal(response.headers.get('x-oci-attempts'), attempts)
      assert.equal(response.headers.get('x-oci-fallback'), fallback && `us-chicago-1/${fallback}`)
      if (fallback) assert.match(text, new RegExp(`"model":"${fallback}"`))
    })
  }
})

describe('a client that disconnected before OCI is called', () => {
  for (const [name, send] of [['whole', chat], ['streamed', streamChat]] as const) {
    for (const choices of [1, 3]) {
      it(`C2: costs no call, ${name}, ${choices} choices`, async () => {
        let calls = 0
        const oci = createContext({
          send: () => {
            calls++
            return Promise.resolve(Response.json({}))
          },
        })
        const closed = new ApiError('client_closed', 'The client disconnected')
        const call = createCall(AbortSignal.abort(closed))
        const model = await resolveModel('cohere.command-a-03-2025', oci, call)
        await assert.rejects(send(request({ choices }), model, oci, call), closed)
        assert.equal(calls, 0)
      })
    }
  }
})

describe('retries of the calls of one embeddings request', () => {
  it('V02 gives each call retries of its own', async () => {
    let calls = 0
    const { fetch } = await openTestGateway({
      config: { retry: { initialDelaySeconds: 0.01, budgetRatio: 1 } },
      upstream: () => ++calls <= 3 ? refusing(503, { code: '503', message: 'down' })() : undefined,
    })
    const body = JSON.stringify({ model: 'cohere.embed-v4.0', input: Array(96 * 2 + 1).fill('a') })
    const response = await fetch('/v1/embeddings', { method: 'POST', body })
    assert.equal(response.status, 200, await response.text())
    assert.equal(response.headers.get('x-oci-attempts'), '6')
  })
})
