import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  fileName,
  type MediaSource,
  readSource,
} from '../../../../src/oci/formats/request/media-source.ts'

const sources: [url: string, source: MediaSource | RegExp][] = [
  ['data:image/png;base64,AA==', data('image/png', 'AA==')],
  ['DATA:IMAGE/PNG;base64,AA==', {
    ...data('image/png', 'AA=='),
    url: 'DATA:IMAGE/PNG;base64,AA==',
  }],
  ['data:image/png;name=a.png;base64,AA==', {
    ...data('image/png', 'AA=='),
    url: 'data:image/png;name=a.png;base64,AA==',
  }],
  ['data:,x', { type: 'data', url: 'data:,x', mediaType: '', base64: 'x' }],
  ['https://a.example/b.png', { type: 'web', url: 'https://a.example/b.png' }],
  ['http://a.example/b.png', { type: 'web', url: 'http://a.example/b.png' }],
  ['file:///etc/passwd', /^The image must be a data URL or a web address$/],
  ['data:image/png', /^The image must be/],
  ['', /^The image must be/],
]

describe('readSource()', () => {
  for (const [url, source] of sources) {
    it(`reads "${url}"`, () => {
      const read = () => readSource({ type: 'image', url, param: 'p' }, 'm', ['text', 'image'])
      if (source instanceof RegExp) {
        assert.throws(read, { code: 'invalid_request', message: source, param: 'p' })
      } else assert.deepEqual(read(), source)
    })
  }

  it('rejects a type the model does not support', () => {
    const part = { type: 'audio', url: 'data:audio/wav;base64,AA==', param: 'p' } as const
    assert.throws(() => readSource(part, 'm', ['text', 'image']), {
      code: 'unsupported_content',
      message: '"m" does not support this audio: send only text, image',
    })
  })
})

describe('fileName()', () => {
  it('names a document by its type', () => {
    assert.equal(fileName('application/pdf'), 'document.pdf')
    assert.equal(fileName('text/plain'), 'document.txt')
    assert.equal(fileName('application/x-odd'), 'document')
  })
})

function data(mediaType: string, base64: string): MediaSource {
  return { type: 'data', url: `data:${mediaType};base64,${base64}`, mediaType, base64 }
}
