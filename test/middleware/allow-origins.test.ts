import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../src/errors.ts'
import { allowOrigins } from '../../src/middleware/allow-origins.ts'
import { serve } from './serve.ts'

const OURS = 'https://chat.example'

describe('allowOrigins()', () => {
  it('Z06 allows pages of listed origins to read a response, and no others', async () => {
    for (const origin of [OURS, 'https://evil.example', `${OURS}.evil.example`, 'null']) {
      const { response } = await serve(
        (c) => c.text('in'),
        { headers: { origin } },
        allowOrigins([OURS]),
      )
      const allowed = response.headers.get('access-control-allow-origin')
      assert.equal(allowed, origin === OURS ? OURS : null, origin)
      assert.equal(response.headers.get('access-control-allow-credentials'), null)
    }
  })

  it('Z06 allows pages of listed origins to read an error', async () => {
    const { response } = await serve(
      () => {
        throw new ApiError('invalid_request', 'no')
      },
      { headers: { origin: OURS } },
      allowOrigins([OURS]),
    )
    assert.equal(response.status, 400)
    assert.equal(response.headers.get('access-control-allow-origin'), OURS)
  })

  it('Z06 answers a preflight request and allows all of its headers', async () => {
    const headers = {
      'origin': OURS,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-stainless-os',
    }
    const { response } = await serve(
      (c) => c.text('in'),
      { method: 'OPTIONS', headers },
      allowOrigins([OURS]),
    )
    assert.equal(response.status, 204)
    const allowed = response.headers.get('access-control-allow-headers')
    assert.equal(allowed, 'authorization,x-stainless-os')
  })
})
