import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  fieldOf,
  parameterIn,
  parameterOf,
  type RefusableParameter,
} from '../../../src/oci/models/parameter-names.ts'

const names: [name: string, parameter: RefusableParameter | undefined][] = [
  ['top_p', 'topP'],
  ['topP', 'topP'],
  ['reasoning.effort', 'reasoningEffort'],
  ['generationConfig.topK', 'topK'],
  ['n', 'choices'],
  ['documents', undefined],
  ['constructor', undefined],
]

describe('parameterOf()', () => {
  for (const [name, parameter] of names) {
    it(`reads "${name}" as ${parameter}`, () => assert.equal(parameterOf(name), parameter))
  }
})

describe('parameterIn()', () => {
  it('does not read the documents of a message as the parameter', () => {
    assert.equal(parameterIn('This model does not support documents'), undefined)
  })
})

describe('fieldOf()', () => {
  it('names the field of OpenAI', () => {
    const parameters = ['choices', 'webSearch', 'documents'] as const
    assert.deepEqual(parameters.map(fieldOf), ['n', 'web_search_options', 'documents'])
  })
})
