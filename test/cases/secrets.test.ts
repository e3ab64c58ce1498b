import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGateway } from '../../src/entry/gateway.ts'
import type { Environment, Files } from '../../src/platform.ts'
import { createSessionIdentity } from '../../src/simulator/session-identity.ts'
import { createTokenIssuer } from '../../src/simulator/tokens/issuer.ts'
import { type Canary, leaksOf, linesOf } from '../faults/canaries.ts'
import formats from '../vectors/key-formats.json' with { type: 'json' }
import keys from '../vectors/keys.json' with { type: 'json' }
import '../simulator/reuse-keys.ts'
import { dataOf, sse } from './upstream.ts'

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
const TENANCY = 'ocid1.tenancy.oc1..canarytenancy'
const USER = 'ocid1.user.oc1..canaryuser'
const COMPARTMENT = 'ocid1.compartment.oc1..canarycompartment'
const LOCKED = formats.entries.find(({ id }) => id === 'enc-pkcs8-openssl3-default')
const BEARER = 'sk-canary-of-oci'
const CLIENT_KEY = 'canary-of-a-client'
const WRONG_KEY = 'canary-of-a-guess'

/** Secrets of every request, independent of the credential. */
const COMMON: readonly Canary[] = [
  { name: 'the key of a client', value: CLIENT_KEY },
  { name: 'a wrong key', value: WRONG_KEY },
  { name: 'a key in the query', value: 'canary-of-a-query' },
  { name: 'the prompt', value: 'canary-of-a-prompt' },
  { name: 'the arguments of a tool', value: 'canary-of-arguments' },
  { name: 'the result of a tool', value: 'canary-of-a-result' },
  { name: 'the answer', value: 'canary-of-an-answer', belongs: 'answer' },
  { name: 'a cookie', value: 'canary-of-a-cookie' },
  { name: 'another header', value: 'canary-of-a-header' },
  { name: 'the compartment', value: COMPARTMENT },
]

/** A credential and its secret parts. */
interface Secret {
  env: Environment
  files?: Record<string, string>
  canaries: readonly Canary[]
}

const CREDENTIALS: readonly [name: string, open: () => Secret | Promise<Secret>][] = [
  ['an API key with a passphrase', () => ({
    env: {
      OCI_CLI_TENANCY: TENANCY,
      OCI_CLI_USER: USER,
      OCI_CLI_FINGERPRINT: keys.keys.rsa2048.fingerprint,
      OCI_CLI_KEY_CONTENT: LOCKED?.pem,
      OCI_CLI_PASSPHRASE: LOCKED?.passphrase ?? '',
    },
    canaries: [
      { name: 'the tenancy', value: TENANCY },
      { name: 'the user', value: USER },
      { name: 'the passphrase', value: LOCKED?.passphrase ?? '' },
      ...linesOf(LOCKED?.pem ?? '').map((value) => ({ name: 'the key', value })),
    ],
  })],
  ['a session token', async () => {
    const { tenancy, fingerprint, privateKey, token } = await createSessionIdentity(
      createTokenIssuer(),
    )
    const profile = ['[DEFAULT]', `tenancy=${tenancy}`, `fingerprint=${fingerprint}`]
    const rest = ['region=us-chicago-1', 'key_file=/key.pem', 'security_token_file=/token']
    return {
      env: { OCI_CONFIG_FILE: '/config' },
      files: {
        '/config': [...profile, ...rest].join('\n'),
        '/key.pem': privateKey,
        '/token': token,
      },
      canaries: [
        { name: 'the tenancy', value: tenancy },
        { name: 'the token', value: token },
        ...linesOf(privateKey).map((value) => ({ name: 'the key', value })),
      ],
    }
  }],
  ['an OCI Generative AI API key', () => ({
    env: { OCI_AUTH: 'genai_api_key', OCI_GENAI_API_KEY: BEARER },
    canaries: [{ name: 'the bearer key', value: BEARER }],
  })],
]

const refused = (status: number, code: string) => () =>
  Response.json({ code, message: 'Not this time' }, { status })
const TEXT_EVENT = { message: { content: [{ type: 'TEXT', text: 'canary-of-an-answer' }] } }

/** Behavior of OCI; its errors contain the whole call, as errors of runtimes may. */
const UPSTREAMS: readonly [name: string, answer: (call: string) => Response][] = [
  ['answers', sse(dataOf(TEXT_EVENT) + dataOf({ finishReason: 'stop' }))],
  ['breaks off', sse(dataOf(TEXT_EVENT))],
  ['breaks off with an error that contains the call', (call) => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error(call)) })
    return sse(body)()
  }],
  ['sends invalid JSON', sse(`${dataOf(TEXT_EVENT)}data: {"canary-of-an-answer\n\n`)],
  ['refuses the request', refused(400, 'InvalidParameter')],
  ['refuses the credential', refused(401, 'NotAuthenticated')],
  ['does not have the model', refused(404, 'NotAuthorizedOrNotFound')],
  ['is busy', refused(429, 'TooManyRequests')],
  ['is down', refused(503, 'ServiceUnavailable')],
  ['answers in HTML', () => new Response('<html>canary-of-an-answer</html>')],
  ['redirects', () => Response.redirect('https://elsewhere.example/', 307)],
  ['is not reached', (call) => {
    throw new TypeError('fetch failed', { cause: new Error(`connect ECONNREFUSED ${call}`) })
  }],
  ['fails with an error that contains the call', (call) => {
    throw new Error(call)
  }],
]

const CALL = { id: 'call_1', type: 'function' }
const CHAT = {
  model: 'meta.llama-3.3-70b-instruct',
  messages: [
    { role: 'user', content: 'canary-of-a-prompt' },
    {
      role: 'assistant',
      tool_calls: [{ ...CALL, function: { name: 'f', arguments: '{"a":"canary-of-arguments"}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'canary-of-a-result' },
  ],
}
const WITH_KEY = { authorization: `Bearer ${CLIENT_KEY}` }

/** Valid and invalid requests. */
const REQUESTS: readonly [name: string, path: string, headers: HeadersInit, body: string][] = [
  ['a chat', '/v1/chat/completions', WITH_KEY, JSON.stringify(CHAT)],
  ['a stream', '/v1/chat/completions', WITH_KEY, JSON.stringify({ ...CHAT, stream: true })],
  ['a truncated body', '/v1/chat/completions', WITH_KEY, JSON.stringify(CHAT).slice(0, 200)],
  ['a wrong type', '/v1/chat/completions', WITH_KEY, '{"model":1,"messages":"canary-of-a-prompt"}'],
  ['a message', '/v1/messages', WITH_KEY, JSON.stringify({ ...CHAT, max_tokens: 10 })],
  ['an unknown path', '/v1/canary-of-nothing', WITH_KEY, '{}'],
  ['a wrong key', '/v1/chat/completions', { authorization: `Bearer ${WRONG_KEY}` }, '{}'],
  ['no key', '/v1/chat/completions', {}, JSON.stringify(CHAT)],
]

// Most of the time passes in waits before retries.
describe('the gateway', { concurrency: true }, () => {
  for (const [credential, open] of CREDENTIALS) {
    for (const level of LEVELS) {
      it(`Z04 reveals no secret with ${credential} at log level ${level}`, async () => {
        const secret = await open()
        let answer = UPSTREAMS[0]?.[1]
        const gateway = await openWith(secret, level, (call) => answer?.(call) ?? new Response())
        for (const [upstream, each] of UPSTREAMS) {
          answer = each
          for (const [name, path, headers, body] of REQUESTS) {
            const received = await gateway.ask(path, headers, body)
            const canaries = [...COMMON, ...secret.canaries, ...gateway.signatures()]
            const where = `${name}, OCI ${upstream}`
            assert.deepEqual(leaksOf(canaries, received, 'answer'), [], `${where}: ${received}`)
            const log = gateway.log()
            assert.deepEqual(leaksOf(canaries, log, 'log'), [], `${where}: ${log}`)
          }
        }
        assert.equal(gateway.log() !== '', level === 'debug' || level === 'info')
      })
    }
  }
})

async function openWith(
  { env, files }: Secret,
  level: string,
  answer: (call: string) => Response,
) {
  let log = ''
  const signatures = new Set<string>()
  const { app } = await openGateway({
    env: {
      ...env,
      ...{ OCI_REGION: 'us-chicago-1', OCI_COMPARTMENT_ID: COMPARTMENT, LOG_LEVEL: level },
      GATEWAY_API_KEYS: CLIENT_KEY,
      GATEWAY_CONFIG: JSON.stringify({
        retry: { maxAttempts: 1 },
        circuitBreaker: { minimumRequests: 0 },
      }),
    },
    files: files && filesOf(files),
    write: (line) => log += `${line}\n`,
    async fetch(url, init) {
      const headers = new Headers(init.headers)
      const authorization = headers.get('authorization') ?? ''
      signatures.add(/signature="([^"]+)"/.exec(authorization)?.[1] ?? authorization)
      const body = init.body instanceof Uint8Array ? new TextDecoder().decode(init.body) : ''
      return await answer(`${url} ${[...headers].join(' ')} ${body}`)
    },
  })
  return {
    async ask(path: string, headers: HeadersInit, body: string): Promise<string> {
      const response = await app.request(`${path}?key=canary-of-a-query`, {
        method: 'POST',
        headers: {
          ...Object.fromEntries(new Headers(headers)),
          cookie: 'session=canary-of-a-cookie',
          'x-something': 'canary-of-a-header',
        },
        body,
      })
      return `${response.status} ${[...response.headers].join('\n')}\n${await response.text()}`
    },
    log: () => log,
    signatures: () => [...signatures].map((value): Canary => ({ name: 'a signature', value })),
  }
}

function filesOf(texts: Record<string, string>): Files {
  return { home: '/', read: (path) => Promise.resolve(texts[path]) }
}
