import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Capabilities,
  capabilitiesPath,
  createCapabilities,
  readCapabilities,
  withCapabilities,
} from '../../src/config/capabilities.ts'
import { readConfig } from '../../src/config/read.ts'
import { modelProfile } from '../../src/oci/models/profiles.ts'
import type { Files } from '../../src/platform.ts'

const FOUND = create({ 'xai.grok*': { emptyToolCallText: '.' } })
const TEXT = JSON.stringify(FOUND)

function create(models: Capabilities['models'], more: Partial<Capabilities> = {}): Capabilities {
  return createCapabilities({ gateway: '0.1.0', createdAt: 'now', models, evidence: [], ...more })
}

function filesWith(contents: Record<string, string>): Files {
  const broken = 'denied'
  return {
    home: '/home',
    read: (path: string) =>
      path === broken ? Promise.reject(new Error('EACCES')) : Promise.resolve(contents[path]),
    mode: () => Promise.resolve(0o600),
  } as unknown as Files
}

const places: [config: string | undefined, path: string][] = [
  [undefined, 'capabilities.json'],
  ['gateway.json', 'capabilities.json'],
  ['/etc/gateway/gateway.json', '/etc/gateway/capabilities.json'],
  ['C:\\gateway\\gateway.json', 'C:\\gateway\\capabilities.json'],
  ['{ "port": 1 }', 'capabilities.json'],
]

const found: [name: string, setting: string | undefined, contents: Record<string, string>][] = [
  ['the default place', undefined, { 'capabilities.json': TEXT }],
  ['a path', '/x/y.json', { '/x/y.json': TEXT }],
  ['its text', TEXT, {}],
]

const ignored: [name: string, contents: Record<string, string>][] = [
  ['no file', {}],
  ['the file of another program', { 'capabilities.json': '{"browserName":"firefox"}' }],
  ['a text', { 'capabilities.json': 'hello' }],
]

const rejected: [name: string, setting: string | undefined, text: string, problem: RegExp][] = [
  ['a missing file', '/x/missing.json', '', /"\/x\/missing\.json": it does not exist/],
  ['an unreadable file', 'denied', '', /cannot be read/],
  ['the file of another program', '/x/y.json', '{}', /generator/],
  ['a later version', undefined, JSON.stringify({ ...FOUND, version: 2 }), /version/],
  ['an unknown member', undefined, JSON.stringify({ ...FOUND, extra: 1 }), /extra/],
  [
    'an unknown capability',
    undefined,
    JSON.stringify({ ...FOUND, models: { a: { smell: true } } }),
    /models\.a\.smell/,
  ],
  [
    'a wrong value',
    undefined,
    JSON.stringify({ ...FOUND, models: { a: { maxOutputTokens: 0 } } }),
    /models\.a\.maxOutputTokens/,
  ],
]

describe('readCapabilities()', () => {
  for (const [config, path] of places) {
    it(`has the default place ${path} for ${config}`, () => {
      assert.equal(capabilitiesPath({ GATEWAY_CONFIG: config }), path)
    })
  }

  for (const [name, setting, contents] of found) {
    it(`reads ${name}`, async () => {
      assert.deepEqual(await readCapabilities(setting, {}, filesWith(contents)), FOUND)
    })
  }

  it('reads a text on a runtime without files', async () => {
    assert.deepEqual(await readCapabilities(TEXT, {}, undefined), FOUND)
    assert.equal(await readCapabilities(undefined, {}, undefined), undefined)
  })

  for (const [name, contents] of ignored) {
    it(`ignores ${name} at the default place`, async () => {
      assert.equal(await readCapabilities(undefined, {}, filesWith(contents)), undefined)
    })
  }

  for (const [name, setting, text, message] of rejected) {
    it(`rejects ${name}`, async () => {
      const contents: Record<string, string> = text === ''
        ? {}
        : { [setting ?? 'capabilities.json']: text }
      await assert.rejects(readCapabilities(setting, {}, filesWith(contents)), {
        code: 'configuration_error',
        message,
      })
    })
  }
})

interface Layer {
  name: string
  own: Record<string, object>
  probed: Capabilities['models']
  model: string
  expected: object
}

const layers: Layer[] = [
  {
    name: 'replaces a value of the table by none',
    own: {},
    probed: { 'google.*': { emptyToolCallText: null }, 'meta.*': { maxOutputTokens: null } },
    model: 'google.gemini-2.5-flash',
    expected: { emptyToolCallText: undefined },
  },
  {
    name: "keeps the operator's value",
    own: { 'xai.*': { emptyToolCallText: 'own' } },
    probed: { 'xai.grok*': { emptyToolCallText: '.', systemRole: 'user' } },
    model: 'xai.grok-4.3',
    expected: { emptyToolCallText: 'own', systemRole: 'user' },
  },
  {
    name: "adds to the operator's override of one model",
    own: { 'xai.grok-4.3': { contextWindow: 5 } },
    probed: { 'xai.*': { systemRole: 'user' } },
    model: 'xai.grok-4.3',
    expected: { contextWindow: 5, systemRole: 'user' },
  },
  {
    name: 'applies all patterns of the file',
    own: {},
    probed: { 'cohere.*': { forceSingleStep: true }, 'cohere.command*': { maxOutputTokens: 9 } },
    model: 'cohere.command-a-03-2025',
    expected: { forceSingleStep: true, maxOutputTokens: 9 },
  },
  {
    name: 'changes no other model',
    own: {},
    probed: { 'xai.*': { systemRole: 'user' } },
    model: 'meta.llama-3.3-70b-instruct',
    expected: { systemRole: 'system' },
  },
]

describe('withCapabilities()', () => {
  for (const { name, own, probed, model, expected } of layers) {
    it(name, () => {
      const config = readConfig({}, { name: 'c', text: JSON.stringify({ models: own }) })
      const { models } = withCapabilities(config, create(probed))
      const profile = Object.entries(modelProfile(model, models))
      for (const [key, value] of Object.entries(expected)) {
        assert.deepEqual(profile.find(([each]) => each === key)?.[1], value, key)
      }
    })
  }

  it("adds aliases that the operator's patterns do not match", () => {
    const config = readConfig({}, { name: 'c', text: '{"aliases":{"a*":"own"}}' })
    const { aliases } = withCapabilities(config, create({}, { aliases: { ab: 'x', b: 'y' } }))
    assert.deepEqual([aliases.get('ab'), aliases.get('b')], [undefined, 'y'])
  })

  it('changes nothing without capabilities', () => {
    const config = readConfig({})
    assert.equal(withCapabilities(config, undefined), config)
  })
})
