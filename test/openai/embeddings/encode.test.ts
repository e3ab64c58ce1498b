import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encodeReply } from '../../../src/openai/embeddings/encode.ts'

describe('encodeReply() of embeddings', () => {
  it('V01 encodes the vectors in order', () => {
    const reply = { vectors: [[0.5, -1], [0.25, 2]], usage: { prompt: 3, total: 4 } }
    assert.deepEqual(encodeReply(reply, { model: 'm', format: 'float' }), {
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [0.5, -1] },
        { object: 'embedding', index: 1, embedding: [0.25, 2] },
      ],
      model: 'm',
      usage: { prompt_tokens: 3, total_tokens: 4 },
    })
  })

  it('V09 encodes missing usage as 0', () => {
    const { usage } = encodeReply({ vectors: [], usage: undefined }, {
      model: 'm',
      format: 'float',
    })
    assert.deepEqual(usage, { prompt_tokens: 0, total_tokens: 0 })
  })

  it('V03 encodes 32-bit floats in little-endian order', () => {
    // 1 is 0x3f800000, -2 is 0xc0000000.
    assert.equal(base64([1, -2]), 'AACAPwAAAMA=')
  })

  it('V03 passes on what is in base64 already', () => {
    const reply = { vectors: ['AACAPwAAAMA=', [1, -2]], usage: undefined }
    const { data } = encodeReply(reply, { model: 'm', format: 'base64' })
    assert.deepEqual(data.map(({ embedding }) => embedding), ['AACAPwAAAMA=', 'AACAPwAAAMA='])
  })

  for (const length of [1, 2, 3, 1_024, 1_536, 5_000]) {
    it(`V03 encodes ${length} floats that decode to the same`, () => {
      const vector = Array.from({ length }, (_, at) => Math.fround(Math.sin(at)))
      assert.deepEqual(read(base64(vector)), vector)
    })
  }

  it('V03 encodes any vector so that it decodes to the same floats', () => {
    const floats = fc.array(fc.float({ noNaN: true }), { minLength: 1 })
    fc.assert(fc.property(floats, (vector) => assert.deepEqual(read(base64(vector)), vector)))
  })

  it("V03 encodes the same without the engine's encoder", () => {
    const vector = Array.from({ length: 3_001 }, (_, at) => Math.fround(Math.cos(at)))
    const native = Object.getOwnPropertyDescriptor(Uint8Array.prototype, 'toBase64')
    const text = base64(vector)
    if (native) Reflect.deleteProperty(Uint8Array.prototype, 'toBase64')
    try {
      assert.equal(base64(vector), text)
    } finally {
      if (native) Object.defineProperty(Uint8Array.prototype, 'toBase64', native)
    }
  })
})

function base64(vector: readonly number[]): string {
  const reply = { vectors: [vector], usage: undefined }
  const { data } = encodeReply(reply, { model: 'm', format: 'base64' })
  const text = data[0]?.embedding
  assert.ok(typeof text === 'string')
  return text
}

function read(text: string): number[] {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  return Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(at * 4, true))
}
