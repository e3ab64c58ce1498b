import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { genAiApiKey, genAiApiKeyOf } from '../../../src/oci/auth/genai-api-key.ts'
import { createFixture } from './fixture.ts'

const HOST = 'https://inference.generativeai.us-chicago-1.oci.oraclecloud.com'
const body = new TextEncoder().encode('{}')

const paths: [path: string, taken: boolean][] = [
  ['/openai/v1/chat/completions', true],
  ['/openai/v1/responses?x=1', true],
  ['/20231130/openai/v1/vector_stores', true],
  ['/20231130/actions/v1/chat/completions', true],
  ['/20231130/actions/chat', false],
  ['/20231130/models', false],
  ['/openai/v10/x', false],
  ['/x/openai/v1/chat/completions', false],
]

describe('genAiApiKey()', () => {
  for (const [path, accepted] of paths) {
    it(`A18 ${accepted ? 'sends the key to' : 'does not send the key to'} ${path}`, async () => {
      const url = new URL(path, HOST)
      const signing = genAiApiKey('sk-secret')({ method: 'POST', url, body, date: 0 })
      if (accepted) {
        assert.deepEqual(await signing, {
          'authorization': 'Bearer sk-secret',
          'content-type': 'application/json',
        })
      } else {
        await assert.rejects(signing, {
          code: 'invalid_request',
          status: 400,
          reason: 'genai_key_elsewhere',
          message: /^Cannot use this model with an OCI Generative AI API key: only the OpenAI-/,
        })
      }
    })
  }

  it('is a bearer credential that cannot be renewed', () => {
    const { scheme, renewable } = genAiApiKey('k')
    assert.deepEqual([scheme, renewable], ['bearer', undefined])
  })

  it('E21 advises to create the policy before a key in the same region', () => {
    assert.match(
      genAiApiKey('k').advice?.refused ?? '',
      /only in the region where it was created.*Create the policy first \(.*generativeaiapikey.*project/,
    )
  })

  it('does not send the key without TLS', () => {
    const url = new URL('http://inference.example.com/openai/v1/x')
    assert.throws(() => void genAiApiKey('k')({ method: 'GET', url, date: 0 }), {
      reason: 'insecure_url',
    })
  })

  for (const key of ['', 'a b', 'a\nb', 'ä']) {
    it(`rejects ${JSON.stringify(key)} without quoting it`, () => {
      assert.throws(() => genAiApiKey(key), {
        code: 'configuration_error',
        message: /^Cannot use OCI_GENAI_API_KEY: it is empty or contains a space or/,
      })
    })
  }
})

describe('genAiApiKeyOf()', () => {
  it('reads the key from the environment', () => {
    const environment = { OCI_GENAI_API_KEY: ' sk-1\n' }
    const { source, tenancy, region } = genAiApiKeyOf(createFixture(undefined, { environment }))
    assert.deepEqual([source, tenancy, region], ['OCI_GENAI_API_KEY', undefined, undefined])
  })

  it('names the variable if it is not set', () => {
    assert.throws(() => genAiApiKeyOf(createFixture()), {
      code: 'configuration_error',
      message: 'Cannot use the OCI Generative AI API key: OCI_GENAI_API_KEY is not set',
    })
  })
})
