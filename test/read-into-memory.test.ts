import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readIntoMemory } from '../src/read-into-memory.ts'

/** A stream whose reads return these lengths at most. */
function streamOf(lengths: readonly number[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const rest = [...lengths]
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const length = rest.shift()
      const view = controller.byobRequest?.view
      if (length === undefined) {
        controller.close()
        controller.byobRequest?.respond(0)
      } else if (view) {
        new Uint8Array(view.buffer, view.byteOffset, length).fill(length)
        controller.byobRequest?.respond(length)
      } else controller.enqueue(new Uint8Array(length).fill(length))
    },
  })
}

async function chunksOf(lengths: readonly number[], bytes: number) {
  const asked: number[] = []
  const reader = readIntoMemory(streamOf(lengths), {
    bytes,
    hasRead: (length) => asked.push(length),
  })
  const chunks: Uint8Array<ArrayBuffer>[] = []
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value)
  }
  return { asked, chunks }
}

describe('readIntoMemory()', () => {
  it('returns all bytes, and no chunk takes more than twice its size', async () => {
    const lengths = [100, 1, 7, 60, 50, 51, 2]
    const { asked, chunks } = await chunksOf(lengths, 100)
    assert.deepEqual(chunks.map((chunk) => [...new Set(chunk)]), lengths.map((length) => [length]))
    assert.deepEqual(chunks.map((chunk) => chunk.length), lengths)
    for (const { buffer, length } of chunks) assert.ok(buffer.byteLength <= 2 * length, `${length}`)
    assert.deepEqual(asked, lengths)
  })

  it('reads a stream that is not one of bytes', async () => {
    const reader = readIntoMemory(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array([1, 2]))
          controller.close()
        },
      }),
    )
    assert.deepEqual([...(await reader.read()).value ?? []], [1, 2])
    assert.ok((await reader.read()).done)
  })

  it('cancels the stream', async () => {
    let reason: unknown
    const stream = new ReadableStream({
      type: 'bytes',
      cancel: (given) => void (reason = given),
    })
    await readIntoMemory(stream).cancel('enough')
    assert.equal(reason, 'enough')
  })
})
