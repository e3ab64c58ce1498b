import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import type { CallContext } from '../../../src/oci/call.ts'
import type { OciContext, OciSetup } from '../../../src/oci/context.ts'
import { DEFAULT_TIMEOUTS } from '../../../src/oci/context.ts'
import { resolveModel } from '../../../src/oci/models/resolve.ts'
import { createQuirkCache } from '../../../src/oci/models/quirk-cache.ts'
import { createModelLookup } from '../../../src/oci/models/look-up.ts'
import { ocidKind } from '../../../src/oci/models/ocid.ts'
import { createRules } from '../context.ts'
import { createSignatureCache } from '../../../src/oci/models/thought-signatures.ts'

const ENDPOINT = 'ocid1.generativeaiendpoint.oc1.us-chicago-1.aaaaendpoint'
const MODEL = 'ocid1.generativeaimodel.oc1.us-chicago-1.aaaamodel'
const PROFILE = 'ocid1.generativeairoutingprofile.oc1.iad.aaaaprofile'
const COMPARTMENT = 'ocid1.compartment.oc1..aaaaendpoints'
const CALL: CallContext = { signal: new AbortController().signal, requestId: 'r1' }

/** The control plane's answers by path; other paths are not found. */
const CONTROL = new Map<string, object>([
  [`/20231130/endpoints/${ENDPOINT}`, { modelId: MODEL, compartmentId: COMPARTMENT }],
  [`/20231130/models/${MODEL}`, { displayName: 'meta.llama-3.3-70b-instruct', vendor: 'Meta' }],
])

/** Routing profiles by what the control plane answers, and the name that is found. */
const profiles: [state: string, answer: object, name: string | undefined][] = [
  ['one model', allowing('openai.GPT-oss-120b'), 'openai.gpt-oss-120b'],
  ['the OCID of a model', allowing(MODEL), 'meta.llama-3.3-70b-instruct'],
  ['several models', allowing('xai.grok-4.3', 'openai.gpt-oss-120b'), undefined],
  ['no model', allowing(), undefined],
  ['no policy', { modelRoutingPolicy: null }, undefined],
  ['an unknown shape', { modelRoutingPolicy: { allowedModels: 'xai.grok-4.3' } }, undefined],
]

describe('ocidKind()', () => {
  const cases: [text: string, kind: string | undefined][] = [
    [ENDPOINT, 'generativeaiendpoint'],
    [MODEL, 'generativeaimodel'],
    ['meta.llama-3.3-70b-instruct', undefined],
    ['ocid1.generativeaimodel.oc1.us-chicago-1.a/../b', undefined],
  ]
  for (const [text, kind] of cases) {
    it(`returns ${kind} for ${text}`, () => assert.equal(ocidKind(text), kind))
  }
})

describe('createModelLookup()', () => {
  it('finds the model behind an endpoint, and caches it', async () => {
    const { setup, requested } = world()
    const lookUp = createModelLookup(setup)
    const expected = {
      name: 'meta.llama-3.3-70b-instruct',
      vendor: 'meta',
      compartmentId: COMPARTMENT,
    }
    assert.deepEqual(await lookUp(ENDPOINT, CALL), expected)
    assert.deepEqual(await lookUp(ENDPOINT, CALL), expected)
    assert.deepEqual(requested, [`/20231130/endpoints/${ENDPOINT}`, `/20231130/models/${MODEL}`])
  })

  it('finds a model by its own OCID', async () => {
    const { name, compartmentId } = await createModelLookup(world().setup)(MODEL, CALL)
    assert.equal(name, 'meta.llama-3.3-70b-instruct')
    assert.equal(compartmentId, undefined)
  })

  for (const [state, answer, name] of profiles) {
    it(`finds ${name} for a routing profile with ${state}`, async () => {
      const { setup, requested } = world(
        new Map([[`/20231130/routingProfiles/${PROFILE}`, answer]]),
      )
      const found = await createModelLookup(setup)(PROFILE, CALL)
      assert.deepEqual([found.name, found.compartmentId], [name, undefined])
      assert.equal(requested[0], `/20231130/routingProfiles/${PROFILE}`)
    })
  }

  it('reads a routing profile again after five minutes, since its model may change', async () => {
    const { setup, requested, clock } = world(
      new Map([[`/20231130/routingProfiles/${PROFILE}`, allowing('xai.grok-4.3')]]),
    )
    const lookUp = createModelLookup(setup)
    for (const minutes of [0, 4.9, 5]) {
      clock.now = minutes * 60_000
      assert.equal((await lookUp(PROFILE, CALL)).name, 'xai.grok-4.3')
    }
    assert.equal(requested.length, 2)
  })

  it('asks the control plane of the region that an OCID names', async () => {
    const { setup, hosts } = world()
    const controlOf = (ocid: string) => new URL(`https://${ocid.split('.')[3]}.test`)
    await createModelLookup({ ...setup, controlOf })(ENDPOINT, CALL)
    assert.deepEqual(hosts, ['us-chicago-1.test', 'us-chicago-1.test'])
  })

  it('looks up an unknown OCID again after a minute', async () => {
    const { setup, requested, clock } = world()
    const lookUp = createModelLookup(setup)
    const unknown = `${ENDPOINT}x`
    for (const minutes of [0, 0.5, 1.5]) {
      clock.now = minutes * 60_000
      assert.equal((await lookUp(unknown, CALL)).name, undefined)
    }
    assert.equal(requested.length, 2)
  })

  it('F3: caches the latest thousand, and evicts one at a time', async () => {
    const { setup, requested } = world()
    const lookUp = createModelLookup(setup)
    for (let count = 0; count < 1_001; count++) await lookUp(`${MODEL}x${count}`, CALL)
    const before = requested.length
    for (const count of [1, 500, 1_000]) await lookUp(`${MODEL}x${count}`, CALL)
    assert.equal(requested.length, before)
    await lookUp(`${MODEL}x0`, CALL)
    assert.equal(requested.length, before + 1)
  })

  it('F3: rejects an OCID of more than 255 characters', () => {
    assert.equal(ocidKind(MODEL.padEnd(255, 'a')), 'generativeaimodel')
    assert.equal(ocidKind(MODEL.padEnd(256, 'a')), undefined)
  })
})

describe('resolveModel()', () => {
  it('resolves an endpoint to its model and compartment, without the on-demand cap', async () => {
    const { model, profile, compartmentId } = await resolveModel(ENDPOINT, context(), CALL)
    assert.equal(model, ENDPOINT)
    assert.equal(profile.vendor, 'meta')
    assert.deepEqual(profile.inputs, ['text'])
    assert.equal(profile.maxOutputTokens, undefined)
    assert.equal(compartmentId, COMPARTMENT)
  })

  it('uses the limits of dedicated clusters for an endpoint', async () => {
    const found = { name: 'cohere.command-a-reasoning-08-2025', vendor: 'cohere' }
    const lookUpModel = () => Promise.resolve({ ...found, compartmentId: undefined })
    const { profile } = await resolveModel(ENDPOINT, { ...context(), lookUpModel }, CALL)
    assert.deepEqual([profile.maxOutputTokens, profile.defaultOutputTokens], [32_000, 4_000])
  })

  it('looks up no endpoint whose format is configured', async () => {
    const { models, ...rest } = context()
    const configured = new Map([...models, [ENDPOINT, { format: 'COHERE', vendor: 'cohere' }]])
    const oci = { ...rest, models: configured } as OciContext
    const { profile } = await resolveModel(ENDPOINT, oci, CALL)
    assert.equal(profile.format, 'COHERE')
  })

  it('looks up no name', async () => {
    const { model, profile, compartmentId } = await resolveModel('oci/xai.grok-4', context(), CALL)
    assert.equal(model, 'xai.grok-4')
    assert.equal(profile.vendor, 'xai')
    assert.equal(compartmentId, 'ocid1.compartment.oc1..aaaahome')
  })
})

function context(): OciContext {
  const { setup } = world()
  return {
    ...setup,
    lookUpModel: createModelLookup(setup),
    signatures: createSignatureCache(),
  }
}

function allowing(...allowedModels: string[]): object {
  return { modelRoutingPolicy: { allowedModels } }
}

function world(more: ReadonlyMap<string, object> = new Map()) {
  const requested: string[] = []
  const hosts: string[] = []
  const clock = { now: 0 }
  const setup: OciSetup = {
    send({ url }) {
      requested.push(url.pathname)
      hosts.push(url.hostname)
      const found = CONTROL.get(url.pathname) ?? more.get(url.pathname)
      if (found) return Promise.resolve(Response.json(found))
      return Promise.reject(new ApiError('model_not_found', 'Cannot find it'))
    },
    platform: {
      fetch: () => Promise.reject(new Error('no network')),
      now: () => clock.now,
      randomId: () => 'id',
      log: () => {},
    },
    ...createRules(() => clock.now),
    control: new URL('https://control.test'),
    compartmentId: 'ocid1.compartment.oc1..aaaahome',
    aliases: new Map(),
    models: new Map(),
    quirks: createQuirkCache(() => 0),
    timeouts: DEFAULT_TIMEOUTS,
  }
  return { setup, requested, hosts, clock }
}
