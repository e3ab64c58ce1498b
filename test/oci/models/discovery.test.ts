import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AbortState } from '../../../src/abort.ts'
import { ApiError } from '../../../src/errors.ts'
import type { OciContext } from '../../../src/oci/context.ts'
import {
  createModelLister,
  type ListedModel,
  type ModelList,
} from '../../../src/oci/models/list.ts'
import { createCall, createContext } from '../context.ts'
import { NOW } from '../platform.ts'

const CHICAGO = 'us-chicago-1'
const FRANKFURT = 'eu-frankfurt-1'
const PAST = new Date(NOW - 86_400_000).toISOString()
const FUTURE = new Date(NOW + 86_400_000).toISOString()
const seconds = (date: string) => Math.floor(Date.parse(date) / 1000)

const CHAT = { capabilities: ['CHAT'] }
const listedAs = (displayName: string, more: object = {}) => ({ ...CHAT, displayName, ...more })

/** A model of discovery. */
function discovered(modelId: string, places: Record<string, object>, more: object = {}): object {
  const availability = Object.entries(places).map(([region, place]) => ({ region, ...place }))
  return { ...CHAT, modelId, vendor: 'acme', availability, ...more }
}

const ON_DEMAND = { servingModes: ['ON_DEMAND', 'DEDICATED'] }

type Row = [name: string, lists: Lists, expected: Partial<ListedModel>[]]
interface Lists {
  discovery?: readonly object[]
  [CHICAGO]?: readonly object[]
  [FRANKFURT]?: readonly object[]
}

const rows: Row[] = [
  [
    'merges the lists of regions',
    {
      [CHICAGO]: [listedAs('a.both', { timeCreated: '2026-01-01T00:00:00Z' }), listedAs('a.one')],
      [FRANKFURT]: [listedAs('a.both')],
    },
    [
      { id: 'a.both', regions: [CHICAGO, FRANKFURT], created: 1_767_225_600 },
      { id: 'a.one', regions: [CHICAGO] },
    ],
  ],
  [
    'is retired where all regions have retired it',
    {
      [CHICAGO]: [
        listedAs('a.here', { timeOnDemandRetired: PAST }),
        listedAs('a.all', { timeOnDemandRetired: PAST }),
      ],
      [FRANKFURT]: [listedAs('a.here'), listedAs('a.all', { timeOnDemandRetired: PAST })],
    },
    [
      { id: 'a.here', retired: false, onDemandUntil: undefined },
      { id: 'a.all', retired: true, deprecated: true, onDemandUntil: seconds(PAST) },
    ],
  ],
  [
    'has what discovery states',
    {
      [CHICAGO]: [listedAs('xai.new', { timeCreated: '2026-01-01T00:00:00Z' })],
      discovery: [
        discovered('xai.new', {
          [CHICAGO]: {
            ...{ ...ON_DEMAND, timeDeprecated: PAST, timeOnDemandRetired: FUTURE },
            ...{ timeDedicatedRetired: FUTURE, supportedReplacements: ['xai.newer'] },
          },
        }),
      ],
    },
    [{
      ...{ id: 'xai.new', created: 1_767_225_600, deprecated: true, retired: false },
      ...{ deprecatedAt: seconds(PAST), onDemandUntil: seconds(FUTURE) },
      ...{ dedicatedUntil: seconds(FUTURE), serving: ['on_demand', 'dedicated'] },
      replacements: ['xai.newer'],
    }],
  ],
  [
    'lists what only discovery has, in its regions',
    {
      [CHICAGO]: [listedAs('a.one')],
      discovery: [discovered('a.two', { [FRANKFURT]: ON_DEMAND, 'us-phoenix-1': ON_DEMAND })],
    },
    [{ id: 'a.one', regions: [CHICAGO] }, { id: 'a.two', regions: [FRANKFURT] }],
  ],
  [
    'omits models without a task, a name or a configured region',
    {
      [CHICAGO]: [],
      discovery: [
        discovered('a.base', { [CHICAGO]: ON_DEMAND }, { capabilities: ['FINE_TUNE'] }),
        discovered('ocid1.generativeaimodel.oc1.x.y', { [CHICAGO]: ON_DEMAND }),
        discovered('a.away', { 'us-phoenix-1': ON_DEMAND }),
        { ...CHAT, modelId: null, availability: null },
      ],
    },
    [],
  ],
]

const capabilities: [name: string, more: object, inputs: string[], output: number | undefined][] = [
  ['no statement', {}, ['text', 'image'], undefined],
  ['modalities', { modalitySupport: [{ input: 'TEXT' }, { input: 'AUDIO' }] }, [
    'text',
    'audio',
  ], undefined],
  ['joined modalities', { modalitySupport: [{ input: 'IMAGE_TEXT' }] }, [
    'text',
    'image',
  ], undefined],
  ['an unknown modality', { modalitySupport: [{ input: 'SMELL' }] }, ['text', 'image'], undefined],
  ...['max_tokens', 'maxTokens', 'max_completion_tokens', 'maxOutputTokens'].map((name) =>
    [`the parameter ${name}`, { parameters: [{ name, maximum: '8000' }] }, [
      'text',
      'image',
    ], 8_000] satisfies [string, object, string[], number]
  ),
  ['a parameter without a maximum', { parameters: [{ name: 'max_tokens' }] }, [
    'text',
    'image',
  ], undefined],
  ['another parameter', { parameters: [{ name: 'max_tokens_x', maximum: 1 }] }, [
    'text',
    'image',
  ], undefined],
]

describe('model discovery', () => {
  for (const [name, lists, expected] of rows) {
    it(name, async () => {
      const { models } = await setUp(lists).list()
      assert.deepEqual(models.map(({ id }) => id), expected.map(({ id }) => id))
      for (const [at, part] of expected.entries()) {
        const model = models[at] ?? {}
        for (const [key, value] of Object.entries(part)) {
          assert.deepEqual(Object.entries(model).find(([own]) => own === key)?.[1], value, key)
        }
      }
    })
  }

  for (const [name, more, inputs, output] of capabilities) {
    it(`reads the capabilities of a model with ${name}`, async () => {
      const discovery = [discovered('xai.x', { [CHICAGO]: ON_DEMAND }, more)]
      const { models: [model] } = await setUp({ [CHICAGO]: [], discovery }).list()
      assert.deepEqual(model?.profile.inputs, inputs)
      assert.equal(model?.profile.maxOutputTokens, output)
    })
  }

  it("prefers the operator's overrides", async () => {
    const more = {
      modalitySupport: [{ input: 'AUDIO' }],
      parameters: [{ name: 'maxTokens', maximum: 9 }],
    }
    const discovery = [discovered('xai.x', { [CHICAGO]: ON_DEMAND }, more)]
    const models = new Map([['xai.*', { maxOutputTokens: 500 }]])
    const { models: [model] } = await setUp({ [CHICAGO]: [], discovery }, { models }).list()
    assert.deepEqual([model?.profile.inputs, model?.profile.maxOutputTokens], [['audio'], 500])
  })

  it('lists an alias of a dedicated endpoint although its model is retired on demand', async () => {
    const [endpoint, profile] = ['generativeaiendpoint', 'generativeairoutingprofile']
      .map((kind) => `ocid1.${kind}.oc1.us-chicago-1.aaaa`)
    const aliases = new Map([['own', endpoint ?? ''], ['routed', profile ?? '']])
    const lookUpModel = () =>
      Promise.resolve({ name: 'meta.old', vendor: 'meta', compartmentId: undefined })
    const { models: [own, routed] } = await setUp(
      { [CHICAGO]: [listedAs('meta.old', { timeOnDemandRetired: PAST })], [FRANKFURT]: [] },
      { aliases, lookUpModel },
    ).list()
    assert.deepEqual([own?.retired, own?.serving, own?.name], [false, ['dedicated'], 'meta.old'])
    assert.deepEqual([routed?.retired, routed?.deprecated], [true, true])
  })

  it('asks once for all regions, with their names', async () => {
    const { list, urls } = setUp({ [CHICAGO]: [], [FRANKFURT]: [], discovery: [] })
    await list()
    const asked = urls.filter(({ pathname }) => pathname === '/20231130/modelDiscovery')
    assert.deepEqual(asked.map(({ host }) => host), ['control.example.com'])
    assert.deepEqual(asked[0]?.searchParams.getAll('region'), [CHICAGO, FRANKFURT])
  })

  it('warns of a region whose list cannot be read, unless discovery has its models', async () => {
    const one = await setUp({ [FRANKFURT]: [listedAs('a.one')] }).list()
    assert.deepEqual(one.warnings, [
      'models: the list of us-chicago-1 could not be read (model_not_found)',
    ])
    const two = await setUp({
      [FRANKFURT]: [],
      discovery: [discovered('a.one', { [CHICAGO]: ON_DEMAND })],
    }).list()
    assert.deepEqual([two.warnings, two.models.length], [[], 1])
  })

  it('uses the built-in list when nothing answers', async () => {
    const { warnings, failure, models } = await setUp({}).list()
    assert.match(warnings.join(), /^models: built-in list/)
    assert.equal(failure, 'model_not_found')
    assert.ok(models.length > 10)
  })

  it('does without discovery that does not answer, and ends its call', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let discovery: AbortState | undefined
    let list: ModelList
    const control = new URL('https://control.example.com')
    const lister = createModelLister(createContext({
      controls: [{ region: CHICAGO, control }],
      send: ({ url }, signal) => {
        if (!url.pathname.endsWith('/modelDiscovery')) {
          return Promise.resolve(Response.json({ items: [listedAs('a.one')] }))
        }
        discovery = signal
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        })
      },
    }))
    try {
      const listing = lister(createCall())
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(discovery?.aborted, false)
      t.mock.timers.tick(10_000)
      list = await listing
    } finally {
      // Deno does not restore the timers of the process at the end of a test.
      t.mock.timers.reset()
    }
    assert.deepEqual(list.models.map(({ id }) => id), ['a.one'])
    assert.equal(discovery?.aborted, true)
  })

  for (const body of ['{}', '{"items":[{"modelId":5}]}', 'x']) {
    it(`ignores discovery that answers ${body}`, async () => {
      const { models, warnings } = await setUp(
        { [CHICAGO]: [listedAs('a.one')], [FRANKFURT]: [] },
        {},
        body,
      ).list()
      assert.deepEqual([models.map(({ id }) => id), warnings], [['a.one'], []])
    })
  }
})

/** A lister of two regions. What is absent answers 404. */
function setUp(lists: Lists, part: Partial<OciContext> = {}, rawDiscovery?: string) {
  const urls: URL[] = []
  const controls = [CHICAGO, FRANKFURT].map((region) => ({
    region,
    control: new URL(`https://${region}.example.com`),
  }))
  const send: OciContext['send'] = ({ url }) => {
    urls.push(url)
    const isDiscovery = url.pathname.endsWith('/modelDiscovery')
    if (isDiscovery && rawDiscovery !== undefined) {
      return Promise.resolve(new Response(rawDiscovery))
    }
    const region = url.hostname.split('.')[0]
    const items = isDiscovery
      ? lists.discovery
      : region === CHICAGO
      ? lists[CHICAGO]
      : lists[FRANKFURT]
    return items
      ? Promise.resolve(Response.json({ items }))
      : Promise.reject(new ApiError('model_not_found', 'x'))
  }
  const lister = createModelLister(createContext({ send, controls, ...part }))
  return { list: () => lister(createCall()), urls }
}
