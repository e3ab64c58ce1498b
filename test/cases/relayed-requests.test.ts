import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { REPLACEMENTS } from '../../src/oci/relay/replacements.ts'
import { anyCharacter } from '../characters.ts'
import { BEARER, openTestGateway, type TestGateway } from './gateway.ts'

const MODEL = 'xai.grok-4.3'
const CONFIG = {
  aliases: { mine: MODEL, vectors: 'cohere.embed-v4.0' },
  models: { '*': { endpoint: 'openai' } },
}
const HELLO = { role: 'user', content: 'Hello' }
const CALL = { id: 'c1', type: 'function', index: 0, function: { name: 'f', arguments: '{}' } }

/** Requests with members that the gateway does not read, by path. */
const REQUESTS: readonly (readonly [path: string, body: Record<string, unknown>])[] = [
  ['/chat/completions', {
    model: 'mine',
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'Be brief', cache_control: { ttl: 1 } }] },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
          { type: 'file', file: { file_data: 'data:text/plain;base64,AA==', filename: 'a.txt' } },
          { type: 'a_new_part', a_new_part: { of: [1] } },
        ],
      },
      { role: 'assistant', content: null, audio: { id: 'audio_1' }, tool_calls: [CALL] },
      { role: 'tool', tool_call_id: 'c1', content: 'done', is_error: false },
      {
        role: 'assistant',
        tool_calls: [{ id: 'c2', type: 'custom', custom: { name: 'p', input: 'x' } }],
      },
      { role: 'tool', tool_call_id: 'c2', content: 'done' },
      HELLO,
    ],
    tools: [
      { type: 'function', function: { name: 'f', parameters: { type: 'object' }, extra: 1 } },
      { type: 'custom', custom: { name: 'p', format: { type: 'text' } } },
    ],
    tool_choice: { type: 'custom', custom: { name: 'p' } },
    response_format: { type: 'json_object', schema: { type: 'object' } },
    reasoning_effort: 'max',
    user: null,
  }],
  ['/chat/completions', {
    model: 'mine',
    messages: [HELLO],
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
    functions: [{ name: 'f' }],
    function_call: { name: 'f' },
  }],
  ['/responses', {
    model: 'mine',
    input: [
      { type: 'compaction', encrypted_content: 'x' },
      { role: 'user', content: [{ type: 'input_text', text: 'Hi', cache_control: {} }] },
    ],
    tools: [{ type: 'web_search', filters: { allowed_domains: ['a.example'] } }],
    text: { format: { type: 'text', extra: null } },
    reasoning: { effort: 'xhigh', generate_summary: null },
  }],
  ['/responses', { model: 'mine', input: 'Hi', stream: true, prompt: { id: 'pmpt_1' } }],
  ['/embeddings', { model: 'vectors', input: ['a', 'b'], input_type: 'SEARCH_QUERY', other: {} }],
]

/** Gateways that relay every request: as configured, or since the credential allows nothing else. */
const GATEWAYS = [
  { name: 'a signature', options: { config: CONFIG } },
  { name: 'a bearer key', options: { config: CONFIG, env: BEARER } },
]

describe("a request relayed to OCI's OpenAI endpoint", () => {
  for (const { name, options } of GATEWAYS) {
    for (const [path, body] of REQUESTS) {
      const streamed = body['stream'] ? ', streamed' : ''
      it(`R-E1 is sent as received with ${name}: ${path}${streamed}`, async () => {
        const gateway = await openTestGateway({ ...options, upstream: () => ended(path) })
        const expected = { ...body, model: body['model'] === 'mine' ? MODEL : 'cohere.embed-v4.0' }
        assert.deepEqual(await relayed(gateway, path, body), expected)
      })
    }
  }

  it('R-E1 arrives with the same JSON at any depth, except for the replacements', async () => {
    const gateway = await openTestGateway({
      config: CONFIG,
      upstream: ({ url }) => ended(url.pathname),
    })
    const request = fc.constantFrom(...REQUESTS)
    await fc.assert(
      fc.asyncProperty(request, members(), fc.nat(), async ([path, body], added, place) => {
        const { text, expected } = withMembers(path, body, added, place)
        assert.deepEqual(await relayed(gateway, path, text), expected)
      }),
      { numRuns: 300 },
    )
  })

  it('R-E1 keeps keys that are special in JavaScript', async () => {
    const gateway = await openTestGateway({ config: CONFIG, upstream: () => ended('/responses') })
    const text = '{"model":"mine","input":"x","__proto__":{"a":1},"metadata":' +
      '{"__proto__":{"b":2},"constructor":null,"toString":[]}}'
    const [call] = await callsFor(gateway, '/responses', text)
    assert.equal(new TextDecoder().decode(call?.body), text.replace('mine', MODEL))
  })

  it('R-E1 has replacements that docs/models.md lists', async () => {
    const page = await readFile(new URL('../../docs/models.md', import.meta.url), 'utf8')
    assert.ok(REPLACEMENTS.length > 0)
    for (const { what, sent } of REPLACEMENTS) {
      assert.ok(page.replaceAll(/ +\|/g, ' |').includes(`| ${what} | ${sent} |`), what)
    }
  })
})

/** Names and values of any JSON, among them the names that requests have. */
function members(): fc.Arbitrary<Record<string, unknown>> {
  const text = fc.string({ unit: anyCharacter, maxLength: 8 })
  const name = fc.oneof(text, fc.constantFrom('type', 'id', 'store', 'n', 'seed', 'index'))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'value' },
      fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
      fc.constantFrom(null, true, false),
      fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'value' }),
      fc.dictionary(name, tie('value'), { maxKeys: 3, depthIdentifier: 'value' }),
    ),
  }))
  return fc.dictionary(name, value, { minKeys: 1, maxKeys: 3 })
}

/** Members whose values decide where a request goes. */
const ROUTING = new Set(['model', 'stream', 'tools', 'previous_response_id', 'conversation'])

/** Adds members to one of the objects in a request that does not have them yet. */
function withMembers(
  path: string,
  body: Record<string, unknown>,
  added: Record<string, unknown>,
  place: number,
) {
  const copy: Record<string, unknown> = structuredClone(body)
  const objects = [copy, ...objectsIn(copy)]
  const target = objects[place % objects.length]!
  for (const [key, value] of Object.entries(added)) {
    if (Object.hasOwn(target, key) || (target === copy && ROUTING.has(key))) continue
    Object.defineProperty(target, key, { value, enumerable: true })
  }
  const text = JSON.stringify(copy)
  const model = path === '/embeddings' ? 'cohere.embed-v4.0' : MODEL
  return { text, expected: { ...JSON.parse(wellFormed(text)), model } }
}

/** All objects within a value, except parts of an embeddings input, which must be valid. */
function objectsIn(value: object): Record<string, unknown>[] {
  return Object.values(value).flatMap((inner) => {
    if (typeof inner !== 'object' || inner === null) return []
    return Array.isArray(inner) ? objectsIn(inner) : [inner, ...objectsIn(inner)]
  })
}

/** Lone surrogates are one of the documented replacements. */
function wellFormed(json: string): string {
  return json.replace(/\\ud[89a-f][0-9a-f]{2}/gi, '\ufffd')
}

async function relayed(gateway: TestGateway, path: string, body: object | string) {
  const [call] = await callsFor(gateway, path, body)
  return call?.json
}

async function callsFor(gateway: TestGateway, path: string, body: object | string) {
  const before = gateway.calls.length
  const response = await gateway.fetch(`/v1${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  assert.equal(response.status, 200, text)
  const calls = gateway.calls.slice(before)
  assert.deepEqual(calls.map(({ url }) => url.pathname), [`/openai/v1${path}`])
  return calls
}

/** An answer of OCI, complete for any request. */
function ended(path: string): Response {
  const stream = path.endsWith('/responses')
    ? 'data: {"type":"response.completed","response":{"id":"resp_1"}}\n\n'
    : 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
  return new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
}
