import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Hono } from 'hono'
import type { GatewayEnvironment } from '../../src/middleware/environment.ts'
import { clientOf, identifyClient } from '../../src/middleware/identify-client.ts'
import { requestLifecycle } from '../../src/middleware/lifecycle.ts'
import { renderError } from '../../src/middleware/render-error.ts'
import { createPlatform } from '../oci/platform.ts'

describe('identifyClient()', () => {
  const cases: [name: string, keyId: string | undefined, client: string, lookUps: number][] = [
    ['the id of its key, without its address', 'key-1', 'key-1', 0],
    ['its address, looked up once', undefined, '192.0.2.1', 1],
  ]
  for (const [name, keyId, client, lookUps] of cases) {
    it(`B6: a client is ${name}`, async () => {
      let count = 0
      const peerAddress = () => {
        count++
        return '192.0.2.1'
      }
      const app = new Hono<GatewayEnvironment>()
        .use(requestLifecycle({
          around: [identifyClient(({ peer }) => peer ?? '')],
          renderError: renderError(createPlatform()),
        }))
        .get('/', (c) => {
          c.set('client', keyId)
          return c.text([clientOf(c), clientOf(c)].join())
        })
      const response = await app.request('/', {}, { peerAddress })
      assert.equal(await response.text(), `${client},${client}`)
      assert.equal(count, lookUps)
    })
  }
})
