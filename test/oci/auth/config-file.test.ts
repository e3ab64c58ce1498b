import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '../../../src/errors.ts'
import { parseConfigFile, selectProfile } from '../../../src/oci/auth/config-file.ts'
import vectors from '../../vectors/config-files.json' with { type: 'json' }

type Outcome = Record<string, string> | 'refused' | 'no such profile'

/** Our results for texts on which the official parsers differ or that both reject. */
const EXPECTED = new Map<string, Outcome>([
  ['missing-profile', 'no such profile'],
  ['no-default-section-asked-default', 'no such profile'],
  ['profile-name-trimmed', { key: 'v' }],
  ['profile-name-trimmed-raw', 'no such profile'],
  ['semicolon-comment', { user: 'u' }],
  ['semicolon-comment-in-section', { user: 'u' }],
  ['colon-separator', 'refused'],
  ['key-case', { user: 'u' }],
  ['duplicate-key', 'refused'],
  ['duplicate-section', 'refused'],
  ['bom', { user: 'u' }],
  ['continuation-line', 'refused'],
  ['continuation-line-with-equals', { user: 'u', region: 'r' }],
  ['no-equals', 'refused'],
  ['empty-key', 'refused'],
  ['no-leading-section', 'refused'],
  ['empty-section-name', 'refused'],
  ['unterminated-section', 'refused'],
  ['section-trailing-comment', { user: 'u' }],
  ['empty-file', 'no such profile'],
  ['only-comments', 'no such profile'],
])

const messages: [name: string, text: string, states: string][] = [
  ['a missing "="', '[A]\nuser=u\nsecret', 'line 3 has no "="'],
  ['a colon', '[A]\nUser : u', 'line 2 has ":" instead of "=" after "user"'],
  ['a colon after an unknown word', '[A]\nsecret: u', 'line 2 has no "="'],
  ['an empty key', '[A]\n=secret', 'line 2 has no key before "="'],
  ['a repeated key', '[A]\nuser=u\n\nUSER=secret', 'line 4 repeats "user" of line 2'],
  ['a repeated unknown key', '[A]\nsecret=1\nsecret=2', 'line 3 repeats the key of line 2'],
  ['a repeated profile', '[A]\n[B]\n[ A ]', 'line 3 repeats the profile name of line 1'],
  ['an open bracket', '[secret\nuser=u', 'line 1 does not end with "]"'],
  ['text after the bracket', '[A] secret', 'line 1 does not end with "]"'],
  ['an empty name', '[ ]\nuser=u', 'line 1 has no name between "[" and "]"'],
  ['a key before any profile', 'user=secret\n[A]', 'line 1 is before the first [profile]'],
  [
    'all problems',
    'user=u\r\n[A]\r\nsecret\r\nuser=u\r\nuser=v',
    'line 3 has no "="; line 1 is before the first [profile]; line 5 repeats "user" of line 4',
  ],
]

const tokens = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN==\n-----END PRIVATE KEY-----'

describe('parseConfigFile()', () => {
  for (const vector of vectors.vectors) {
    it(`A10 reads ${vector.id}`, () => {
      const { values } = vector.typescriptSdk
      const expected = EXPECTED.get(vector.id) ?? values
      // Both official parsers agree on all other cases.
      assert.ok(EXPECTED.has(vector.id) || vector.agree)
      assert.deepEqual(outcome(vector.content, vector.profile ?? 'DEFAULT'), expected)
    })
  }

  for (const [name, text, states] of messages) {
    it(`reports ${name} by line number, without the line`, () => {
      assert.throws(() => parseConfigFile(text, '/home/me/config'), {
        name: 'ApiError',
        code: 'configuration_error',
        reason: 'invalid_config_file',
        message: `Cannot read "/home/me/config": ${states}`,
      })
    })
  }

  it('A10 never quotes a key that was pasted into the file', () => {
    assert.throws(() => parseConfigFile(`[A]\n${tokens}\n${tokens}`, 'f'), (error: Error) => {
      assert.doesNotMatch(error.message, /MII|BEGIN/)
      return true
    })
  })

  it('records the line of each value', () => {
    const profile = parseConfigFile('# c\n[A]\n\nuser = u', 'f').get('A')
    assert.deepEqual(profile, new Map([['user', { value: 'u', line: 4 }]]))
  })

  it('reads any text or throws invalid_config_file', () => {
    const line = fc.constantFrom('[A]', '[', '[]', '#', ';x', 'a=b', '=', 'a', ' ', '\uFEFF[B]', '')
    fc.assert(fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      try {
        parseConfigFile(lines.join('\n'), 'f')
      } catch (error) {
        assert.ok(error instanceof ApiError && error.reason === 'invalid_config_file')
      }
    }))
  })
})

describe('selectProfile()', () => {
  it('does not inherit keys that determine the kind of credential', () => {
    const kinds = 'security_token_file=t\ndelegation_token_file=d\nauthentication_type=x\n'
    const text = `[DEFAULT]\n${kinds}user=u\n[A]\nregion=r`
    assert.deepEqual(outcome(text, 'A'), { user: 'u', region: 'r' })
    assert.deepEqual(outcome(text, 'DEFAULT'), {
      security_token_file: 't',
      delegation_token_file: 'd',
      authentication_type: 'x',
      user: 'u',
    })
  })

  it('reads keys that are also properties of JavaScript objects', () => {
    assert.equal(outcome('[A]\nuser=u', 'constructor'), 'no such profile')
    assert.deepEqual(outcome('[__proto__]\nconstructor=c', '__proto__'), { constructor: 'c' })
  })
})

function outcome(text: string, name: string): Outcome {
  try {
    const profile = selectProfile(parseConfigFile(text, 'config'), name)
    if (profile === undefined) return 'no such profile'
    return Object.fromEntries(Array.from(profile, ([key, { value }]) => [key, value]))
  } catch (error) {
    assert.ok(error instanceof ApiError)
    return 'refused'
  }
}
