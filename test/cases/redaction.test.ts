import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BEARER } from '../oci-names.ts'
import { openTestGateway, TENANCY, USER } from './gateway.ts'
import { type UpstreamCall } from './upstream.ts'

const RELAYED = { models: { 'xai.*': { endpoint: 'openai' } }, retry: { maxAttempts: 1 } }
const MESSAGES = [{ role: 'user', content: 'Hello' }]
const NATIVE = 'meta.llama-3.3-70b-instruct'

/** Upstream answers that contain the credentials of the request. */
const echoes: [name: string, stream: boolean, answer: (echo: string) => Response][] = [
  ...[400, 401, 404, 429, 500].map((status) =>
    [
      `a ${status}`,
      false,
      (echo: string) =>
        Response.json({ code: echo, message: `You sent ${echo}` }, {
          status,
          headers: { 'opc-request-id': echo },
        }),
    ] as [string, boolean, (echo: string) => Response]
  ),
  ['plain text', false, (echo) => new Response(`You sent ${echo}`, { status: 400 })],
  ['an error with status 200', false, (echo) => Response.json({ error: { message: echo } })],
  ['a vendor error', false, (echo) =>
    Response.json({
      code: '400',
      message: JSON.stringify({ error: { message: echo, param: echo, code: echo } }),
    }, { status: 400 })],
  ['the first event', true, (echo) => events({ error: { message: echo, code: '400' } })],
  ['a later event', true, (echo) =>
    events(
      { id: 'c', model: 'xai.grok-4', choices: [{ index: 0, delta: { content: 'Hi' } }] },
      { error: { message: echo, code: '500' } },
    )],
]

describe('F14: an upstream that echoes credentials', () => {
  for (const [name, stream, answer] of echoes) {
    for (const model of [NATIVE, 'xai.grok-4']) {
      for (const env of model === NATIVE ? [{}] : [{}, BEARER]) {
        const credential = 'OCI_AUTH' in env ? 'bearer key' : 'signature'
        it(`F14: does not reveal a ${credential} in ${name} for ${model}`, async () => {
          const gateway = await openTestGateway({
            config: { ...RELAYED, logLevel: 'debug' },
            env,
            upstream: (call) => answer(credentialsOf(call)),
          })
          const response = await gateway.fetch('/v1/chat/completions', {
            method: 'POST',
            body: JSON.stringify({ model, messages: MESSAGES, stream }),
          })
          const text = await response.text()
          const seen = [text, ...[...response.headers].flat(), ...gateway.lines].join('\n')
          assert.match(text, /redacted|error/)
          for (const secret of secretsOf(gateway.calls)) {
            assert.ok(!seen.includes(secret), `${secret} in ${seen}`)
          }
        })
      }
    }
  }
})

function credentialsOf({ headers }: UpstreamCall): string {
  return headers.get('authorization') ?? ''
}

function secretsOf(calls: readonly UpstreamCall[]): string[] {
  const values = calls.map(credentialsOf)
  assert.ok(values.length > 0)
  const signatures = values.flatMap((value) => /signature="([^"]+)"/.exec(value)?.[1] ?? [])
  const keys = values.flatMap((value) => /^Bearer (.+)$/.exec(value)?.[1] ?? [])
  return [...values, ...signatures, ...keys, TENANCY, USER]
}

function events(...payloads: readonly object[]): Response {
  const body = payloads.map((payload) => `data: ${JSON.stringify(payload)}\n\n`).join('')
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}
