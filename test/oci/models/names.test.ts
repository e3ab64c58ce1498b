import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { resolveAlias, servingMode } from '../../../src/oci/models/names.ts'

const ALIASES = new Map([
  ['gpt-4o-mini', 'openai.gpt-4.1'],
  ['gpt-*', 'openai.gpt-5'],
  ['gpt-4*', 'openai.gpt-4o'],
  ['oci/own', 'xai.grok-4'],
  ['*', 'meta.llama-3.3-70b-instruct'],
])

const cases: [name: string, model: string, aliases?: ReadonlyMap<string, string>][] = [
  ['openai.gpt-5', 'openai.gpt-5', new Map()],
  ['oci/openai.gpt-5', 'openai.gpt-5', new Map()],
  ['openai-compatible/x', 'x', new Map()],
  ['acme/openai.gpt-5', 'acme/openai.gpt-5', new Map()],
  ['constructor', 'constructor', new Map()],
  ['gpt-4o-mini', 'openai.gpt-4.1'],
  ['oci/gpt-4o-mini', 'openai.gpt-4.1', new Map([['gpt-4o-mini', 'openai.gpt-4.1']])],
  ['gpt-4-turbo', 'openai.gpt-4o'],
  ['gpt-3.5', 'openai.gpt-5'],
  ['oci/own', 'xai.grok-4'],
  ['own', 'meta.llama-3.3-70b-instruct'],
  ['ocid1.generativeaiendpoint.oc1..a', 'ocid1.generativeaiendpoint.oc1..a', new Map()],
]

describe('resolveAlias()', () => {
  for (const [name, model, aliases = ALIASES] of cases) {
    it(`resolves "${name}" to "${model}"`, () => {
      assert.equal(resolveAlias(name, aliases), model)
    })
  }

  it("O09 P33 ignores the provider's prefix", () => {
    const refs = ['openai.gpt-5', 'oci/openai.gpt-5', 'openai-compatible/openai.gpt-5']
    const models = refs.map((ref) => resolveAlias(ref, new Map()))
    assert.deepEqual(models, ['openai.gpt-5', 'openai.gpt-5', 'openai.gpt-5'])
  })

  for (const name of ['', 'oci/', 'openai-compatible/']) {
    it(`P33 rejects "${name}"`, () => {
      assert.throws(() => resolveAlias(name, new Map()), {
        name: 'ApiError',
        code: 'invalid_request',
        param: 'model',
        message: '"model" must not be empty',
      })
    })
  }
})

describe('servingMode()', () => {
  it('creates an on-demand mode for a name', () => {
    assert.deepEqual(servingMode('xai.grok-4'), {
      servingType: 'ON_DEMAND',
      modelId: 'xai.grok-4',
    })
  })

  it("creates an on-demand mode for a model's OCID", () => {
    const model = 'ocid1.generativeaimodel.oc1.us-chicago-1.a'
    assert.deepEqual(servingMode(model), { servingType: 'ON_DEMAND', modelId: model })
  })

  it("creates a dedicated mode for an endpoint's OCID", () => {
    const endpoint = 'ocid1.generativeaiendpoint.oc1.us-chicago-1.a'
    assert.deepEqual(servingMode(endpoint), { servingType: 'DEDICATED', endpointId: endpoint })
  })
})
