import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from '../../src/config/read.ts'
import {
  parseReference,
  referencedFiles,
  resolveSecrets,
  type SecretSources,
  withCredentialSecrets,
} from '../../src/config/secrets.ts'

const SECRET = 'ocid1.vaultsecret.oc1.iad.aaaa'
const FILES: Readonly<Record<string, string>> = {
  '/run/key': 'first-key\n',
  '/run/keys': 'first-key,second-key\nthird-key\n\n',
  '/run/empty': '\n',
  '/run/spaces': 'top secret value',
  '/run/bearer': 'Bearer collector-key\n',
  '/run/line': 'a\nb',
  '/run/store': 'postgres://me:password@db/gateway\n',
}
const SOURCES: SecretSources = {
  env: { ADMIN: ' admin-key ', EMPTY: ' ' },
  files: {
    home: '/home/me',
    read: (path) =>
      path === '/run/forbidden'
        ? Promise.reject(new Error('EACCES'))
        : Promise.resolve(FILES[path]),
  },
  readVault: (id) => Promise.resolve(`of ${id}`.replace('of ', 'key-')),
}

/** The resolved secrets of a configuration file. */
async function resolve(file: object, sources = SOURCES) {
  const text = JSON.stringify(file)
  const config = readConfig({}, { name: 'gateway.config.jsonc', text })
  const { access, store, counters, telemetry } = await resolveSecrets(config, sources)
  const { apiKeys, adminKey, metricsKey } = access
  const { headers } = telemetry.otlp ?? {}
  return {
    apiKeys,
    adminKey,
    metricsKey,
    store,
    counters,
    headers,
    dataKey: telemetry.apm?.dataKey,
  }
}

type Resolved = Awaited<ReturnType<typeof resolve>>
const NONE: Resolved = {
  ...{ apiKeys: [], adminKey: undefined, metricsKey: undefined },
  ...{ store: undefined, counters: undefined, headers: undefined, dataKey: undefined },
}

const OTLP = { otlpEndpoint: 'http://collector.example:4318' }
const APM = { apmEndpoint: 'https://apm.example' }

const resolved: [file: object, expected: Partial<Resolved>][] = [
  [{}, {}],
  [{ access: { apiKeys: ['plain'] } }, { apiKeys: ['plain'] }],
  [{ access: { apiKeys: ['plain', 'file:/run/keys'] } }, {
    apiKeys: ['plain', 'first-key', 'second-key', 'third-key'],
  }],
  [{ access: { apiKeys: [`vault://${SECRET}`] } }, { apiKeys: [`key-${SECRET}`] }],
  [{ access: { adminKey: 'env:ADMIN' } }, { adminKey: 'admin-key' }],
  [{ access: { adminKey: 'file:/run/key' } }, { adminKey: 'first-key' }],
  [{ access: { metricsKey: `vault://${SECRET}` } }, { metricsKey: `key-${SECRET}` }],
  [{ telemetry: { ...OTLP, otlpHeaders: { authorization: 'file:/run/bearer', 'x-y': 'z' } } }, {
    headers: { authorization: 'Bearer collector-key', 'x-y': 'z' },
  }],
  [{ telemetry: { ...APM, apmDataKey: 'env:ADMIN' } }, { dataKey: 'admin-key' }],
  [{ store: 'file:/run/store' }, { store: FILES['/run/store']?.trim() }],
  [{ store: 'sqlite:./file:x', counters: 'redis://h' }, {
    ...{ store: 'sqlite:./file:x', counters: 'redis://h' },
  }],
]

const unreadable: [file: object, message: string][] = [
  [
    { access: { adminKey: 'env:MISSING' } },
    'Cannot read access.adminKey from env:MISSING: the variable is not set',
  ],
  [
    { access: { adminKey: 'env:EMPTY' } },
    'Cannot read access.adminKey from env:EMPTY: the variable is not set',
  ],
  [
    { access: { apiKeys: ['file:/run/none'] } },
    'Cannot read access.apiKeys from file:/run/none: the file does not exist',
  ],
  [
    { access: { apiKeys: ['file:/run/empty'] } },
    'Cannot read access.apiKeys from file:/run/empty: it is empty',
  ],
  [
    { access: { adminKey: 'file:/run/empty' } },
    'Cannot read access.adminKey from file:/run/empty: it is empty',
  ],
  [
    { access: { apiKeys: ['file:/run/spaces'] } },
    'Cannot read access.apiKeys from file:/run/spaces: its value must be printable ASCII without ' +
    'spaces',
  ],
  [
    { access: { metricsKey: 'file:/run/spaces' } },
    'Cannot read access.metricsKey from file:/run/spaces: its value must be printable ASCII ' +
    'without spaces',
  ],
  [
    { telemetry: { ...OTLP, otlpHeaders: { 'x-key': 'file:/run/line' } } },
    'Cannot read telemetry.otlpHeaders.x-key from file:/run/line: its value must be printable ASCII',
  ],
  [
    { telemetry: { ...APM, apmDataKey: 'env:MISSING' } },
    'Cannot read telemetry.apmDataKey from env:MISSING: the variable is not set',
  ],
  [
    { store: 'file:/run/key' },
    'Cannot read store from file:/run/key: its value must be sqlite:FILE, postgres://… or memory:',
  ],
  [
    { counters: 'file:/run/forbidden' },
    'Cannot read counters from file:/run/forbidden: this process has no permission to read it, or ' +
    'it is not a file',
  ],
]

describe('resolveSecrets()', () => {
  for (const [file, expected] of resolved) {
    it(`resolves ${JSON.stringify(file)}`, async () => {
      assert.deepEqual(await resolve(file), { ...NONE, ...expected })
    })
  }

  for (const [file, message] of unreadable) {
    it(`names the reference and not its value in ${JSON.stringify(file)}`, async () => {
      await assert.rejects(resolve(file), { code: 'configuration_error', message })
    })
  }

  it('says that a runtime has no files', async () => {
    const message = 'Cannot read access.adminKey from file:/run/key: this runtime has no files'
    const sources = { env: {}, files: undefined }
    await assert.rejects(resolve({ access: { adminKey: 'file:/run/key' } }, sources), { message })
  })

  it('leaves references to the vault where it cannot be read', async () => {
    const { readVault: _none, ...sources } = SOURCES
    const file = { access: { apiKeys: [`vault://${SECRET}`] }, store: `vault://${SECRET}` }
    assert.deepEqual(await resolve(file, sources), {
      ...NONE,
      ...{ apiKeys: [`vault://${SECRET}`], store: `vault://${SECRET}` },
    })
  })
})

describe('referencedFiles()', () => {
  it('lists the files of all secrets', () => {
    const text = JSON.stringify({
      access: {
        apiKeys: ['plain', 'file:/a', 'env:B'],
        adminKey: 'file:/c',
        metricsKey: 'file:/d',
      },
      ...{ store: 'file:/e', counters: `vault://${SECRET}` },
      telemetry: {
        ...{ ...OTLP, otlpHeaders: { one: 'file:/f', two: 'x' } },
        ...{ ...APM, apmDataKey: 'file:/g' },
      },
    })
    const files = referencedFiles(readConfig({}, { name: 'c', text }))
    assert.deepEqual(files, ['/a', '/c', '/d', '/e', '/f', '/g'])
  })
})

describe('withCredentialSecrets()', () => {
  it('replaces references in variables of the credential only', async () => {
    const env = {
      ...{ OCI_GENAI_API_KEY: 'file:/run/key', OCI_CLI_PASSPHRASE: 'env:ADMIN', ADMIN: 'a' },
      ...{ HOME: 'file:/run/key', OCI_CLI_KEY_CONTENT: '-----BEGIN' },
    }
    assert.deepEqual(await withCredentialSecrets(env, SOURCES.files), {
      ...env,
      ...{ OCI_GENAI_API_KEY: 'first-key\n', OCI_CLI_PASSPHRASE: 'a' },
    })
  })
})

describe('parseReference()', () => {
  for (const text of ['', 'env:', 'file:', 'vault://', 'vault:x', 'sk-env:X', 'sqlite:file:x']) {
    it(`has none in "${text}"`, () => assert.equal(parseReference(text), undefined))
  }
})
