import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NodeBody } from '../../src/entry/node-body.ts'

describe('NodeBody', () => {
  it('pauses its connection from 64 KiB of unread bytes until they are read', async () => {
    const { body, events } = createBody()
    body.push(new Uint8Array(65_535))
    assert.deepEqual(events, [])
    body.push(new Uint8Array(1))
    body.push(new Uint8Array(10))
    assert.deepEqual(events, ['pause'])
    assert.equal((await body.read()).value?.length, 65_546)
    assert.deepEqual(events, ['pause', 'resume'])
  })

  it('wakes a pending read with everything that arrives in one turn', async () => {
    const { body } = createBody()
    const pending = body.getReader().read()
    body.push(Uint8Array.of(1))
    body.push(Uint8Array.of(2, 3))
    assert.deepEqual(await pending, { done: false, value: Uint8Array.of(1, 2, 3) })
  })

  it('ends after its last bytes, or fails after them', async () => {
    const whole = createBody().body
    whole.push(Uint8Array.of(1))
    whole.end()
    assert.deepEqual(await whole.read(), { done: false, value: Uint8Array.of(1) })
    assert.deepEqual(await whole.read(), { done: true, value: undefined })
    const broken = createBody().body
    const pending = broken.read()
    broken.push(Uint8Array.of(1))
    broken.fail(new Error('broken'))
    assert.deepEqual(await pending, { done: false, value: Uint8Array.of(1) })
    await assert.rejects(broken.read(), /broken/)
  })

  it('closes its connection once when it is cancelled before its end', async () => {
    const { body, events } = createBody()
    const pending = body.read()
    await body.cancel()
    await body.cancel()
    body.push(Uint8Array.of(1))
    assert.deepEqual(await pending, { done: true, value: undefined })
    assert.deepEqual(await body.read(), { done: true, value: undefined })
    assert.deepEqual(events, ['close'])
    const complete = createBody()
    complete.body.end()
    await complete.body.cancel()
    assert.deepEqual(complete.events, [])
  })
})

function createBody(): { body: NodeBody; events: string[] } {
  const events: string[] = []
  const body = new NodeBody({
    pause: () => events.push('pause'),
    resume: () => events.push('resume'),
    close: () => events.push('close'),
  })
  return { body, events }
}
