import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEFAULT_ACCESS_POLICY } from '../../src/access/access-policy.ts'
import { isLoopback } from '../../src/access/loopback.ts'
import { type Config, parseConfigFile, readConfig } from '../../src/config/read.ts'
import type { ConfigFile } from '../../src/config/schema.ts'
import { ApiError } from '../../src/errors.ts'
import { DEFAULT_LIMITS } from '../../src/limits.ts'
import type { Environment } from '../../src/platform.ts'

const DEFAULTS: Config = {
  host: '127.0.0.1',
  port: 8050,
  access: DEFAULT_ACCESS_POLICY,
  aliases: new Map([
    ['gpt-4o-mini', 'openai.gpt-4.1'],
    ['text-embedding-3-small', 'cohere.embed-multilingual-v3.0'],
  ]),
  fallbacks: new Map(),
  models: new Map(),
  regions: [],
  compartmentId: undefined,
  project: undefined,
  inferenceEndpoint: undefined,
  controlEndpoint: undefined,
  heartbeat: 10_000,
  timeouts: {
    response: 600_000,
    idle: 400_000,
    usageGrace: 2_000,
    streamStart: 10_000,
    total: 3_600_000,
  },
  retry: {
    maxAttempts: 3,
    initialDelay: 500,
    maxDelay: 8_000,
    maxRetryAfter: 20_000,
    deadline: 60_000,
  },
  budget: { ratio: 0.1, minimum: 6 },
  circuitBreaker: { minimumRequests: 10, failureRatio: 0.5, openDuration: 15_000 },
  limits: DEFAULT_LIMITS,
  responseStore: undefined,
  logLevel: 'info',
}

type Case = [name: string, env: Environment, file: ConfigFile, expected: Partial<Config>]

const cases: Case[] = [
  ['has a default for everything', {}, {}, {}],
  [
    'reads the environment',
    {
      HOST: '::1',
      PORT: ' 9000 ',
      OCI_REGION: 'us-chicago-1, eu-frankfurt-1,',
      OCI_COMPARTMENT_ID: 'ocid1.compartment.oc1..aa',
      OCI_GENAI_ENDPOINT: 'https://inference.example.com/base',
      OCI_GENAI_CONTROL_ENDPOINT: 'http://127.0.0.1:1',
      LOG_LEVEL: 'debug',
    },
    {},
    {
      host: '::1',
      port: 9000,
      regions: ['us-chicago-1', 'eu-frankfurt-1'],
      compartmentId: 'ocid1.compartment.oc1..aa',
      inferenceEndpoint: new URL('https://inference.example.com/base'),
      controlEndpoint: new URL('http://127.0.0.1:1'),
      logLevel: 'debug',
    },
  ],
  ['reads the file', {}, {
    host: 'localhost',
    port: 1,
    access: {
      apiKeys: ['sk-one'],
      allowedHosts: ['a.internal'],
      allowedOrigins: ['https://a.example'],
      trustedProxies: ['10.0.0.0/8'],
    },
    regions: ['us-chicago-1'],
    models: { 'openai.*': { streams: false } },
    heartbeatSeconds: 1.5,
    timeouts: {
      ...{ responseSeconds: 1, idleSeconds: 0, usageGraceSeconds: 0.5 },
      ...{ streamStartSeconds: 3, totalSeconds: 4 },
    },
    fallbacks: { 'xai.*': ['openai.gpt-oss-120b'] },
    retry: { maxAttempts: 1, initialDelaySeconds: 2, budgetRatio: 0.2 },
    circuitBreaker: { minimumRequests: 0, failureRatio: 1, openSeconds: 3 },
    limits: {
      maxConcurrentRequests: 1,
      maxBodyMiB: 0.0011,
      maxBodyMiBInFlight: 0.5,
      bodyTimeoutSeconds: 2,
      shutdownGraceSeconds: 3,
      failedAuthPerMinute: 4,
      maxTools: 5,
    },
    logLevel: 'silent',
  }, {
    host: 'localhost',
    port: 1,
    access: {
      apiKeys: ['sk-one'],
      allowedHosts: ['a.internal'],
      allowedOrigins: ['https://a.example'],
      trustedProxies: ['10.0.0.0/8'],
    },
    regions: ['us-chicago-1'],
    models: new Map([['openai.*', { streams: false }]]),
    heartbeat: 1500,
    timeouts: { response: 1000, idle: 0, usageGrace: 500, streamStart: 3000, total: 4000 },
    fallbacks: new Map([['xai.*', ['openai.gpt-oss-120b']]]),
    retry: {
      maxAttempts: 1,
      initialDelay: 2000,
      maxDelay: 8_000,
      maxRetryAfter: 20_000,
      deadline: 60_000,
    },
    budget: { ratio: 0.2, minimum: 6 },
    circuitBreaker: { minimumRequests: 0, failureRatio: 1, openDuration: 3_000 },
    limits: {
      maxConcurrentRequests: 1,
      maxConcurrentRequestsPerClient: 1,
      maxBodyBytes: 1153,
      maxBodyBytesInFlight: 512 * 1024,
      bodyTimeout: 2000,
      shutdownGrace: 3000,
      failedAuthPerMinute: 4,
      request: { ...DEFAULT_LIMITS.request, maxTools: 5 },
    },
    logLevel: 'silent',
  }],
  ['puts the environment before the file', { PORT: '2', GATEWAY_API_KEYS: 'sk-env' }, {
    port: 1,
    access: { apiKeys: ['sk-file'], allowedHosts: ['a.internal'] },
    logLevel: 'warn',
  }, {
    port: 2,
    access: { ...DEFAULT_ACCESS_POLICY, apiKeys: ['sk-env'], allowedHosts: ['a.internal'] },
    logLevel: 'warn',
  }],
  [
    'lets one client have half of the requests',
    {},
    { limits: { maxConcurrentRequests: 5 } },
    {
      limits: {
        ...DEFAULT_LIMITS,
        maxConcurrentRequests: 5,
        maxConcurrentRequestsPerClient: 3,
      },
    },
  ],
  [
    'takes a variable set to nothing for one that is not set',
    { HOST: '', PORT: '', GATEWAY_API_KEYS: ' , ', OCI_REGION: '', MODEL_MAP: ' ', LOG_LEVEL: '' },
    { access: { apiKeys: ['sk-file'] }, regions: ['us-chicago-1'], port: 1 },
    { access: withKeys('sk-file'), regions: ['us-chicago-1'], port: 1 },
  ],
  [
    "adds MODEL_MAP to the file's aliases, and both to its own",
    { MODEL_MAP: '{"a":"xai.grok-4","b":"xai.grok-3"}' },
    { aliases: { a: 'meta.llama-3.3-70b-instruct', 'gpt-4o-mini': 'openai.gpt-5', c: 'd' } },
    {
      aliases: new Map([
        ['gpt-4o-mini', 'openai.gpt-5'],
        ['text-embedding-3-small', 'cohere.embed-multilingual-v3.0'],
        ['a', 'xai.grok-4'],
        ['c', 'd'],
        ['b', 'xai.grok-3'],
      ]),
    },
  ],
  ['keeps responses by usual limits where it is only told to', {}, { responses: { store: {} } }, {
    responseStore: { maxItems: 1_000, maxBytes: 64 * 1024 * 1024, ttl: 3_600_000 },
  }],
  ['keeps responses within limits', {}, {
    responses: { store: { maxItems: 5, maxMegabytes: 0.5, ttlMinutes: 0.1 } },
  }, { responseStore: { maxItems: 5, maxBytes: 512 * 1024, ttl: 6_000 } }],
  ['keeps no responses where nothing is said of it', {}, { responses: {} }, {}],
  [
    'serves everybody to whom a key was given',
    { HOST: '0.0.0.0', GATEWAY_API_KEYS: 'sk-a,sk-b' },
    {},
    { host: '0.0.0.0', access: withKeys('sk-a', 'sk-b') },
  ],
]

type Problem = [name: string, env: Environment, file: object, ...problems: string[]]

const problems: Problem[] = [
  [
    'tells all problems together',
    { PORT: 'eighty', LOG_LEVEL: 'loud' },
    { retry: { maxAttempts: 99 }, compartmentId: 'mine', responses: { store: { maxItems: 0 } } },
    'port: must be a number',
    'compartmentId: must be an OCID',
    'retry.maxAttempts: must be at most 10',
    'responses.store.maxItems: must be 1 or more',
    'logLevel: must be "debug" or "info" or "warn" or "error" or "silent"',
  ],
  ['names a member nobody knows', {}, { apiKey: 'sk-secret' }, 'apiKey: unknown key'],
  [
    'never quotes a key',
    {},
    { access: { apiKeys: 'sk-secret' } },
    'access.apiKeys: must be an array',
  ],
  [
    'never quotes what might be one',
    { MODEL_MAP: 'sk-secret', OCI_COMPARTMENT_ID: 'sk-secret', OCI_GENAI_ENDPOINT: 'sk-secret' },
    {},
    'aliases: must be a JSON object of strings',
    'compartmentId: must be an OCID',
    'inferenceEndpoint: must be an https:// address (http:// only for loopback)',
  ],
  [
    'Z01 refuses every address without a key',
    { HOST: '0.0.0.0' },
    {},
    'HOST is not a loopback address: anybody who reaches it could use your tenancy. ' +
    'Set GATEWAY_API_KEYS, or bind to 127.0.0.1',
  ],
]

const addresses: [host: string, isLocal: boolean][] = [
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['127.0.0.1234', false],
  ['::ffff:127.0.0.1234', false],
  ['::', false],
  ['', false],
  ['10.0.0.1', false],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
]

describe('readConfig()', () => {
  for (const [name, env, file, expected] of cases) {
    it(name, () => {
      assert.deepEqual(readConfig(env, file), { ...DEFAULTS, ...expected })
    })
  }

  for (const [name, env, file, ...told] of problems) {
    it(name, () => {
      assert.throws(() => readConfig(env, file), misconfigured(...told))
    })
  }

  it('Z01 wants a key where everybody can reach the gateway whatever its address', () => {
    const problem =
      'GATEWAY_API_KEYS is missing: anybody who reaches this address could use your tenancy'
    assert.throws(() => readConfig({}, {}, { exposed: true }), misconfigured(problem))
    const config = readConfig({ GATEWAY_API_KEYS: 'sk-one' }, {}, { exposed: true })
    assert.deepEqual(config, { ...DEFAULTS, access: withKeys('sk-one') })
  })

  it('Z03 has no key by default', () => {
    assert.deepEqual(readConfig({}).access.apiKeys, [])
  })
})

describe('parseConfigFile()', () => {
  it('gives the members as they are', () => {
    assert.deepEqual(parseConfigFile('{"port":1,"odd":[]}', 'here'), { port: 1, odd: [] })
  })

  for (const text of ['', '{', 'null', '"text"', '1', '[1']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseConfigFile(text, 'GATEWAY_CONFIG "a.json"'),
        misconfigured('GATEWAY_CONFIG "a.json" is not a JSON object'),
      )
    })
  }
})

describe('isLoopback()', () => {
  for (const [host, isLocal] of addresses) {
    it(`says ${isLocal ? 'yes' : 'no'} to "${host}"`, () => {
      assert.equal(isLoopback(host), isLocal)
    })
  }
})

function withKeys(...apiKeys: string[]): Config['access'] {
  return { ...DEFAULT_ACCESS_POLICY, apiKeys }
}

/** The one error of a configuration, all its problems in its message. */
function misconfigured(...problems: string[]) {
  return (error: unknown): true => {
    assert.ok(error instanceof ApiError)
    const list = problems.map((problem) => `\n  - ${problem}`).join('')
    assert.deepEqual(
      { message: error.message, code: error.code, reason: error.reason },
      {
        message: `Cannot read the configuration:${list}`,
        code: 'configuration_error',
        reason: 'configuration',
      },
    )
    return true
  }
}
