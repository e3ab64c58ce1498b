import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEFAULT_ACCESS_POLICY } from '../../src/access/access-policy.ts'

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
  responseStore: { maxItems: 1_000, maxBytes: 32 * 1024 * 1024, ttl: 3_600_000 },
  logLevel: 'info',
}

type Case = [name: string, env: Environment, file: ConfigFile, expected: Partial<Config>]

const cases: Case[] = [
  ['has a default for every key', {}, {}, {}],
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
  ['prefers the environment to the file', { PORT: '2', GATEWAY_API_KEYS: 'sk-env' }, {
    port: 1,
    access: { apiKeys: ['sk-file'], allowedHosts: ['a.internal'] },
    logLevel: 'warn',
  }, {
    port: 2,
    access: { ...DEFAULT_ACCESS_POLICY, apiKeys: ['sk-env'], allowedHosts: ['a.internal'] },
    logLevel: 'warn',
  }],
  [
    'allows one client half of the concurrent requests',
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
    'ignores empty variables',
    { HOST: '', PORT: '', GATEWAY_API_KEYS: ' , ', OCI_REGION: '', MODEL_MAP: ' ', LOG_LEVEL: '' },
    { access: { apiKeys: ['sk-file'] }, regions: ['us-chicago-1'], port: 1 },
    { access: withKeys('sk-file'), regions: ['us-chicago-1'], port: 1 },
  ],
  [
    'adds MODEL_MAP to the aliases of the file, and both to the built-in ones',
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
  [
    'R-E4 leaves out built-in aliases that a pattern of MODEL_MAP or of the file matches',
    { MODEL_MAP: '{"gpt-*":"xai.grok-4.3"}' },
    { aliases: { 'text-embedding-3-*': 'cohere.embed-v4.0' } },
    {
      aliases: new Map([
        ['text-embedding-3-*', 'cohere.embed-v4.0'],
        ['gpt-*', 'xai.grok-4.3'],
      ]),
    },
  ],
  ['stores responses within the default limits for an empty store', {}, {
    responses: { store: {} },
  }, {
    responseStore: { maxItems: 1_000, maxBytes: 32 * 1024 * 1024, ttl: 3_600_000 },
  }],
  ['stores responses within the configured limits', {}, {
    responses: { store: { maxItems: 5, maxMegabytes: 0.5, ttlMinutes: 0.1 } },
  }, { responseStore: { maxItems: 5, maxBytes: 512 * 1024, ttl: 6_000 } }],
  ['R-E2 stores responses by default', {}, { responses: {} }, {}],
  ['stores no responses when the maximum is 0', {}, { responses: { store: { maxItems: 0 } } }, {
    responseStore: undefined,
  }],
  [
    'accepts any host with API keys',
    { HOST: '0.0.0.0', GATEWAY_API_KEYS: 'sk-a,sk-b' },
    {},
    { host: '0.0.0.0', access: withKeys('sk-a', 'sk-b') },
  ],
]

const NEXT =
  '\nCorrect these and start the gateway again. docs/config.schema.json describes all keys.'

type Problem = [name: string, env: Environment, file: object, ...problems: string[]]

const problems: Problem[] = [
  [
    'lists all problems, each with its variable or key',
    { PORT: 'eighty', LOG_LEVEL: 'loud' },
    { retry: { maxAttempts: 99 }, compartmentId: 'mine', responses: { store: { maxItems: -1 } } },
    'PORT: must be a number',
    'compartmentId: must be an OCID',
    'retry.maxAttempts: must be at most 10',
    'responses.store.maxItems: must not be negative',
    'LOG_LEVEL: must be "debug", "info", "warn", "error" or "silent"',
  ],
  ['names an unknown key', {}, { apiKey: 'sk-secret' }, 'apiKey: unknown key'],
  [
    'never quotes an API key',
    {},
    { access: { apiKeys: 'sk-secret' } },
    'access.apiKeys: must be an array',
  ],
  [
    'never quotes a value that may be a secret',
    { MODEL_MAP: 'sk-secret', OCI_COMPARTMENT_ID: 'sk-secret', OCI_GENAI_ENDPOINT: 'sk-secret' },
    {},
    'MODEL_MAP: must be a JSON object of strings',
    'OCI_COMPARTMENT_ID: must be an OCID',
    'OCI_GENAI_ENDPOINT: must be an https:// URL (http:// only for loopback)',
  ],
]

const invalid: [text: string, problem: string][] = [
  ['', ', line 1: invalid JSON'],
  ['{\n', ', line 1: invalid JSON'],
  ['{\n  "port": 1,\n}', ', line 3: invalid JSON'],
  ['[1', ', line 1: invalid JSON'],
  ['null', ': must be a JSON object'],
  ['"text"', ': must be a JSON object'],
  ['1', ': must be a JSON object'],
  ['[]', ': must be a JSON object'],
]

describe('readConfig()', () => {
  for (const [name, env, file, expected] of cases) {
    it(name, () => {
      assert.deepEqual(readConfig(env, file), { ...DEFAULTS, ...expected })
    })
  }

  for (const [name, env, file, ...expected] of problems) {
    it(name, () => {
      assert.throws(() => readConfig(env, file), misconfigured(expected))
    })
  }

  it('Z01 requires an API key beyond loopback', () => {
    const problem =
      'HOST is not a loopback address and GATEWAY_API_KEYS is not set: anyone who reaches the ' +
      'address could use your tenancy. Set GATEWAY_API_KEYS, or HOST=127.0.0.1'
    assert.throws(() => readConfig({ HOST: '0.0.0.0' }), misconfigured([problem], ''))
  })

  it('Z01 requires an API key on an exposed runtime, for any host', () => {
    const problem =
      'GATEWAY_API_KEYS is not set: anyone who reaches this address could use your tenancy. ' +
      'Set it, on Workers with: npx wrangler secret put GATEWAY_API_KEYS'
    assert.throws(() => readConfig({}, {}, { exposed: true }), misconfigured([problem], ''))
    const config = readConfig({ GATEWAY_API_KEYS: 'sk-one' }, {}, { exposed: true })
    assert.deepEqual(config, { ...DEFAULTS, access: withKeys('sk-one') })
  })

  it('names the file and the line of a key, and the variable that overrides it', () => {
    const text = '{\n  "port": 1,\n  "retry": {\n    "tries": 1\n  },\n  "regions": [""]\n}'
    const source = { text, name: 'GATEWAY_CONFIG "a.json"' }
    assert.throws(
      () => readConfig({ PORT: 'x' }, parseConfigFile(source), { source }),
      misconfigured([
        'PORT: must be a number',
        'GATEWAY_CONFIG "a.json", line 6: regions.0: must not be empty',
        'GATEWAY_CONFIG "a.json", line 4: retry.tries: unknown key',
      ]),
    )
  })

  it('Z03 has no API key by default', () => {
    assert.deepEqual(readConfig({}).access.apiKeys, [])
  })
})

describe('parseConfigFile()', () => {
  it('returns the keys unchecked', () => {
    assert.deepEqual(parseConfigFile({ text: '{"port":1,"odd":[]}', name: 'a' }), {
      port: 1,
      odd: [],
    })
  })

  for (const [text, problem] of invalid) {
    it(`rejects ${JSON.stringify(text)}`, () => {
      const source = { text, name: 'GATEWAY_CONFIG "a.json"' }
      assert.throws(
        () => parseConfigFile(source),
        misconfigured([`GATEWAY_CONFIG "a.json"${problem}`]),
      )
    })
  }
})

function withKeys(...apiKeys: string[]): Config['access'] {
  return { ...DEFAULT_ACCESS_POLICY, apiKeys }
}

/** Checks for one error that lists all problems, followed by advice. */
function misconfigured(problems: string[], next = NEXT) {
  return (error: unknown): true => {
    assert.ok(error instanceof ApiError)
    const list = problems.map((problem) => `\n  - ${problem}`).join('')
    assert.deepEqual(
      { message: error.message, code: error.code, reason: error.reason },
      {
        message: `Cannot read the configuration:${list}${next}`,
        code: 'configuration_error',
        reason: 'configuration',
      },
    )
    return true
  }
}
