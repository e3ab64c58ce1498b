import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkOrigin } from '../../src/middleware/check-origin.ts'
import { serve } from './serve.ts'

const cases: [method: string, origin: string | undefined, status: number][] = [
  ['POST', undefined, 200],
  ['POST', 'http://localhost:3000', 200],
  ['POST', 'http://127.0.0.1', 200],
  ['POST', 'http://[::1]:1', 200],
  ['POST', 'https://chat.example', 200],
  ['POST', 'http://chat.example', 403],
  ['POST', 'https://chat.example.evil.example', 403],
  ['POST', 'https://localhost.evil.example', 403],
  ['POST', 'null', 403],
  ['POST', '', 403],
  ['DELETE', 'https://evil.example', 403],
  ['GET', 'https://evil.example', 200],
]

describe('checkOrigin()', () => {
  for (const [method, origin, status] of cases) {
    it(`says ${status} to ${method} from ${origin}`, async () => {
      const headers: Record<string, string> = origin === undefined ? {} : { origin }
      const check = checkOrigin(['https://chat.example'])
      const { response } = await serve((c) => c.text('in'), { method, headers }, check)
      assert.equal(response.status, status)
    })
  }
})
