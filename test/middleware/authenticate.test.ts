import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGuessLimit } from '../../src/access/guesses.ts'
import { authenticate } from '../../src/middleware/authenticate.ts'
import { serve } from './serve.ts'

const refused: Record<string, string>[] = [
  {},
  { authorization: '' },
  { authorization: 'Bearer' },
  { authorization: 'Bearer sk-wrong' },
  { authorization: 'Basic sk-right' },
  { authorization: 'sk-right' },
  { authorization: 'Bearer sk-right sk-wrong' },
  { 'x-api-key': 'sk-wrong' },
  // Whoever sends two keys means the first one.
  { authorization: 'Bearer sk-wrong', 'x-api-key': 'sk-right' },
]

const letIn: Record<string, string>[] = [
  { authorization: 'Bearer sk-right' },
  { authorization: 'bearer  sk-right' },
  { 'x-api-key': 'sk-right' },
]

describe('authenticate()', () => {
  for (const headers of letIn) {
    it(`lets in ${JSON.stringify(headers)}`, async () => {
      const { response } = await ask(headers)
      assert.deepEqual([response.status, await response.text()], [200, 'in'])
    })
  }

  it('tells the route which key it was', async () => {
    const check = () => Promise.resolve(true)
    const headers = { 'x-api-key': 'sk-ann' }
    const { response } = await serve(
      (c) => c.text(c.get('clientKey') ?? ''),
      { headers },
      authenticate(check, createGuessLimit(20, () => 0)),
    )
    assert.equal(await response.text(), 'sk-ann')
  })

  for (const headers of refused) {
    it(`E04 refuses ${JSON.stringify(headers)}`, async () => {
      const { response, lines } = await ask(headers)
      assert.equal(response.status, 401)
      assert.equal(response.headers.get('www-authenticate'), 'Bearer')
      assert.deepEqual(await response.json(), {
        error: {
          message:
            'Cannot let you in: send one of the keys of this gateway as "Authorization: Bearer …"',
          type: 'authentication_error',
          param: null,
          code: 'invalid_api_key',
        },
      })
      assert.doesNotMatch(JSON.stringify(lines), /sk-/)
    })
  }
})

describe('authenticate() of one who guesses', () => {
  it('makes an address wait, but not those it has let in before', async () => {
    const guesses = createGuessLimit(2, () => 0)
    const keys = ['sk-right', 'sk-1', 'sk-2', 'sk-3', 'sk-other', 'sk-right', '']
    const statuses = []
    for (const key of keys) {
      const { response } = await ask({ authorization: `Bearer ${key}` }, guesses)
      statuses.push([response.status, response.headers.get('retry-after')])
    }
    assert.deepEqual(statuses, [
      [200, null],
      [401, null],
      [401, null],
      [429, '10'],
      [429, '10'],
      [200, null],
      [401, null],
    ])
  })
})

function ask(headers: Record<string, string>, guesses = createGuessLimit(20, () => 0)) {
  const check = (key: string) => Promise.resolve(['sk-right', 'sk-other'].includes(key))
  return serve((c) => c.text('in'), { headers }, authenticate(check, guesses))
}
