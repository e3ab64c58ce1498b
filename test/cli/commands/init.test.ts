import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Host } from '../../../src/cli/host.ts'
import { cancelled, type Prompts } from '../../../src/cli/init/prompts.ts'
import { createSimulator } from '../../../src/simulator/app.ts'
import { createDemoIdentity, type DemoIdentity } from '../../../src/simulator/identity.ts'
import '../../simulator/reuse-keys.ts'
import {
  createFakeHost,
  FakeFiles,
  type FakeHost,
  FakeInput,
  FakeOutput,
  runCli,
} from '../fake-host.ts'

const FILE = '/work/gateway.config.jsonc'

let identity: DemoIdentity
before(async () => {
  identity = await createDemoIdentity()
})

/** A machine with two profiles, in front of a simulated OCI. */
function machine(parts: Partial<FakeHost> = {}, files: Record<string, string> = {}) {
  const simulator = createSimulator({ publicKeys: identity.publicKeys, eventDelay: 0 })
  const calls: string[] = []
  const host = createFakeHost({
    files: new FakeFiles({
      '/home/me/.oci/config': profile('DEFAULT', 'us-chicago-1') + profile('FRANKFURT', 'fra'),
      '/home/me/.oci/key.pem': identity.privateKey,
      ...files,
    }),
    async fetch(url, init) {
      calls.push(new URL(url).hostname)
      return await simulator.fetch(new Request(url, init))
    },
    ...parts,
  })
  return { host, calls }
}

function profile(name: string, region: string): string {
  const { user, tenancy, fingerprint } = identity
  return `[${name}]\nuser=${user}\ntenancy=${tenancy}\nfingerprint=${fingerprint}\n` +
    `region=${region}\nkey_file=~/.oci/key.pem\n`
}

class Terminal extends FakeOutput {
  override readonly isTerminal = true
}

/** A person who answers the questions whose message contains a word; Enter for all others. */
function person(
  answers: Readonly<Record<string, string | boolean | 'Ctrl+C'>>,
): Partial<FakeHost> & { asked: string[]; printed: string[] } {
  const asked: string[] = []
  const printed: string[] = []
  const answer = <Answer>(message: string, initial: Answer): Answer => {
    asked.push(message)
    const [, given] = Object.entries(answers).find(([word]) => message.includes(word)) ?? []
    if (given === 'Ctrl+C') throw cancelled()
    return given === undefined ? initial : given as Answer
  }
  const print = (text: string) => void printed.push(text)
  const prompts: Prompts = {
    isInteractive: true,
    ...{ intro: () => {}, info: print, warn: print, outro: print },
    async select({ message, choices, initial }) {
      const label = await answer(message, choices.find(({ value }) => value === initial)?.label)
      const chosen = choices.find((choice) => choice.label === label)
      assert.ok(chosen, `"${label}" is not one of ${choices.map((choice) => choice.label)}`)
      return chosen.value
    },
    async text({ message, initial, check }) {
      const text = await answer(message, initial)
      assert.equal(check(text), undefined)
      return text
    },
    confirm: async ({ message, initial }) => await answer(message, initial),
  }
  const stdin = new FakeInput({ typed: [] })
  const stderr = new Terminal()
  return { asked, printed, stdin, stderr, openPrompts: () => Promise.resolve(prompts) }
}

/** The file without comments. */
function keysOf(host: FakeHost): Record<string, unknown> {
  return JSON.parse((host.files.contents.get(FILE) ?? '').replace(/^ *\/\/.*$/gm, ''))
}

describe('init --yes', () => {
  it('writes the defaults without a terminal, and nothing when run again', async () => {
    const { host, calls } = machine()
    const { status, stdout, stderr } = await runCli('init --yes --json', host)
    assert.equal(status, 0, stderr)
    assert.deepEqual(JSON.parse(stdout), {
      file: 'gateway.config.jsonc',
      backup: null,
      changed: true,
    })
    const { $schema, ...keys } = keysOf(host)
    assert.match(String($schema), /^https:.*\/config\.schema\.json$/)
    const model = 'xai.grok-4.3'
    assert.deepEqual(keys, {
      credential: { profile: 'DEFAULT' },
      regions: ['us-chicago-1'],
      compartmentId: identity.tenancy,
      aliases: { 'gpt-4*': model, 'gpt-5*': model, 'claude-*': model },
    })
    assert.match(stderr, /^Test call: xai\.grok-4\.3 answered in \d+\.\d s$/m)
    assert.deepEqual(
      new Set(calls),
      new Set([
        'generativeai.us-chicago-1.oci.oraclecloud.com',
        'inference.generativeai.us-chicago-1.oci.oraclecloud.com',
      ]),
    )
    const before = new Map(host.files.contents)
    const again = await runCli('init --yes', host)
    assert.equal(again.status, 0)
    assert.match(again.stderr, /gateway\.config\.jsonc is up to date/)
    assert.deepEqual(host.files.contents, before)
  })

  it('keeps other keys, comments and values of the file, and a backup of each version', async () => {
    const text =
      '// Mine.\n{\n  "port": 9000, // high\n  "aliases": {"x": "y", "gpt-4*": "meta.llama-3.3-70b-instruct"},\n' +
      '  "regions": ["eu-frankfurt-1"],\n}\n'
    const { host } = machine({}, { [FILE]: text })
    const { stdout } = await runCli('init --yes --json', host)
    assert.equal(JSON.parse(stdout).backup, 'gateway.config.jsonc.bak')
    assert.equal(host.files.contents.get(`${FILE}.bak`), text)
    const edited = host.files.contents.get(FILE) ?? ''
    assert.ok(edited.startsWith('// Mine.\n{\n  "port": 9000, // high\n  "aliases": {'), edited)
    assert.ok(edited.includes('  "regions": ["eu-frankfurt-1"],\n'), edited)
    const model = 'meta.llama-3.3-70b-instruct'
    assert.ok(edited.includes(`"claude-*": "${model}"`), edited)
    assert.equal((await runCli('config validate', host)).status, 0)
    await runCli('init --yes --profile FRANKFURT --region us-ashburn-1', host)
    assert.equal(host.files.contents.get(`${FILE}.bak`), text)
    assert.equal(host.files.contents.get(`${FILE}.bak2`), edited)
    assert.match(host.files.contents.get(FILE) ?? '', /"regions": \["us-ashburn-1"\]/)
  })

  it('replaces a file with problems, after a backup', async () => {
    const { host } = machine({}, { [FILE]: '{"prot": 1}' })
    const { status, stderr } = await runCli('init --yes', host)
    assert.equal(status, 0)
    assert.match(stderr, /has problems and will be replaced/)
    assert.equal(host.files.contents.get(`${FILE}.bak`), '{"prot": 1}')
    assert.equal('prot' in keysOf(host), false)
  })

  it('keeps a symbolic link, and refuses a file that it may not replace', async () => {
    const target = '/work/shared/gateway.jsonc'
    const { host } = machine({}, { [target]: '{"port": 8051}' })
    const file = { type: 'file', path: target, isReadOnly: false, isOfOtherUser: false } as const
    host.files.states.set(FILE, file)
    assert.equal((await runCli('init --yes --skip-test', host)).status, 0)
    assert.match(host.files.contents.get(target) ?? '', /^\{"port": 8051,[^]*"regions"/)
    assert.equal(host.files.contents.has(FILE), false)
    assert.equal(host.files.contents.get(`${FILE}.bak`), '{"port": 8051}')

    host.files.states.set(FILE, { ...file, isReadOnly: true })
    const { status, stderr } = await runCli('init --yes --skip-test', host)
    assert.equal(status, 1)
    assert.match(stderr, /Cannot change gateway\.config\.jsonc: is read-only/)
  })

  it('writes the file even if the test call fails, with a warning', async () => {
    const { host } = machine({ fetch: () => Promise.reject(new Error('no network')) })
    const { status, stderr } = await runCli('init --yes', host)
    assert.equal(status, 0)
    assert.match(stderr, /The test call failed: Cannot reach OCI[^]*oci-gateway doctor/)
    assert.ok(host.files.contents.has(FILE))
  })

  it('refuses a profile that does not exist', async () => {
    const { host } = machine()
    const { status, stderr } = await runCli('init --yes --profile FRANKFRUT', host)
    assert.equal(status, 78)
    assert.match(stderr, /FRANKFRUT/)
    assert.equal(host.files.contents.has(FILE), false)
  })

  it('needs a credential', async () => {
    const { status, stderr } = await runCli('init --yes')
    assert.equal(status, 78)
    assert.match(stderr, /Cannot find OCI credentials/)
  })

  it('uses the credential of the environment, and names variables that precede the file', async () => {
    const { user, tenancy, fingerprint, privateKey } = identity
    const { host } = machine({
      env: {
        OCI_CLI_USER: user,
        OCI_CLI_TENANCY: tenancy,
        OCI_CLI_FINGERPRINT: fingerprint,
        OCI_CLI_KEY_CONTENT: privateKey,
        OCI_REGION: 'us-ashburn-1',
      },
    })
    const { status, stderr } = await runCli('init --yes', host)
    assert.equal(status, 0)
    assert.match(stderr, /takes precedence over the file: OCI_REGION$/m)
    assert.equal('credential' in keysOf(host), false)
    assert.deepEqual(keysOf(host)['regions'], ['us-ashburn-1'])
    assert.doesNotMatch(host.files.contents.get(FILE) ?? '', /PRIVATE KEY/)
  })

  it('finds the instance where there is nothing else', async () => {
    const addresses: string[] = []
    const host = createFakeHost({
      fetch(url) {
        addresses.push(url)
        return Promise.resolve(new Response('iad'))
      },
    })
    const { stderr } = await runCli('init --yes', host)
    assert.equal(addresses[0], 'http://169.254.169.254/opc/v2/instance/region')
    assert.match(stderr, /Credential: instance principal/)
  })
})

describe('init', () => {
  it('refuses to ask without a terminal', async () => {
    const { status, stderr } = await runCli('init', machine().host)
    assert.equal(status, 2)
    assert.match(stderr, /needs a terminal\. "oci-gateway init --yes"/)
  })

  it('asks, and lists the compartments', async () => {
    const human = person({
      'Which credential': 'profile FRANKFURT',
      'Region': 'eu-frankfurt-1, ord',
      'Compartment': 'ai/research',
      'Who calls': 'other machines too',
      'Which model': 'openai.gpt-oss-120b',
    })
    const { host, calls } = machine(human)
    assert.equal((await runCli('init', host)).status, 0)
    const { credential, regions, compartmentId, aliases, access, ...others } = keysOf(host)
    assert.deepEqual({ credential, regions, host: others['host'] }, {
      credential: { profile: 'FRANKFURT' },
      regions: ['eu-frankfurt-1', 'us-chicago-1'],
      host: '0.0.0.0',
    })
    assert.match(String(compartmentId), /^ocid1\.compartment\.oc1\.\..*airesearch/)
    assert.equal((aliases as Record<string, string>)['claude-*'], 'openai.gpt-oss-120b')
    const [key = ''] = (access as { apiKeys: string[] }).apiKeys
    assert.match(key, /^sk-[0-9a-f]{64}$/)
    assert.ok(human.printed.includes(`API key for clients: ${key}`))
    assert.ok(calls.includes('identity.eu-frankfurt-1.oci.oraclecloud.com'))
    const before = new Map(host.files.contents)
    const again = person({})
    assert.equal((await runCli('init', { ...host, ...again })).status, 0)
    assert.deepEqual(host.files.contents, before)
    assert.equal(again.asked.length, 5)
  })

  it('asks for the OCID if the compartments cannot be listed', async () => {
    const human = person({ 'OCID of the compartment': 'ocid1.compartment.oc1..mine' })
    const { host } = machine(human)
    const fetch: Host['fetch'] = (url, init) =>
      url.includes('//identity.')
        ? Promise.resolve(Response.json({ code: 'NotAuthorizedOrNotFound' }, { status: 404 }))
        : host.fetch(url, init)
    assert.equal((await runCli('init', { ...host, fetch })).status, 0)
    assert.equal(keysOf(host)['compartmentId'], 'ocid1.compartment.oc1..mine')
    assert.ok(human.printed.some((text) => text.startsWith('The compartments cannot be listed')))
  })

  it('writes nothing after a failed test call, unless the person confirms', async () => {
    for (const [confirmed, status] of [[false, 1], [true, 0]] as const) {
      const { host } = machine(
        person({ 'anyway': confirmed, 'Which model': "none: clients request OCI's names" }),
      )
      const fetch: Host['fetch'] = (url, init) =>
        url.includes('/actions/') || url.includes('/openai/')
          ? Promise.resolve(Response.json({ code: 'NotAuthorizedOrNotFound' }, { status: 404 }))
          : host.fetch(url, init)
      assert.equal((await runCli('init', { ...host, fetch })).status, status)
      assert.equal(host.files.contents.has(FILE), confirmed)
    }
  })

  for (
    const question of ['Which credential', 'Region', 'Compartment', 'Who calls', 'Which model']
  ) {
    it(`changes nothing after Ctrl+C at "${question}"`, async () => {
      const { host } = machine(person({ [question]: 'Ctrl+C' }), { [FILE]: '{}' })
      const before = new Map(host.files.contents)
      const { status, stderr } = await runCli('init', host)
      assert.equal(status, 130)
      assert.match(stderr, /Cancelled\. Nothing was changed/)
      assert.deepEqual(host.files.contents, before)
    })
  }
})
