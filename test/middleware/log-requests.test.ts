import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Hono } from 'hono'
import { ApiError } from '../../src/errors.ts'
import type { GatewayEnvironment } from '../../src/middleware/environment.ts'
import { requestLifecycle } from '../../src/middleware/lifecycle.ts'
import { logRequests } from '../../src/middleware/log-requests.ts'
import { renderError } from '../../src/middleware/render-error.ts'
import { createPlatform } from '../oci/platform.ts'
import { RANDOM_ID, serve } from './serve.ts'

const LINE = {
  level: 'info',
  event: 'request',
  requestId: RANDOM_ID,
  method: 'GET',
  path: '/path',
  ms: 7,
}

describe('logRequests()', () => {
  it('writes one line for a request, without its content', async () => {
    const { lines } = await serve((c) => c.text('answer', 201))
    assert.deepEqual(lines, [{ ...LINE, status: 201 }])
  })

  it('writes the fields of the route', async () => {
    const { lines } = await serve((c) => {
      c.var.log['model'] = 'acme.one'
      return c.text('')
    })
    assert.deepEqual(lines, [{ ...LINE, status: 200, model: 'acme.one' }])
  })

  it('truncates a long path', async () => {
    const platform = createPlatform()
    const app = new Hono<GatewayEnvironment>().use(
      requestLifecycle({ around: [logRequests(platform)], renderError: renderError(platform) }),
    )
    await app.request(`/${'x'.repeat(300)}`)
    assert.equal(platform.lines[0]?.['path'], `/${'x'.repeat(199)}`)
  })

  it('writes the error of a failed request', async () => {
    const { lines } = await serve(() => {
      throw new ApiError('rate_limit_exceeded', 'x', { opcRequestId: 'A/B', reason: '429' })
    })
    assert.deepEqual(lines, [
      {
        ...LINE,
        status: 429,
        error: 'rate_limit_exceeded',
        reason: '429',
        opcRequestId: 'A/B',
      },
    ])
  })

  it('writes the line of a stream at its end', async () => {
    let end: (() => void) | undefined
    const { lines } = await serve((c) => {
      end = c.get('lifecycle').extend()
      return c.text('')
    })
    assert.deepEqual(lines, [])
    end?.()
    assert.deepEqual(lines, [{ ...LINE, status: 200 }])
  })
})
