import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { type ConfigFile, ConfigFileSchema } from '../../src/config/schema.ts'
import {
  modelProfile,
  type ProfileOverride,
  type RefusableParameter,
} from '../../src/oci/models.ts'
import { configSchemaText, SCHEMA_FILE } from '../../tools/config-schema.ts'

/** What the file can say of a model, and what there is to say. */
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

const taken: [name: string, file: object][] = [
  ['nothing', {}],
  ['all of it', {
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
  ['the same in the sixth version', { inferenceEndpoint: 'http://[::1]:8080' }],
]

const refused: [name: string, file: object, member: string][] = [
  ['a member nobody knows', { hots: 'x' }, 'hots'],
  ['an empty host', { host: '' }, 'host'],
  ['a port beyond the last', { port: 65_536 }, 'port'],
  ['half a port', { port: 80.5 }, 'port'],
  ['an empty key', { access: { apiKeys: [''] } }, 'access.apiKeys.0'],
  ['a key no header could carry', { access: { apiKeys: ['a b'] } }, 'access.apiKeys.0'],
  ['an alias that is no text', { aliases: { a: 1 } }, 'aliases.a'],
  ['a word nobody knows about a model', { models: { m: { vender: 'x' } } }, 'models.m.vender'],
  ['a format nobody speaks', { models: { m: { format: 'X' } } }, 'models.m.format'],
  [
    'a parameter none has',
    { models: { m: { unsupportedParameters: ['x'] } } },
    'models.m.unsupportedParameters.0',
  ],
  ['a limit of nothing', { models: { m: { maxOutputTokens: 0 } } }, 'models.m.maxOutputTokens'],
  ['a compartment that is no OCID', { compartmentId: 'mine' }, 'compartmentId'],
  ['an address without TLS', { inferenceEndpoint: 'http://example.com' }, 'inferenceEndpoint'],
  [
    'a host that only begins like loopback',
    { inferenceEndpoint: 'http://127.example.com' },
    'inferenceEndpoint',
  ],
  ['what is no address', { controlEndpoint: 'localhost' }, 'controlEndpoint'],
  ['another protocol', { controlEndpoint: 'file:///etc/passwd' }, 'controlEndpoint'],
  ['a negative time', { heartbeatSeconds: -1 }, 'heartbeatSeconds'],
  [
    'a time no timer holds',
    { timeouts: { idleSeconds: 3_000_000 } },
    'timeouts.idleSeconds',
  ],
  ['no attempt', { retry: { maxAttempts: 0 } }, 'retry.maxAttempts'],
  ['no body', { limits: { maxBodyMiB: 0 } }, 'limits.maxBodyMiB'],
  ['no requests', { limits: { maxConcurrentRequests: 0 } }, 'limits.maxConcurrentRequests'],
  ['every origin', { access: { allowedOrigins: ['*'] } }, 'access.allowedOrigins.0'],
  [
    'an origin with a path',
    { access: { allowedOrigins: ['https://a.example/'] } },
    'access.allowedOrigins.0',
  ],
  ['a host with a port', { access: { allowedHosts: ['a:1'] } }, 'access.allowedHosts.0'],
  ['a proxy that is no address', { access: { trustedProxies: ['x'] } }, 'access.trustedProxies.0'],
  ['a log level none has', { logLevel: 'trace' }, 'logLevel'],
]

describe('ConfigFileSchema', () => {
  for (const [name, file] of taken) {
    it(`takes ${name}`, () => {
      assert.deepEqual(v.parse(ConfigFileSchema, file), file)
    })
  }

  for (const [name, file, member] of refused) {
    it(`refuses ${name}`, () => {
      const issues = v.safeParse(ConfigFileSchema, file).issues ?? []
      assert.deepEqual(issues.map((issue) => v.getDotPath(issue)), [member])
    })
  }

  it('can say of a model all there is to say', () => {
    const schema = JSON.parse(configSchemaText())
    const told = Object.keys(schema.properties.models.additionalProperties.properties)
    assert.deepEqual(told.sort(), Object.keys(modelProfile('')).sort())
    assert.deepEqual(PROOF, [true, true, true])
  })
})

describe('docs/config.schema.json', () => {
  it('is up to date: npm run schema', async () => {
    assert.equal(await readFile(SCHEMA_FILE, 'utf8'), configSchemaText())
  })

  it('describes every member', () => {
    const { properties } = JSON.parse(configSchemaText())
    const mute = Object.entries<{ description?: string }>(properties)
      .filter(([, { description }]) => description === undefined)
    assert.deepEqual(mute, [])
  })
})
