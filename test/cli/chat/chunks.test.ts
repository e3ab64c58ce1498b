import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { partOf, readChunks } from '../../../src/cli/chat/chunks.ts'

const STREAM = { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }
const never = new AbortController().signal

function read(response: Response, signal = never): Promise<object[]> {
  return Array.fromAsync(readChunks(response, signal))
}

describe('readChunks()', () => {
  it('reads a stream up to its last event, or a whole answer', async () => {
    const text = 'data: {"a":1}\n\n: comment\n\ndata: {"a":2}\n\ndata: [DONE]\n\ndata: {"a":3}\n\n'
    assert.deepEqual(await read(new Response(text, STREAM)), [{ a: 1 }, { a: 2 }])
    assert.deepEqual(await read(Response.json({ a: 1 })), [{ a: 1 }])
  })

  it('throws if a stream ends early', async () => {
    for (const text of ['', 'data: {"a":1}\n\n', 'data: {"a":1}']) {
      await assert.rejects(read(new Response(text, STREAM)), /ended before it was complete/)
    }
  })

  it('cancels a stream and throws when the signal aborts', async () => {
    const abort = new AbortController()
    const cancelled = Promise.withResolvers<unknown>()
    const body = new ReadableStream({ cancel: cancelled.resolve })
    const chunks = read(new Response(body, STREAM), abort.signal)
    abort.abort(new Error('stopped'))
    await assert.rejects(chunks, /stopped/)
    assert.match(String(await cancelled.promise), /stopped/)
  })
})

describe('partOf()', () => {
  it('returns the text of chunks and whole answers', () => {
    const none = { text: '', reasoning: '' }
    assert.deepEqual(partOf({}), none)
    assert.deepEqual(partOf({ choices: [] }), none)
    assert.deepEqual(partOf({ choices: [{ delta: { content: null } }] }), none)
    assert.deepEqual(partOf({ choices: [{ delta: { refusal: 'No' } }] }), { ...none, text: 'No' })
    const message = { content: 'Yes', reasoning_content: 'Why' }
    assert.deepEqual(partOf({ choices: [{ message }] }), { text: 'Yes', reasoning: 'Why' })
  })
})
