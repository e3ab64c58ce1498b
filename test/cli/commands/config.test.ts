import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { listSettings } from '../../../src/config/settings.ts'
import { readConfig, toConfig } from '../../../src/config/read.ts'
import { createFakeHost, FakeFiles, runCli } from '../fake-host.ts'

const PROFILE = '[DEFAULT]\ntenancy=ocid1.tenancy.oc1..aaaa\nuser=ocid1.user.oc1..aaaa\n' +
  'region=us-chicago-1\npass_phrase=very secret\nkey_file=~/key.pem\n\n[OTHER]\nregion=fra\n'
const FILE = '{\n  // The port.\n  "port": 9001,\n  "access": {"apiKeys": ["sk-secret"]},\n' +
  '  "aliases": {"gpt-*": "xai.grok-4.3"},\n  "credential": {"profile": "OTHER"},\n}\n'

function hostWith(files: Readonly<Record<string, string>>, env: Record<string, string> = {}) {
  return createFakeHost({ files: new FakeFiles(files), env })
}

describe('config validate', () => {
  const cases: [
    name: string,
    line: string,
    files: Record<string, string>,
    env: Record<string, string>,
    status: number,
    stdout: string,
  ][] = [
    [
      'accepts the file of the current directory',
      'config validate',
      { 'gateway.config.jsonc': FILE },
      {},
      0,
      'gateway.config.jsonc is valid\n',
    ],
    [
      'prefers --config to GATEWAY_CONFIG and to the file of the current directory',
      'config validate --config b.jsonc',
      { 'gateway.config.jsonc': '[]', 'c.jsonc': '[]', 'b.jsonc': '{}' },
      { GATEWAY_CONFIG: 'c.jsonc' },
      0,
      'b.jsonc is valid\n',
    ],
    [
      'names every problem with its place, also of a key that a variable overrides',
      'config validate',
      { 'gateway.config.jsonc': '{\n  "prot": 1,\n  "port": "sk-secret",\n  "port": 1\n}' },
      { PORT: '80', HOST: '' },
      78,
      'gateway.config.jsonc:2:3: prot: unknown key. Did you mean port?\n' +
      'gateway.config.jsonc:4:3: port: repeats the key of line 3\n',
    ],
    [
      'checks the text in GATEWAY_CONFIG, and the variables',
      'config validate',
      { 'gateway.config.jsonc': '[]' },
      { GATEWAY_CONFIG: '// JSON\n{"port": -1}', LOG_LEVEL: 'x' },
      78,
      'GATEWAY_CONFIG:2:2: port: must not be negative\n' +
      'LOG_LEVEL: must be "debug", "info", "warn", "error" or "silent"\n',
    ],
    [
      'accepts variables alone',
      'config validate',
      {},
      { PORT: '1' },
      0,
      'There is no configuration file: neither --config nor GATEWAY_CONFIG is set, and this folder ' +
      'has no gateway.config.jsonc. The environment variables are valid\n',
    ],
  ]
  for (const [name, line, files, env, status, stdout] of cases) {
    it(name, async () => {
      const result = await runCli(line, hostWith(files, env))
      assert.deepEqual({ status: result.status, stdout: result.stdout }, { status, stdout })
    })
  }

  it('prints JSON', async () => {
    const host = hostWith({ 'b.jsonc': '{"retry": {"maxAttempts": "x"}}' }, { PORT: 'x' })
    const { status, stdout, stderr } = await runCli('config validate --json --config b.jsonc', host)
    const message = 'must be a number'
    assert.deepEqual({ status, stderr, ...JSON.parse(stdout) }, {
      ...{ status: 78, stderr: '', ok: false, file: 'b.jsonc' },
      problems: [
        { file: 'b.jsonc', line: 1, column: 27, key: 'retry.maxAttempts', message },
        { variable: 'PORT', key: '', message },
      ],
    })
  })

  it('fails without the file that is named', async () => {
    const { status, stdout, stderr } = await runCli('config validate --config no.jsonc')
    assert.deepEqual({ status, stdout }, { status: 78, stdout: '' })
    assert.match(stderr, /the file "no.jsonc" does not exist/)
  })

  for (const line of ['validate', 'print', 'validate --config Größe.jsonc']) {
    it(`${line} names a file that cannot be read`, async () => {
      const name = line.split(' ')[2] ?? 'gateway.config.jsonc'
      const host = hostWith({}, {})
      host.files.failures.set(`/work/${name}`, 'EACCES')
      const { status, stdout, stderr } = await runCli(`config ${line}`, host)
      assert.deepEqual({ status, stdout }, { status: 78, stdout: '' })
      assert.ok(stderr.includes(`Cannot read "${name}": this process has no permission`), stderr)
    })
  }
})

describe('config print', () => {
  async function settingsOf(line: string, env: Record<string, string> = {}) {
    const files = { 'gateway.config.jsonc': FILE, '/home/me/.oci/config': PROFILE }
    const { status, stdout, stderr } = await runCli(line, hostWith(files, env))
    assert.equal(status, 0, stderr)
    return { stdout, settings: JSON.parse(stdout) as Record<string, unknown> }
  }

  it('names the source of every setting', async () => {
    const { settings } = await settingsOf('config print --json --host ::1', {
      MODEL_MAP: '{"a": "b"}',
      OCI_COMPARTMENT_ID: 'ocid1.compartment.oc1..aa',
      HOST: '0.0.0.0',
    })
    const profile = 'profile "OTHER" of "/home/me/.oci/config"'
    const expected: Record<string, [value: unknown, source: string]> = {
      'host': ['::1', 'flag --host'],
      'port': [9001, 'gateway.config.jsonc:3'],
      'access.apiKeys': [['sk-secret'], 'gateway.config.jsonc:4'],
      'access.allowedHosts': [[], 'default'],
      'limits.maxTools': [1024, 'default'],
      'limits.maxConcurrentRequestsPerClient': [512, 'default'],
      'aliases.gpt-*': ['xai.grok-4.3', 'gateway.config.jsonc:5'],
      'aliases.a': ['b', 'variable MODEL_MAP'],
      'aliases.text-embedding-3-small': ['cohere.embed-multilingual-v3.0', 'default'],
      'compartmentId': ['ocid1.compartment.oc1..aa', 'variable OCI_COMPARTMENT_ID'],
      'regions': [['fra'], `${profile}: "region" (line 9)`],
      'credential.auth': ['api_key', profile],
      'credential.profile': ['OTHER', 'gateway.config.jsonc:6'],
      'credential.configFile': ['/home/me/.oci/config', 'default'],
      'inferenceEndpoint': [
        'https://inference.generativeai.eu-frankfurt-1.oci.oraclecloud.com/',
        'default',
      ],
      'project': [null, 'default'],
      'oci.tenancy': ['ocid1.tenancy.oc1..aaaa', `${profile}: "tenancy" (line 2)`],
      'oci.pass_phrase': ['(not shown)', `${profile}: "pass_phrase" (line 5)`],
    }
    for (const [key, [value, source]] of Object.entries(expected)) {
      assert.deepEqual(settings[key], { value, source }, key)
    }
  })

  it('prefers a flag and a variable to the credential of the file', async () => {
    const { settings } = await settingsOf('config print --json --profile DEFAULT', {
      OCI_CLI_REGION: 'iad',
    })
    assert.deepEqual(settings['credential.profile'], { value: 'DEFAULT', source: 'flag --profile' })
    assert.deepEqual(settings['regions'], { value: ['iad'], source: 'variable OCI_CLI_REGION' })
  })

  it('--redact hides API keys and passwords', async () => {
    const { stdout, settings } = await settingsOf('config print --json --redact', {
      OCI_GENAI_ENDPOINT: 'https://me:very-secret@inference.example.com',
    })
    assert.doesNotMatch(stdout, /sk-secret|very.secret/)
    assert.deepEqual(settings['access.apiKeys'], {
      value: ['(redacted)'],
      source: 'gateway.config.jsonc:4',
    })
  })

  it('prints a table, also without a credential', async () => {
    const { status, stdout, stderr } = await runCli('config print')
    assert.equal(status, 0)
    assert.match(stdout, /^port +8050 +default$/m)
    assert.match(stderr, /Cannot find OCI credentials/)
  })

  it('refuses an invalid configuration', async () => {
    const { status, stdout, stderr } = await runCli('config print', hostWith({}, { PORT: 'x' }))
    assert.deepEqual({ status, stdout }, { status: 78, stdout: '' })
    assert.match(stderr, /- PORT: must be a number/)
  })

  it('has the defaults that the gateway uses', () => {
    const file: Record<string, unknown> = {}
    for (const { path, byDefault } of listSettings()) {
      if (byDefault === '' || !Number.isFinite(Number(byDefault))) continue
      const inner = path.slice(0, -1).reduce<Record<string, unknown>>(
        (object, key) => object[key] = (object[key] ?? {}) as Record<string, unknown>,
        file,
      )
      inner[path.at(-1) ?? ''] = Number(byDefault)
    }
    assert.deepEqual(readConfig({}, { name: 'a', text: JSON.stringify(file) }), toConfig({}))
  })
})

describe('config schema', () => {
  it('prints the JSON Schema', async () => {
    const { status, stdout } = await runCli('config schema')
    assert.equal(status, 0)
    assert.equal(JSON.parse(stdout).properties.retry.properties.maxAttempts.type, 'integer')
  })
})
