import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '../../src/errors.ts'
import {
  authEndpoint,
  controlEndpoint,
  inferenceEndpoint,
  resolveRegion,
} from '../../src/oci/regions.ts'
import vectors from '../vectors/regions.json' with { type: 'json' }

const MARS = {
  realmKey: 'OC99',
  realmDomainComponent: 'OracleCloud99.com',
  regionKey: 'MRS1',
  regionIdentifier: 'Mars-Olympus-1',
}
const metadata = (changes: object = {}) => ({
  OCI_REGION_METADATA: JSON.stringify({ ...MARS, ...changes }),
})
const mars = {
  id: 'mars-olympus-1',
  realm: 'oc99',
  domain: 'oraclecloud99.com',
  dualStack: false,
}
const chicago = {
  id: 'us-chicago-1',
  realm: 'oc1',
  domain: 'oraclecloud.com',
  dualStack: false,
}
const unknown = { ...chicago, id: 'us-new-9', realm: undefined }

const resolved: [name: string, text: string, environment: Record<string, string>, to: object][] = [
  ['an id', 'us-chicago-1', {}, chicago],
  ['a short code', 'ord', {}, chicago],
  ['upper case and white space', ' ORD\n', {}, chicago],
  ['a region newer than the table', 'us-new-9', {}, unknown],
  ['the default realm', 'us-new-9', { OCI_DEFAULT_REALM: 'OracleCloud10.com' }, {
    ...unknown,
    domain: 'oraclecloud10.com',
  }],
  ['a known region despite a default realm', 'ord', { OCI_DEFAULT_REALM: 'a.b' }, chicago],
  ['metadata by id', 'mars-olympus-1', metadata(), mars],
  ['metadata by short code', 'MRS1', metadata(), mars],
  ['metadata of another region', 'us-new-9', metadata(), unknown],
  ['a known region despite metadata', 'ord', { OCI_REGION_METADATA: '{' }, chicago],
  ['empty variables', 'us-new-9', { OCI_REGION_METADATA: '', OCI_DEFAULT_REALM: '' }, unknown],
  ['dual stack', 'ord', { OCI_DUAL_STACK_ENDPOINT_ENABLED: 'true' }, {
    ...chicago,
    dualStack: true,
  }],
  ['no dual stack', 'ord', { OCI_DUAL_STACK_ENDPOINT_ENABLED: 'false' }, chicago],
]

const invalid: [text: string, environment: Record<string, string>, reason: string][] = [
  ['', {}, 'bad_region'],
  ['us-x.evil.com/', {}, 'bad_region'],
  ['us-x/..', {}, 'bad_region'],
  ['us-x:443', {}, 'bad_region'],
  ['user@us-x', {}, 'bad_region'],
  ['us x', {}, 'bad_region'],
  ['us_x', {}, 'bad_region'],
  ['us-x.', {}, 'bad_region'],
  ['.us-x', {}, 'bad_region'],
  ['a..b', {}, 'bad_region'],
  ['a.1', {}, 'bad_region'],
  ['ü-1', {}, 'bad_region'],
  ['xn--a', {}, 'bad_region'],
  ['a.xn--a', {}, 'bad_region'],
  ['us-new-9', { OCI_DEFAULT_REALM: 'oc10' }, 'bad_default_realm'],
  ['us-new-9', { OCI_DEFAULT_REALM: 'a.b/c' }, 'bad_default_realm'],
  ['us-new-9', { OCI_REGION_METADATA: '{' }, 'bad_region_metadata'],
  ['us-new-9', { OCI_REGION_METADATA: '[]' }, 'bad_region_metadata'],
  ['us-new-9', metadata({ realmKey: '' }), 'bad_region_metadata'],
  ['us-new-9', metadata({ realmDomainComponent: 'a.b/c' }), 'bad_region_metadata'],
]

/** Texts that resemble a region, with characters that would break out of a host name. */
const NEARLY = fc.stringMatching(/^(xn--)?([a-z0-9.-]{0,6}[A-Z/:@?#%\\ ]?){1,3}$/)

const dual = { OCI_DUAL_STACK_ENDPOINT_ENABLED: 'true' }
const endpoints: [region: string, environment: Record<string, string>, hosts: string[]][] = [
  ['ord', {}, [
    'inference.generativeai.us-chicago-1.oci.oraclecloud.com',
    'generativeai.us-chicago-1.oci.oraclecloud.com',
    'auth.us-chicago-1.oraclecloud.com',
  ]],
  ['eu-frankfurt-2', {}, [
    'inference.generativeai.eu-frankfurt-2.oci.oraclecloud.eu',
    'generativeai.eu-frankfurt-2.oci.oraclecloud.eu',
    'auth.eu-frankfurt-2.oraclecloud.eu',
  ]],
  ['ltn', {}, [
    'inference.generativeai.uk-gov-london-1.oci.oraclegovcloud.uk',
    'generativeai.uk-gov-london-1.oci.oraclegovcloud.uk',
    'auth.uk-gov-london-1.oraclegovcloud.uk',
  ]],
  ['us-chicago-1', dual, [
    'inference.generativeai.us-chicago-1.ds.oci.oraclecloud.com',
    'generativeai.us-chicago-1.ds.oci.oraclecloud.com',
    'auth.us-chicago-1.oraclecloud.com',
  ]],
  ['My-Region.alloy.example', dual, [
    'inference.generativeai.my-region.alloy.example',
    'generativeai.my-region.alloy.example',
    'auth.my-region.alloy.example',
  ]],
]

describe('resolveRegion()', () => {
  it('A21 resolves every region of the SDK by id and by short code', () => {
    for (const [id = '', code = '', realm, domain] of vectors.regions) {
      const region = { id, realm, domain, dualStack: false }
      assert.deepEqual([resolveRegion(id), resolveRegion(code)], [region, region])
    }
    assert.deepEqual([vectors.regions.length, Object.keys(vectors.realms).length], [85, 20])
  })

  for (const [name, text, environment, to] of resolved) {
    it(`reads ${name}`, () => assert.deepEqual(resolveRegion(text, environment), to))
  }

  for (const [text, environment, reason] of invalid) {
    it(`rejects "${text}" with ${JSON.stringify(environment)}`, () => {
      assert.throws(() => resolveRegion(text, environment), {
        name: 'ApiError',
        code: 'configuration_error',
        reason,
      })
    })
  }

  it('A21 never builds a host from anything but DNS labels', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), NEARLY), (text) => {
      try {
        const { host, href } = inferenceEndpoint(resolveRegion(text))
        assert.match(host, /^inference\.generativeai\.[a-z0-9.-]+$/)
        assert.equal(href, `https://${host}/`)
      } catch (error) {
        assert.ok(error instanceof ApiError && error.reason === 'bad_region')
      }
    }))
  })
})

describe('inferenceEndpoint(), controlEndpoint() and authEndpoint()', () => {
  for (const [text, environment, hosts] of endpoints) {
    it(`A21 build the hosts of "${text}" with ${JSON.stringify(environment)}`, () => {
      const region = resolveRegion(text, environment)
      const urls = [inferenceEndpoint(region), controlEndpoint(region), authEndpoint(region)]
      assert.deepEqual(urls.map(({ href }) => href), hosts.map((host) => `https://${host}/`))
    })
  }

  it('A21 follow the templates in every region', () => {
    for (const [id = '', _code, _realm, domain] of vectors.regions) {
      const region = resolveRegion(id)
      assert.deepEqual(
        [inferenceEndpoint(region).host, controlEndpoint(region).host, authEndpoint(region).host],
        [
          `inference.generativeai.${id}.oci.${domain}`,
          `generativeai.${id}.oci.${domain}`,
          `auth.${id}.${domain}`,
        ],
      )
    }
  })
})
