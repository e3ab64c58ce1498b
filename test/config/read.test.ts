import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEFAULT_ACCESS_POLICY } from '../../src/access/access-policy.ts'
import { type Config, readConfig } from '../../src/config/read.ts'
import type { ConfigFile } from '../../src/config/schema.ts'
import type { ConfigSource } from '../../src/config/source.ts'
import { ApiError } from '../../src/errors.ts'
import { DEFAULT_LIMITS } from '../../src/limits.ts'
import type { Environment } from '../../src/platform.ts'
import { DEFAULT_TELEMETRY } from '../../src/telemetry/settings.ts'

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
  capabilities: undefined,
  nativeBearer: false,
  credential: {},
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
  rateLimitQueue: { maxPerClient: 256, maxWait: 20_000 },
  store: undefined,
  counters: undefined,
  budgets: { timeZone: 'UTC', whenDown: undefined, usesLearnedLimit: false },
  limits: DEFAULT_LIMITS,
  responseStore: { maxItems: 1_000, maxBytes: 32 * 1024 * 1024, ttl: 3_600_000, isShared: true },
  logLevel: 'info',
  logFormat: undefined,
  telemetry: DEFAULT_TELEMETRY,
  console: true,
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
  [
    'reads the store and the administration key from the environment',
    {
      GATEWAY_STORE: 'sqlite:./gateway.db',
      GATEWAY_COUNTERS: 'redis://127.0.0.1:6379',
      GATEWAY_ADMIN_KEY: 'adm-secret',
    },
    {},
    {
      store: 'sqlite:./gateway.db',
      counters: 'redis://127.0.0.1:6379',
      access: { ...DEFAULT_ACCESS_POLICY, adminKey: 'adm-secret' },
    },
  ],
  [
    'reads the policy of budgets from the file',
    {},
    {
      store: 'memory:',
      budgets: { timeZone: 'Europe/Berlin', whenStoreDown: 'failOpen', learnedOutputLimit: true },
    },
    {
      store: 'memory:',
      budgets: { timeZone: 'Europe/Berlin', whenDown: 'failOpen', usesLearnedLimit: true },
    },
  ],
  [
    'needs no API keys at any address with a store, whose keys are required then',
    { HOST: '0.0.0.0', GATEWAY_STORE: 'memory:' },
    {},
    { host: '0.0.0.0', store: 'memory:' },
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
      maxUploadMiB: 3,
      maxUploadMiBInFlight: 4,
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
      maxUploadBytes: 3 * 1024 * 1024,
      maxUploadBytesInFlight: 4 * 1024 * 1024,
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
    responseStore: { maxItems: 1_000, maxBytes: 32 * 1024 * 1024, ttl: 3_600_000, isShared: true },
  }],
  ['stores responses within the configured limits', {}, {
    responses: { store: { maxItems: 5, maxMegabytes: 0.5, ttlMinutes: 0.1, shared: false } },
  }, { responseStore: { maxItems: 5, maxBytes: 512 * 1024, ttl: 6_000, isShared: false } }],
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
  '\nCorrect these and start the gateway again. "oci-gateway config schema" describes all keys.'

type Problem = [name: string, env: Environment, file: object, ...problems: string[]]

const problems: Problem[] = [
  [
    'lists all problems, each with its place: first those of the file, then those of variables',
    { PORT: 'eighty', LOG_LEVEL: 'loud' },
    {
      port: 'ninety',
      retry: { maxAttempts: 99 },
      compartmentId: 'mine',
      responses: { store: { maxItems: -1 } },
    },
    'a.json:1:9: port: must be a number',
    'a.json:1:27: retry.maxAttempts: must be at most 10',
    'a.json:1:45: compartmentId: must be an OCID',
    'a.json:1:90: responses.store.maxItems: must not be negative',
    'PORT: must be a number',
    'LOG_LEVEL: must be "debug", "info", "warn", "error" or "silent"',
  ],
  [
    'names all unknown keys with the nearest ones',
    {},
    {
      ...{ apiKey: 'sk-secret', prot: 1, maxAttempts: 2, toString: 3 },
      models: { m: { tols: true, tools: 1 }, toString: {} },
      ...{ retry: { attempts: 1, budget: 2 } },
    },
    'a.json:1:2: apiKey: unknown key. Did you mean access.apiKeys?',
    'a.json:1:23: prot: unknown key. Did you mean port?',
    'a.json:1:32: maxAttempts: unknown key. Did you mean retry.maxAttempts?',
    'a.json:1:48: toString: unknown key. Did you mean host?',
    'a.json:1:76: models.m.tols: unknown key. Did you mean models.m.tools?',
    'a.json:1:96: models.m.tools: must be a boolean',
    'a.json:1:123: retry.attempts: unknown key. Did you mean retry.maxAttempts?',
    'a.json:1:136: retry.budget: unknown key. Did you mean retry.budgetRatio?',
  ],
  [
    'never quotes an API key',
    {},
    { access: { apiKeys: 'sk-secret', allowedHosts: ['sk-secret '] } },
    'a.json:1:22: access.apiKeys: must be an array',
    'a.json:1:50: access.allowedHosts.0: must be a lower-case host name without a port',
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

const MISSING_END = 'invalid JSON: the end is missing, such as a bracket'
const UNQUOTED = 'invalid JSON: unexpected text; keys and strings need double quotes'

const invalid: [text: string, ...problems: string[]][] = [
  ['', `1:1: ${MISSING_END}`],
  ['{\n', `1:2: ${MISSING_END}`],
  ['{\n  "port": 1,,\n}', '2:13: invalid JSON: unexpected ","'],
  ['[1', `1:3: ${MISSING_END}`],
  ["{'sk-secret': 1}", `1:2: ${UNQUOTED}`],
  ['null', '1:1: must be a JSON object'],
  ['// a list\n []', '2:2: must be a JSON object'],
  [
    '{"port": 1,\n "retry": {"maxAttempts": 1,\n"maxAttempts": 99}, "port": "x"}',
    '3:1: retry.maxAttempts: repeats the key of line 2',
    '3:1: retry.maxAttempts: must be at most 10',
    '3:21: port: repeats the key of line 1',
    '3:29: port: must be a number',
  ],
]

describe('readConfig()', () => {
  for (const [name, env, file, expected] of cases) {
    it(name, () => {
      assert.deepEqual(readConfig(env, sourceOf(file)), { ...DEFAULTS, ...expected })
    })
  }

  for (const [name, env, file, ...expected] of problems) {
    it(name, () => {
      assert.throws(() => readConfig(env, sourceOf(file)), misconfigured(expected))
    })
  }

  it('Z01 requires an API key beyond loopback', () => {
    const problem =
      'HOST is not a loopback address and GATEWAY_API_KEYS is not set: anyone who reaches the ' +
      'address could use your tenancy. Set GATEWAY_API_KEYS, or HOST=127.0.0.1'
    assert.throws(() => readConfig({ HOST: '0.0.0.0' }), misconfigured([problem], ''))
  })

  it('Z01 names the place of a host in the file', () => {
    const text = '{\n  "host": "0.0.0.0"\n}'
    assert.throws(
      () => readConfig({}, { name: 'gateway.json', text }),
      /\n {2}- gateway\.json:2:11: host: is not a loopback address and GATEWAY_API_KEYS is not set/,
    )
    // The variable takes precedence over the file.
    assert.throws(
      () => readConfig({ HOST: '0.0.0.0' }, { name: 'gateway.json', text }),
      /\n {2}- HOST is not a loopback address/,
    )
  })

  it('Z01 requires an API key on an exposed runtime, for any host', () => {
    const problem =
      'GATEWAY_API_KEYS is not set: anyone who reaches this address could use your tenancy. ' +
      'Set it, on Workers with: npx wrangler secret put GATEWAY_API_KEYS'
    assert.throws(() => readConfig({}, undefined, { exposed: true }), misconfigured([problem], ''))
    const config = readConfig({ GATEWAY_API_KEYS: 'sk-one' }, undefined, { exposed: true })
    assert.deepEqual(config, { ...DEFAULTS, access: withKeys('sk-one') })
  })

  it('reads comments and trailing commas', () => {
    const text = '\ufeff// Port\n{\n  "port": 1, /* of "tests" */\n  "regions": ["a-b-1",],\n}\n'
    const { port, regions } = readConfig({}, { name: 'a.json', text })
    assert.deepEqual({ port, regions }, { port: 1, regions: ['a-b-1'] })
  })

  it('names the file and the line of a key, and the variable that overrides it', () => {
    const text = '{\n  "port": 1,\n  "retry": {\n    "tries": 1\n  },\n  "regions": [""]\n}'
    assert.throws(
      () => readConfig({ PORT: 'x' }, { text, name: 'a.json' }),
      misconfigured([
        'a.json:4:5: retry.tries: unknown key',
        'a.json:6:15: regions.0: must not be empty',
        'PORT: must be a number',
      ]),
    )
  })

  for (const [text, ...expected] of invalid) {
    it(`rejects ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => readConfig({}, { text, name: 'a.json' }),
        misconfigured(expected.map((problem) => `a.json:${problem}`)),
      )
    })
  }

  it('Z03 has no API key by default', () => {
    assert.deepEqual(readConfig({}).access.apiKeys, [])
  })
})

function sourceOf(file: object): ConfigSource {
  return { name: 'a.json', text: JSON.stringify(file) }
}

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
