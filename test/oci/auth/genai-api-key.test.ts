import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { genAiApiKey, genAiApiKeyOf } from '../../../src/oci/auth/genai-api-key.ts'
import { createWorld } from './world.ts'

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
  for (const [path, taken] of paths) {
    it(`A18 ${taken ? 'shows the key to' : 'keeps the key from'} ${path}`, async () => {
      const url = new URL(path, HOST)
      const signing = genAiApiKey('sk-secret')({ method: 'POST', url, body, date: 0 })
      if (taken) {
        assert.deepEqual(await signing, {
          'authorization': 'Bearer sk-secret',
          'content-type': 'application/json',
        })
      } else {
        await assert.rejects(signing, {
          code: 'invalid_request',
          status: 400,
          reason: 'genai_key_elsewhere',
          message: /^Cannot use this model with a key of OCI Generative AI: only the OpenAI-/,
        })
      }
    })
  }

  it('says what it is', () => {
    const { scheme, renewable } = genAiApiKey('k')
    assert.deepEqual([scheme, renewable], ['bearer', undefined])
  })

  it('E21 advises the policy first, then a key of the same region', () => {
    assert.match(
      genAiApiKey('k').advice?.refused ?? '',
      /only in the region where it was made.*Make the policy first \(.*generativeaiapikey.*project/,
    )
  })

  it('shows the key to nobody without TLS', () => {
    const url = new URL('http://inference.example.com/openai/v1/x')
    assert.throws(() => void genAiApiKey('k')({ method: 'GET', url, date: 0 }), {
      reason: 'insecure_url',
    })
  })

  for (const key of ['', 'a b', 'a\nb', 'ä']) {
    it(`refuses ${JSON.stringify(key)}, without telling it`, () => {
      assert.throws(() => genAiApiKey(key), {
        code: 'configuration_error',
        message: /^Cannot use OCI_GENAI_API_KEY: it is empty or has a blank or/,
      })
    })
  }
})

describe('genAiApiKeyOf()', () => {
  it('takes the key of the environment', () => {
    const environment = { OCI_GENAI_API_KEY: ' sk-1\n' }
    const { source, tenancy, region } = genAiApiKeyOf(createWorld(undefined, { environment }))
    assert.deepEqual([source, tenancy, region], ['OCI_GENAI_API_KEY', undefined, undefined])
  })

  it('says that there is none', () => {
    assert.throws(() => genAiApiKeyOf(createWorld()), {
      code: 'configuration_error',
      message: 'Cannot use a key of OCI Generative AI: OCI_GENAI_API_KEY is not set',
    })
  })
})
