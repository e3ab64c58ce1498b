import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { resolveRegion } from '../../../src/oci/regions.ts'
import { readVaultSecret } from '../../../src/oci/vault/read-secret.ts'

const ID = 'ocid1.vaultsecret.oc1.iad.amaaaaaa'
const BUNDLE = {
  secretId: ID,
  versionNumber: 2,
  stages: ['CURRENT'],
  secretBundleContent: { contentType: 'BASE64', content: 'a8O8eQ==' },
}

/** Reads a secret from one answer. */
async function read(id: string, answer: unknown, region = 'us-chicago-1') {
  const urls: string[] = []
  const text = await readVaultSecret(id, {
    region: region === '' ? undefined : resolveRegion(region),
    env: {},
    send({ url }) {
      urls.push(url.href)
      if (answer instanceof Error) return Promise.reject(answer)
      return Promise.resolve(Response.json(answer))
    },
  })
  return { text, urls }
}

const PATH = '/20190301/secretbundles'
const urls: [id: string, region: string, url: string][] = [
  [ID, 'us-chicago-1', `https://secrets.vaults.us-ashburn-1.oci.oraclecloud.com${PATH}/${ID}`],
  [
    'ocid1.vaultsecret.oc1..a',
    'eu-frankfurt-1',
    `https://secrets.vaults.eu-frankfurt-1.oci.oraclecloud.com${PATH}/ocid1.vaultsecret.oc1..a`,
  ],
]

const unreadable: [name: string, id: string, answer: unknown, message: RegExp][] = [
  ['another resource', 'ocid1.vault.oc1.iad.a', BUNDLE, /must be vault:\/\/ocid1\.vaultsecret…/],
  ['a path', `${ID}/../x`, BUNDLE, /must be vault:\/\/ocid1\.vaultsecret…/],
  ['no region', 'ocid1.vaultsecret.oc1..a', BUNDLE, /name no region$/],
  ['another answer', ID, { content: 'a' }, /: OCI's answer is no secret$/],
  [
    'bytes that are no text',
    ID,
    { secretBundleContent: { contentType: 'BASE64', content: '/w==' } },
    /: OCI's answer is no secret$/,
  ],
  [
    'a refusal',
    ID,
    new ApiError('upstream_auth_error', 'OCI answers 404 NotAuthorizedOrNotFound'),
    /: OCI answers 404 NotAuthorizedOrNotFound$/,
  ],
]

describe('readVaultSecret()', () => {
  for (const [id, region, url] of urls) {
    it(`reads ${id} with a credential of ${region}`, async () => {
      assert.deepEqual(await read(id, BUNDLE, region), { text: 'küy', urls: [url] })
    })
  }

  for (const [name, id, answer, message] of unreadable) {
    it(`is a configuration error with ${name}`, async () => {
      const region = name === 'no region' ? '' : undefined
      await assert.rejects(read(id, answer, region), { code: 'configuration_error', message })
    })
  }
})
