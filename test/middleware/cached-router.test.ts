import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { TrieRouter } from 'hono/router/trie-router'
import { createCachedRouter } from '../../src/middleware/cached-router.ts'

const ROUTES: readonly (readonly [method: string, path: string])[] = [
  ['ALL', '*'],
  ['POST', '/chat/completions'],
  ['ALL', '/chat/completions'],
  ['POST', '/openai/deployments/:deployment/chat/completions'],
  ['GET', '/models/:model{.+}'],
  ['ALL', '/admin/*'],
]

describe('createCachedRouter()', () => {
  it('finds the same routes and parameters as without a cache, also for many paths', () => {
    const routers = [createCachedRouter<string>(), new TrieRouter<string>()] as const
    for (const [method, path] of ROUTES) {
      for (const router of routers) router.add(method, path, `${method} ${path}`)
    }
    const paths = [
      ...['/chat/completions', '/admin/keys', '/', '/nothing'],
      ...Array.from({ length: 400 }, (_, at) => `/models/a/${at}`),
      ...Array.from({ length: 400 }, (_, at) => `/openai/deployments/${at}/chat/completions`),
    ]
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST', 'DELETE'),
      path: fc.constantFrom(...paths),
    })
    fc.assert(fc.property(fc.array(request, { maxLength: 50 }), (requests) => {
      for (const { method, path } of [...requests, ...requests]) {
        const [cached, plain] = routers
        assert.deepEqual(cached.match(method, path), plain.match(method, path))
      }
    }))
  })
})
