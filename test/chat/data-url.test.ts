import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withRegisteredType } from '../../src/chat/data-url.ts'

const urls: [url: string, registered: string][] = [
  ['data:image/png;base64,AAAA', 'data:image/png;base64,AAAA'],
  ['data:image/jpg;base64,AAAA', 'data:image/jpeg;base64,AAAA'],
  ['data:image/pjpeg,AAAA', 'data:image/jpeg,AAAA'],
  ['DATA:IMAGE/PNG;BASE64,AaAA', 'data:image/png;base64,AaAA'],
  ['data:Image/JPG;name=A.jpg;Base64,AaAA', 'data:image/jpeg;name=A.jpg;base64,AaAA'],
  ['https://Example.com/A.jpg', 'https://Example.com/A.jpg'],
  ['data:image/JPG', 'data:image/JPG'],
]

describe('withRegisteredType()', () => {
  for (const [url, registered] of urls) {
    it(`R-C10 returns ${registered} for ${url}`, () => {
      assert.equal(withRegisteredType(url), registered)
    })
  }
})
