import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { listenError } from '../../src/entry/listen-error.ts'

const NO_ADDRESS = '192.0.2.7 is not an address of this machine. ' +
  'Set HOST to 127.0.0.1, or to 0.0.0.0 for all of its addresses'

const CASES: readonly [code: string, host: string, port: number, message: string][] = [
  [
    'EACCES',
    '127.0.0.1',
    80,
    'this user may not listen on port 80. Set PORT to another one, such as 8050',
  ],
  ['EADDRNOTAVAIL', '192.0.2.7', 8050, NO_ADDRESS],
  ['ENOTFOUND', '192.0.2.7', 8050, NO_ADDRESS],
  ['EINVAL', '127.0.0.1', 8050, 'HOST is 127.0.0.1 and PORT is 8050 (no)'],
]

describe('listenError()', () => {
  it('names the port that is in use', async () => {
    const first = createServer().listen(0, '127.0.0.1')
    await once(first, 'listening')
    const { port } = first.address() as { port: number }
    const second = createServer().listen(port, '127.0.0.1')
    const [error] = await once(second, 'error') as [Error]
    first.close()
    const { message } = listenError(error, { host: '127.0.0.1', port })
    assert.equal(message, `Cannot listen: port ${port} is in use. Set PORT to another one`)
  })

  for (const [code, host, port, message] of CASES) {
    it(`explains ${code}`, () => {
      const error = Object.assign(new Error('no'), { code })
      assert.equal(listenError(error, { host, port }).message, `Cannot listen: ${message}`)
    })
  }

  it('explains an error of Deno without a code', () => {
    const { message } = listenError('failed', { host: 'no.invalid', port: 1 })
    assert.equal(message, 'Cannot listen: HOST is no.invalid and PORT is 1 (failed)')
  })
})
