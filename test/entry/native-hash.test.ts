import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sha256 } from '../../src/entry/native-hash.ts'
import { encodeBase64, hashBytes } from '../../src/oci/signing/bytes.ts'

describe('sha256()', () => {
  for (const length of [0, 1, 63, 64, 1000, 300_000]) {
    it(`A02 equals the hash of Web Crypto for ${length} bytes`, async () => {
      const bytes = Uint8Array.from({ length }, (_, index) => index % 251)
      assert.equal(sha256(bytes), encodeBase64(await hashBytes('SHA-256', bytes)))
    })
  }
})
