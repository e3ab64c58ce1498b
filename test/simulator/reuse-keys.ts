/**
 * Lets the simulator's parties take RSA keys in turn from a few that are generated once: to generate
 * one takes longer than most tests. Import it for its effect, which holds for the process.
 */

/** More than the parties of one test have together, so that no two of them share a key. */
const KEYS = 16

const generate = crypto.subtle.generateKey.bind(crypto.subtle)
const kept: Promise<CryptoKeyPair>[] = []
let calls = 0

Object.defineProperty(crypto.subtle, 'generateKey', {
  configurable: true,
  writable: true,
  value(algorithm: RsaHashedKeyGenParams, isExtractable: boolean, usages: KeyUsage[]) {
    // Other keys are those of the code under test.
    if (algorithm.name !== 'RSASSA-PKCS1-v1_5' || !isExtractable) {
      return generate(algorithm, isExtractable, usages)
    }
    return kept[calls++ % KEYS] ??= generate(algorithm, isExtractable, usages)
  },
})
