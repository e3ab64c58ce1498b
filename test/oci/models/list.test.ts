import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { CATALOGUE } from '../../../src/oci/models/catalogue.ts'
import type { OciContext } from '../../../src/oci/context.ts'
import { createModelLister, type ListedModel } from '../../../src/oci/models/list.ts'
import { modelProfile } from '../../../src/oci/models/profiles.ts'
import type { OutgoingCall } from '../../../src/oci/http/send.ts'
import { createCall, createContext } from '../context.ts'
import { createPlatform, NOW } from '../platform.ts'

const CHAT = { capabilities: ['CHAT'], lifecycleState: 'ACTIVE' }
const CREATED = { timeCreated: '2025-06-07T02:19:45.123Z' }

const items: [name: string, items: object[], listed: Partial<ListedModel>[]][] = [
  ['returns name, date and task', [{ ...CHAT, ...CREATED, displayName: 'xai.grok-4' }], [
    { id: 'xai.grok-4', created: 1_749_262_785 },
  ]],
  ['V17 includes embedding and rerank models', [
    { displayName: 'cohere.embed-v4.0', capabilities: ['TEXT_EMBEDDINGS'] },
    { displayName: 'cohere.rerank-v4.0', capabilities: ['TEXT_RERANK'] },
  ], [
    { id: 'cohere.embed-v4.0', tasks: ['embeddings'] },
    { id: 'cohere.rerank-v4.0', tasks: ['rerank'] },
  ]],
  ['V15 marks retired models', [
    { ...CHAT, displayName: 'a.past', timeOnDemandRetired: '2026-11-22T12:00:00Z' },
    { ...CHAT, displayName: 'a.future', timeOnDemandRetired: '2026-11-22T12:00:01Z' },
    { ...CHAT, displayName: 'a.never', timeOnDemandRetired: null },
  ], [
    { id: 'a.past', retired: true, onDemandUntil: 1_795_348_800 },
    { id: 'a.future', onDemandUntil: 1_795_348_801 },
    { id: 'a.never' },
  ]],
  ['V15 lists a name once', [
    { ...CHAT, displayName: 'a.one' },
    { ...CHAT, displayName: 'a.one', capabilities: ['CHAT', 'FINE_TUNE'] },
  ], [{ id: 'a.one' }]],
  ['omits models without a name or task, and inactive ones', [
    { ...CHAT },
    { ...CHAT, displayName: 'a.base', capabilities: ['FINE_TUNE'] },
    { ...CHAT, displayName: 'a.mute', capabilities: null },
    { ...CHAT, displayName: 'a.gone', lifecycleState: 'DELETED' },
  ], []],
  ['reads an invalid date as none', [
    { ...CHAT, displayName: 'a.one', timeCreated: 'soon', timeOnDemandRetired: 'later' },
  ], [{ id: 'a.one', created: 0 }]],
]

describe('createModelLister()', () => {
  for (const [name, page, listed] of items) {
    it(name, async () => {
      const { list } = setUp(() => Response.json({ items: page }))
      assert.deepEqual(await list(), { models: listed.map(model), warnings: [] })
    })
  }

  it('reads and caches the list of each compartment', async () => {
    const names = new Map([[undefined, 'a.shared'], ['ocid1.compartment.team', 'a.team']])
    const { list, calls } = setUp((number) =>
      Response.json({ items: [{ ...CHAT, displayName: number === 1 ? 'a.shared' : 'a.team' }] })
    )
    for (const compartment of [...names.keys(), ...names.keys()]) {
      const { models } = await list(compartment)
      assert.deepEqual(models.map(({ id }) => id), [names.get(compartment)])
    }
    const asked = calls.map(({ url }) => url.searchParams.get('compartmentId'))
    assert.deepEqual(asked.length, 2)
    assert.equal(asked[1], 'ocid1.compartment.team')
    assert.notEqual(asked[0], asked[1])
  })

  it("V13 reads all pages, each by OCI's page token", async () => {
    const { list, calls } = setUp((number) =>
      Response.json(
        { items: [{ ...CHAT, displayName: `a.${number}` }] },
        { headers: number < 3 ? { 'opc-next-page': `p/${number}` } : {} },
      )
    )
    const { models } = await list()
    assert.deepEqual(models.map(({ id }) => id), ['a.1', 'a.2', 'a.3'])
    const base = 'https://control.example.com/20231130/models' +
      '?compartmentId=ocid1.compartment.oc1..aaaa&limit=100'
    assert.deepEqual(calls.map(({ method, url }) => `${method} ${url.href}`), [
      `GET ${base}`,
      `GET ${base}&page=p%2F1`,
      `GET ${base}&page=p%2F2`,
    ])
  })

  it('V13 limits the number of pages', async () => {
    const headers = { 'opc-next-page': 'again' }
    const { list, calls } = setUp(() => Response.json({ items: [] }, { headers }))
    await list()
    assert.equal(calls.length, 50)
  })

  it("lists the operator's aliases first, without patterns", async () => {
    const aliases = new Map([
      ['gpt', 'a.one'],
      ['gpt-*', 'a.one'],
      ['a.two', 'a.one'],
      ['other', 'cohere.embed-v4.0'],
    ])
    const page = [
      { ...CHAT, ...CREATED, displayName: 'a.one' },
      { ...CHAT, displayName: 'a.two' },
    ]
    const { list } = setUp(() => Response.json({ items: page }), { aliases })
    const one = model({ id: 'a.one', created: 1_749_262_785 })
    const embed = model({ id: 'cohere.embed-v4.0', tasks: ['embeddings'] })
    assert.deepEqual((await list()).models, [
      { ...one, id: 'gpt', aliasOf: 'a.one' },
      { ...one, id: 'a.two', aliasOf: 'a.one' },
      { ...embed, id: 'other', aliasOf: 'cohere.embed-v4.0' },
      one,
    ])
  })

  it('caches a list for ten minutes', async () => {
    let now = NOW
    const platform = createPlatform({ now: () => now })
    const { list, calls } = setUp(() => Response.json({ items: [] }), { platform })
    await list()
    now += 10 * 60_000 - 1
    await list()
    assert.equal(calls.length, 1)
    now += 1
    await list()
    assert.equal(calls.length, 2)
  })

  it("V16 returns a built-in list if OCI's fails, and tries again after a minute", async () => {
    let now = NOW
    const platform = createPlatform({ now: () => now })
    const refusal = new ApiError('model_not_found', 'x')
    const { list, calls } = setUp(() => Promise.reject(refusal), { platform })
    assert.deepEqual(await list(), {
      models: CATALOGUE.map((id) => model({ id, tasks: [taskOf(id)] })),
      warnings: ["models: built-in list, because OCI's list could not be read (model_not_found)"],
      failure: 'model_not_found',
    })
    now += 60_000 - 1
    await list()
    assert.equal(calls.length, 1)
    now += 1
    await list()
    assert.equal(calls.length, 2)
  })

  for (const body of ['{}', '[]', '{"items":[1]}', '<html>']) {
    it(`V16 returns the built-in list for the answer ${body}`, async () => {
      const { list } = setUp(() => new Response(body))
      assert.deepEqual((await list()).warnings, [
        "models: built-in list, because OCI's list could not be read (upstream_invalid_response)",
      ])
    })
  }

  it('caches nothing when the client disconnects', async () => {
    const left = new ApiError('client_closed', 'x')
    const { list, calls } = setUp(() => Promise.reject(left))
    await assert.rejects(list(), left)
    await assert.rejects(list(), left)
    assert.equal(calls.length, 2)
  })
})

type Answer = (number: number) => Response | Promise<Response>

/** Creates a lister for which `answer` replaces OCI. */
function setUp(answer: Answer, part: Partial<OciContext> = {}) {
  const calls: OutgoingCall[] = []
  const send: OciContext['send'] = async (call) => {
    calls.push(call)
    return await answer(calls.length)
  }
  const lister = createModelLister(createContext({ send, ...part }))
  const list = (compartmentId?: string) => lister({ ...createCall(), compartmentId })
  return { list, calls }
}

function model(part: Partial<ListedModel>): ListedModel {
  return {
    id: '',
    created: 0,
    profile: modelProfile(part.id ?? ''),
    tasks: ['chat'],
    ...{ retired: false, deprecated: part.retired === true, aliasOf: undefined },
    ...{ onDemandUntil: undefined, deprecatedAt: undefined, dedicatedUntil: undefined },
    ...{ serving: [], replacements: [], regions: [] },
    ...part,
  }
}

function taskOf(id: string): ListedModel['tasks'][number] {
  if (id.includes('embed')) return 'embeddings'
  return id.includes('rerank') ? 'rerank' : 'chat'
}
