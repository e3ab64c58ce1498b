import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { messageFor } from '../../src/entry/exit-codes.ts'

describe('messageFor()', () => {
  it('names the port that is in use', async () => {
    const first = createServer().listen(0, '127.0.0.1')
    await once(first, 'listening')
    const { port } = first.address() as { port: number }
    const second = createServer().listen(port, '127.0.0.1')
    const [error] = await once(second, 'error') as [Error & { port?: number }]
    first.close()
    const name = error.port === undefined ? 'the port' : `port ${port}`
    assert.equal(
      messageFor(error),
      `Cannot listen: ${name} is in use. Set PORT to another one`,
    )
  })

  it('is the text of any other error or value', () => {
    assert.equal(messageFor(new Error('No')), 'No')
    assert.equal(messageFor('text'), 'text')
  })
})
