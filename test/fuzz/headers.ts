import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Fuzz } from './fuzz.ts'
import { FUZZ_KEY, HEADER_NAMES, headerValue } from './header-values.ts'
import { openApp } from './requests.ts'

const BODY = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] })
const MESSAGE = JSON.stringify({ ...JSON.parse(BODY), max_tokens: 10 })

const PLACES: readonly (readonly [method: string, path: string, body: string | undefined])[] = [
  ['POST', '/v1/chat/completions', BODY],
  ['POST', '/v1/messages', MESSAGE],
  ['POST', '/v1/embeddings', '{}'],
  ['GET', '/v1/models/gpt-4o-mini', undefined],
  ['GET', '/health', undefined],
  ['OPTIONS', '/v1/chat/completions', undefined],
]

const input = fc.record({
  place: fc.constantFrom(...PLACES),
  admitted: fc.boolean(),
  headers: fc.array(fc.tuple(fc.constantFrom(...HEADER_NAMES), headerValue), { maxLength: 3 }),
})

/** Header values for the complete gateway: no 5xx, and only printable characters in headers. */
export async function headers(): Promise<Fuzz> {
  const app = await openApp([FUZZ_KEY])
  const statuses = new Map<number, number>()
  let values = 0
  return {
    property: fc.asyncProperty(input, async ({ place, admitted, headers }) => {
      const [method, path, body] = place
      const all = new Headers(admitted ? { authorization: `Bearer ${FUZZ_KEY}` } : {})
      for (const [name, value] of headers) all.append(name, value)
      values += headers.length
      const response = await app.request(path, {
        method,
        headers: all,
        ...(body !== undefined && { body }),
      })
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      const text = await response.text()
      assert.ok(response.status < 500, `${response.status} ${text}`)
      for (const [name, value] of response.headers) {
        assert.match(value, /^[\x20-\x7e]*$/, name)
      }
      if (response.status >= 400) assert.equal(typeof JSON.parse(text).error.message, 'string')
    }),
    summary: () =>
      `${values} values, ${
        [...statuses].map(([status, count]) => `${status}: ${count}`).join(', ')
      }`,
  }
}
