import assert from 'node:assert/strict'
import fc from 'fast-check'
import { anyCharacter } from '../characters.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'

/** The model that `mine` stands for. */
export const MODEL = 'xai.grok-4.3'
/** Aliases, and a setting that relays every request. */
export const CONFIG = {
  aliases: { mine: MODEL, vectors: 'cohere.embed-v4.0' },
  models: { '*': { endpoint: 'openai' } },
}
const HELLO = { role: 'user', content: 'Hello' }
const CALL = { id: 'c1', type: 'function', index: 0, function: { name: 'f', arguments: '{}' } }

/** Requests with members that the gateway does not read, by path. */
export const REQUESTS: readonly (readonly [path: string, body: Record<string, unknown>])[] = [
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

/**
 * Creates the property that any JSON in a relayed request arrives at OCI as the same JSON, except for
 * the documented replacements.
 */
export async function relayedJson(): Promise<fc.IAsyncProperty<unknown>> {
  const gateway = await openTestGateway({
    config: CONFIG,
    upstream: ({ url }) => ended(url.pathname),
  })
  return fc.asyncProperty(
    fc.constantFrom(...REQUESTS),
    members(),
    fc.nat(),
    async ([path, body], added, place) => {
      const { text, expected } = withMembers(path, body, added, place)
      assert.deepEqual(await relayed(gateway, path, text), expected)
      // The gateway keeps every call for the tests; a million of them would fill the memory.
      gateway.calls.length = 0
    },
  )
}

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

/** Sends a request and returns the JSON that arrives at OCI. */
export async function relayed(
  gateway: TestGateway,
  path: string,
  body: object | string,
): Promise<unknown> {
  const [call] = await callsFor(gateway, path, body)
  return call?.json
}

/** Sends a request and returns the calls of OCI for it. */
export async function callsFor(
  gateway: TestGateway,
  path: string,
  body: object | string,
): Promise<TestGateway['calls']> {
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
export function ended(path: string): Response {
  const stream = path.endsWith('/responses')
    ? 'data: {"type":"response.completed","response":{"id":"resp_1"}}\n\n'
    : 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
  return new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
}
