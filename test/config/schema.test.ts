import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { configSchemaText } from '../../src/cli/config/schema.ts'
import { type ConfigFile, ConfigFileSchema } from '../../src/config/schema.ts'
import type { RefusableParameter } from '../../src/oci/models/parameter-names.ts'
import { modelProfile, type ProfileOverride } from '../../src/oci/models/profiles.ts'
import { SCHEMA_FILE } from '../../tools/config-schema.ts'

/** The fields of a profile in the file, and those of the gateway's own profiles. */
type FileProfile = NonNullable<ConfigFile['models']>[string]
type Same<One, Other> = [One] extends [Other] ? [Other] extends [One] ? true : false : false
type Proof = [
  Same<Required<FileProfile>['unsupportedParameters'][number], RefusableParameter>,
  Same<
    Required<FileProfile>['inputs'][number],
    Required<ProfileOverride>['inputs'][number]
  >,
  Same<keyof FileProfile, keyof ProfileOverride>,
]
const PROOF: Proof = [true, true, true]

const valid: [name: string, file: object][] = [
  ['an empty file', {}],
  ['every key', {
    $schema: './config.schema.json',
    host: '0.0.0.0',
    port: 0,
    access: { apiKeys: ['sk-one'], trustedProxies: ['10.0.0.0/8', 'cloudflare'] },
    limits: { maxBodyMiB: 0.5, maxTools: 2_000 },
    aliases: { 'gpt-*': 'openai.gpt-4.1' },
    models: {
      'openai.*': { contextWindow: 1, unsupportedParameters: ['seed'], emptyToolCallText: '' },
    },
    regions: ['us-chicago-1'],
    compartmentId: 'ocid1.compartment.oc1..aaaa_b-c',
    inferenceEndpoint: 'https://inference.example.com',
    controlEndpoint: 'http://localhost:1',
    heartbeatSeconds: 0,
    timeouts: {
      responseSeconds: 0,
      idleSeconds: 86_400,
      usageGraceSeconds: 0.5,
      streamStartSeconds: 1,
    },
    retry: { maxAttempts: 1, initialDelaySeconds: 0 },
    logLevel: 'silent',
  }],
  ['a loopback address without TLS', { inferenceEndpoint: 'http://127.0.0.1:8080/base' }],
  ['an IPv6 loopback address without TLS', { inferenceEndpoint: 'http://[::1]:8080' }],
]

const invalid: [name: string, file: object, key: string][] = [
  ['an unknown key', { hots: 'x' }, 'hots'],
  ['an empty host', { host: '' }, 'host'],
  ['a port above 65535', { port: 65_536 }, 'port'],
  ['a fractional port', { port: 80.5 }, 'port'],
  ['an empty API key', { access: { apiKeys: [''] } }, 'access.apiKeys.0'],
  ['an API key with a space', { access: { apiKeys: ['a b'] } }, 'access.apiKeys.0'],
  ['an alias that is not a string', { aliases: { a: 1 } }, 'aliases.a'],
  ['an unknown field of a model', { models: { m: { vender: 'x' } } }, 'models.m.vender'],
  ['an unknown format', { models: { m: { format: 'X' } } }, 'models.m.format'],
  [
    'an unknown parameter',
    { models: { m: { unsupportedParameters: ['x'] } } },
    'models.m.unsupportedParameters.0',
  ],
  ['an output limit of 0', { models: { m: { maxOutputTokens: 0 } } }, 'models.m.maxOutputTokens'],
  ['a compartment that is not an OCID', { compartmentId: 'mine' }, 'compartmentId'],
  ['a URL without TLS', { inferenceEndpoint: 'http://example.com' }, 'inferenceEndpoint'],
  [
    'a host that starts like a loopback address',
    { inferenceEndpoint: 'http://127.example.com' },
    'inferenceEndpoint',
  ],
  ['a host name instead of a URL', { controlEndpoint: 'localhost' }, 'controlEndpoint'],
  ['a file URL', { controlEndpoint: 'file:///etc/passwd' }, 'controlEndpoint'],
  ['a negative duration', { heartbeatSeconds: -1 }, 'heartbeatSeconds'],
  [
    'a duration over a day',
    { timeouts: { idleSeconds: 3_000_000 } },
    'timeouts.idleSeconds',
  ],
  ['no attempts', { retry: { maxAttempts: 0 } }, 'retry.maxAttempts'],
  ['a body limit of 0', { limits: { maxBodyMiB: 0 } }, 'limits.maxBodyMiB'],
  [
    'a concurrency limit of 0',
    { limits: { maxConcurrentRequests: 0 } },
    'limits.maxConcurrentRequests',
  ],
  ['a wildcard origin', { access: { allowedOrigins: ['*'] } }, 'access.allowedOrigins.0'],
  [
    'an origin with a path',
    { access: { allowedOrigins: ['https://a.example/'] } },
    'access.allowedOrigins.0',
  ],
  ['a host with a port', { access: { allowedHosts: ['a:1'] } }, 'access.allowedHosts.0'],
  [
    'a proxy that is not an address',
    { access: { trustedProxies: ['x'] } },
    'access.trustedProxies.0',
  ],
  ['an unknown log level', { logLevel: 'trace' }, 'logLevel'],
]

describe('ConfigFileSchema', () => {
  for (const [name, file] of valid) {
    it(`accepts ${name}`, () => {
      assert.deepEqual(v.parse(ConfigFileSchema, file), file)
    })
  }

  for (const [name, file, key] of invalid) {
    it(`rejects ${name}`, () => {
      const issues = v.safeParse(ConfigFileSchema, file).issues ?? []
      assert.deepEqual(issues.map((issue) => v.getDotPath(issue)), [key])
    })
  }

  it('has every field of a model profile', () => {
    const schema = JSON.parse(configSchemaText())
    const fields = Object.keys(schema.properties.models.additionalProperties.properties)
    assert.deepEqual(fields.sort(), Object.keys(modelProfile('')).sort())
    assert.deepEqual(PROOF, [true, true, true])
  })
})

describe('docs/config.schema.json', () => {
  it('is up to date: npm run schema', async () => {
    assert.equal(await readFile(SCHEMA_FILE, 'utf8'), configSchemaText())
  })

  it('describes every key', () => {
    assert.deepEqual(undescribed(JSON.parse(configSchemaText())), [])
  })
})

interface Described {
  description?: string
  properties?: Record<string, Described>
  additionalProperties?: Described | boolean
}

/** The paths of all keys without a description. */
function undescribed({ properties = {}, additionalProperties }: Described, path = ''): string[] {
  const further = typeof additionalProperties === 'object' ? undescribed(additionalProperties) : []
  return Object.entries(properties).flatMap(([key, value]) => [
    ...(value.description === undefined ? [`${path}${key}`] : []),
    ...undescribed(value, `${path}${key}.`),
  ]).concat(further)
}
