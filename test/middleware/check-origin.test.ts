import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkOrigin } from '../../src/middleware/check-origin.ts'
import { serve } from './serve.ts'

type Case = [method: string, origin: string | undefined, status: number, site?: string]

const cases: Case[] = [
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
  ['GET', 'https://evil.example', 403],
  ['POST', 'javascript://localhost', 403],
  ['POST', 'ftp://127.0.0.1', 403],
  ['GET', undefined, 403, 'cross-site'],
  ['GET', undefined, 403, 'same-site'],
  ['HEAD', undefined, 403, 'cross-site'],
  ['GET', undefined, 200, 'same-origin'],
  ['GET', undefined, 200, 'none'],
  ['POST', 'http://localhost:3000', 403, 'same-site'],
  ['POST', 'http://localhost:8050', 200, 'same-origin'],
  ['GET', 'https://chat.example', 200, 'cross-site'],
]

describe('checkOrigin()', () => {
  for (const [method, origin, status, site] of cases) {
    it(`F13: answers ${status} to ${method} from ${origin}, ${site}`, async () => {
      const headers: Record<string, string> = {
        ...(origin !== undefined && { origin }),
        ...(site !== undefined && { 'sec-fetch-site': site }),
      }
      const check = checkOrigin(['https://chat.example'])
      const { response } = await serve((c) => c.text('in'), { method, headers }, check)
      assert.equal(response.status, status)
    })
  }
})
