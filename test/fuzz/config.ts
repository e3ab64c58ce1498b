import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ApiError } from '../../src/errors.ts'
import { importPrivateKey } from '../../src/oci/signing/private-key.ts'
import {
  CONFIG,
  DEFAULT,
  FILES,
  filesWith,
  KEY,
  loadFrom,
  PEM,
} from '../oci/auth/profile-fixture.ts'
import formats from '../vectors/key-formats.json' with { type: 'json' }
import vectors from '../vectors/config-files.json' with { type: 'json' }
import type { Fuzz } from './fuzz.ts'
import { anyCharacter } from '../characters.ts'

const PASSPHRASE = 'passphrase-canary'
/** Maximum milliseconds for one file. */
const TIMEOUT = 5_000

/** A change of a text: replaces `length` characters at a relative position. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.nat(3), fc.nat(80)),
  by: fc.oneof(
    fc.constant(''),
    fc.string({ unit: anyCharacter, maxLength: 8 }),
    fc.constantFrom('\n', '\r\n', '=', '[', ']', '#', ' ', '\t', '\0', '-----', '\\n', '\uFEFF'),
    fc.constantFrom(`pass_phrase=${PASSPHRASE}\n`, '[OTHER]\n', 'key_file=~/nowhere\n', '[[]]\n'),
    fc.constantFrom('user=\n', 'region=mars-1\n', 'key_content=x\n', 'Proc-Type: 4,ENCRYPTED\n'),
  ),
})
const changes = fc.array(change, { maxLength: 4 })

/** Keys without a passphrase, which are fast to read. */
const KEYS = [PEM, ...formats.entries.filter(({ passphrase }) => !passphrase).map(({ pem }) => pem)]
const ENCRYPTED_KEYS = formats.entries.filter(({ passphrase }) => passphrase).map(({ pem }) => pem)
const TEXTS = [DEFAULT, ...vectors.vectors.map(({ content }) => content)]

const file = fc.oneof(
  { weight: 8, arbitrary: changed(fc.constantFrom(...TEXTS)) },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 200 }) },
)
const key = fc.oneof(
  { weight: 20, arbitrary: changed(fc.constantFrom(...KEYS)) },
  { weight: 1, arbitrary: changed(fc.constantFrom(...ENCRYPTED_KEYS)) },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 200 }) },
)

const input = fc.oneof(
  fc.record({ file, key: fc.constant(PEM) }),
  fc.record({ file: fc.constant(DEFAULT), key }),
)

/** Configuration files and keys: each is read or rejected with a `configuration_error`, in time. */
export function config(): Fuzz {
  const outcomes = new Map<string, number>()
  return {
    property: fc.asyncProperty(input, async (input) => {
      const startedAt = performance.now()
      const outcome = await read(input)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      const took = performance.now() - startedAt
      assert.ok(took < TIMEOUT, `took ${took} ms`)
    }),
    summary: () => [...outcomes].map(([outcome, count]) => `${outcome}: ${count}`).join(', '),
  }
}

async function read({ file, key }: { file: string; key: string }): Promise<string> {
  try {
    const files = filesWith({ ...FILES, [CONFIG]: file, [KEY]: key })
    const { privateKey, passphrase } = await loadFrom({}, files)
    await importPrivateKey(privateKey, passphrase)
    return 'read'
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    assert.equal(error.code, 'configuration_error', error.message)
    // The message quotes the path of a key, even if it contains the passphrase.
    const isPath = new RegExp(`key_file\\s*=.*${PASSPHRASE}`).test(file)
    assert.ok(isPath || !error.message.includes(PASSPHRASE), 'the passphrase in the message')
    for (const line of PEM.split('\n').slice(1, 4)) {
      assert.ok(!error.message.includes(line.slice(0, 24)), 'the key in the message')
    }
    return 'rejected'
  }
}

function changed(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(texts, changes).map(([text, all]) =>
    all.reduce((text, { at, length, by }) => {
      const from = Math.floor(at * text.length)
      return text.slice(0, from) + by + text.slice(from + length)
    }, text)
  )
}
