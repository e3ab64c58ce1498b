import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { causeOf, CAUSES } from '../../src/causes/cause.ts'
import { POLICIES, policyFor } from '../../src/causes/policies.ts'
import { editCommand, exportCommand, quoteForShell } from '../../src/causes/shell.ts'

describe('causeOf()', () => {
  it('fills in the values', () => {
    assert.deepEqual(causeOf('port_in_use', { host: '::1', port: '8050', free: '8051' }), {
      id: 'port_in_use',
      wrong: 'port 8050 of ::1 is in use by another program',
      fix: 'export PORT=8051',
    })
  })

  it('leaves braces of a value as they are', () => {
    const { fix } = causeOf('model_map_invalid', { problem: '', example: `'{"fast": "{m}"}'` })
    assert.equal(fix, `export MODEL_MAP='{"fast": "{m}"}'`)
  })
})

describe('CAUSES', () => {
  for (const [id, { wrong, fix }] of Object.entries(CAUSES)) {
    it(`${id} is one sentence or more without a full stop at the end, and has a fix`, () => {
      assert.doesNotMatch(wrong, /\.$/)
      assert.notEqual(fix, '')
    })
  }
})

describe('policyFor()', () => {
  it('names the tenancy or the compartment', () => {
    assert.equal(
      policyFor(POLICIES.user, 'ocid1.tenancy.oc1..a'),
      'Allow group G to use generative-ai-family in tenancy',
    )
    assert.equal(
      policyFor(POLICIES.user, 'ocid1.compartment.oc1..a'),
      'Allow group G to use generative-ai-family in compartment id ocid1.compartment.oc1..a',
    )
  })
})

describe('quoteForShell()', () => {
  const cases: [text: string, quoted: string][] = [
    ['/home/me/.oci/config', '/home/me/.oci/config'],
    ['~/key.pem', '~/key.pem'],
    ['my key.pem', "'my key.pem'"],
    ["it's", `'it'\\''s'`],
    ['$(id)', `'$(id)'`],
    ['', "''"],
  ]
  for (const [text, quoted] of cases) {
    it(`quotes ${text || 'nothing'}`, () => assert.equal(quoteForShell(text), quoted))
  }

  it('is used by commands', () => {
    assert.equal(exportCommand('A', 'b c'), "export A='b c'")
    assert.equal(editCommand('a b', 3), `"\${EDITOR:-vi}" +3 'a b'`)
    assert.equal(editCommand('a'), '"${EDITOR:-vi}" a')
  })
})
