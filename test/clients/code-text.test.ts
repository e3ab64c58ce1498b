import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jsText, pythonText } from '../../src/clients/code-text.ts'

const TEXTS = ['sk-plain', `it's`, 'a"b', 'a\\b', `\\'`, `\\"`, '\\', 'line\nbreak', '${x}`', '']

describe('jsText()', () => {
  for (const text of TEXTS) {
    it(`writes ${JSON.stringify(text)} as a literal`, () => {
      const literal = jsText(text)
      assert.match(literal, /^'.*'$/)
      assert.equal(new Function(`return ${literal}`)(), text)
    })
  }
})

describe('pythonText()', () => {
  for (const text of TEXTS) {
    it(`writes ${JSON.stringify(text)} as a literal`, () => {
      // For these texts, JSON and Python have the same literals.
      assert.equal(JSON.parse(pythonText(text)), text)
    })
  }
})
