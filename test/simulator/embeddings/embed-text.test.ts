import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { ENDPOINTS } from '../../../src/simulator/catalogue.ts'
import { checkFields } from '../../../src/simulator/check-fields.ts'
import { type Caller, COMPARTMENT, createCaller } from '../caller.ts'

type Case = [name: string, model: string, fields: object, expected: string]

const NEWEST = 'cohere.embed-v4.0'
const ENGLISH = 'cohere.embed-english-v3.0'
const SEEING = 'cohere.embed-english-image-v3.0'
const FORMAT = 'Please pass in correct format of request.'
const URI = 'data:image/png;base64,iVBORw0KGgo='
const IMAGE = { type: 'IMAGE', imageUrl: { url: URI } }
const TEXT = { type: 'TEXT', text: 'a red bicycle' }
const LONG = 'word '.repeat(513).trim()

const refused: Case[] = [
  ['requires an input', NEWEST, {}, FORMAT],
  ['rejects both lists', NEWEST, { inputs: ['a'], embedContents: [TEXT] }, FORMAT],
  ['rejects numbers', NEWEST, { inputs: [[1, 2]] }, FORMAT],
  ['rejects an unknown key', NEWEST, { inputs: ['a'], dimensions: 256 }, FORMAT],
  ['rejects types in upper case', NEWEST, { inputs: ['a'], embeddingTypes: ['FLOAT'] }, FORMAT],
  ['rejects an unknown input type', NEWEST, { inputs: ['a'], inputType: 'QUERY' }, FORMAT],
  ['rejects an unknown truncation', NEWEST, { inputs: ['a'], truncate: 'MIDDLE' }, FORMAT],
  ['rejects an empty list', NEWEST, { inputs: [] }, invalid('at least one text is required')],
  [
    'rejects 97 texts',
    NEWEST,
    { inputs: many(97) },
    invalid('total number of texts must be at most 96 - received 97'),
  ],
  [
    'rejects an empty text',
    ENGLISH,
    { inputs: ['a', ''] },
    invalid('input at index 1 must not be empty'),
  ],
  [
    'rejects too long a text',
    ENGLISH,
    { inputs: ['a', LONG] },
    'too many tokens: total number of tokens in the prompt cannot exceed 512 - received 513. Try ' +
    'using a shorter prompt, or truncating it.',
  ],
  [
    'rejects texts that are too long in total',
    NEWEST,
    { inputs: Array.from({ length: 2 }, () => 'word '.repeat(65_000).trim()) },
    'too many tokens: total number of tokens in the prompt cannot exceed 128000 - received ' +
    '130000. Try using a shorter prompt, or truncating it.',
  ],
  [
    'rejects dimensions of an older model',
    ENGLISH,
    { inputs: ['a'], outputDimensions: 512 },
    'outputDimensions is not supported with this model.',
  ],
  [
    'rejects unsupported dimensions',
    NEWEST,
    { inputs: ['a'], outputDimensions: 300 },
    invalid('outputDimensions must be one of 256, 512, 1024, 1536'),
  ],
  [
    'rejects contents of an older model',
    SEEING,
    { embedContents: [IMAGE] },
    'embedContents is not supported with this model.',
  ],
  [
    'rejects two images',
    NEWEST,
    { embedContents: [IMAGE, TEXT, IMAGE] },
    invalid('only one image is allowed'),
  ],
  [
    'rejects two images as inputs',
    SEEING,
    { inputs: [URI, URI], inputType: 'IMAGE' },
    invalid('only one image is allowed'),
  ],
  [
    'rejects an image for a model without image input',
    ENGLISH,
    { inputs: [URI], inputType: 'IMAGE' },
    'Images are not supported with this model.',
  ],
  [
    'rejects a image from the web',
    NEWEST,
    { inputs: ['https://example.com/a.png'], inputType: 'IMAGE' },
    invalid('image must be a base64 data URI'),
  ],
  [
    'does not find a model that chats',
    'cohere.command-a-03-2025',
    { inputs: ['a'] },
    'Entity with key cohere.command-a-03-2025 not found',
  ],
]

const lengths: [model: string, fields: object, length: number][] = [
  [NEWEST, {}, 1536],
  ...[256, 512, 1024, 1536].map((size): [string, object, number] => [
    NEWEST,
    { outputDimensions: size },
    size,
  ]),
  [ENGLISH, {}, 1024],
  ['cohere.embed-multilingual-v3.0', {}, 1024],
  ['cohere.embed-english-light-v3.0', {}, 384],
  ['cohere.embed-multilingual-light-image-v3.0', {}, 384],
]

describe('EMBED_TEXT', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, model, fields, expected] of refused) {
    it(name, async () => {
      const response = await embed(caller, model, fields)
      const status = expected.startsWith('Entity') ? 404 : 400
      assert.deepEqual([response.status, (await response.json()).message], [status, expected])
    })
  }

  for (const [model, fields, length] of lengths) {
    it(`returns ${length} dimensions for ${model} with ${JSON.stringify(fields)}`, async () => {
      const { embeddings } = await read(embed(caller, model, { inputs: ['a', 'b'], ...fields }))
      assert.deepEqual(embeddings.map((vector) => vector.length), [length, length])
      assert.ok(embeddings.every((vector) => Math.abs(dot(vector, vector) - 1) < 1e-6))
    })
  }

  it("answers in the SDK's format", async () => {
    const { id, embeddings, ...rest } = await read(embed(caller, NEWEST, { inputs: ['a b', 'c'] }))
    assert.deepEqual(rest, {
      modelId: NEWEST,
      modelVersion: '4.0',
      usage: { completionTokens: 0, promptTokens: 3, totalTokens: 3 },
    })
    assert.equal(checkFields('EmbedTextResult', { id, embeddings, ...rest }), undefined)
  })

  it('counts each input with older models and by directive', async () => {
    const inputs = ['a b', 'c']
    const old = await read(embed(caller, ENGLISH, { inputs }))
    assert.deepEqual([old.inputTextTokenCounts, old.usage], [[2, 1], undefined])
    const asked = await read(embed(caller, `${NEWEST}.sim-token-counts`, { inputs }))
    assert.deepEqual([asked.inputTextTokenCounts, asked.usage], [[2, 1], undefined])
    const silent = await read(embed(caller, `${NEWEST}.sim-no-usage`, { inputs }))
    assert.deepEqual([silent.inputTextTokenCounts, silent.usage], [undefined, undefined])
  })

  it('accepts 96 texts and keeps their order', async () => {
    const inputs = many(96)
    const { embeddings } = await read(embed(caller, ENGLISH, { inputs }))
    const lone = await read(embed(caller, ENGLISH, { inputs: inputs.slice(95) }))
    assert.deepEqual([embeddings.length, embeddings[95]], [96, lone.embeddings[0]])
  })

  it('truncates too long texts on request', async () => {
    const inputs = [`first ${LONG}`, `${LONG} last`, LONG.slice(0, 512 * 5 - 1)]
    const end = await read(embed(caller, ENGLISH, { inputs, truncate: 'END' }))
    const start = await read(embed(caller, ENGLISH, { inputs, truncate: 'START' }))
    assert.deepEqual(end.embeddings[1], end.embeddings[2])
    assert.notDeepEqual(end.embeddings[0], end.embeddings[2])
    assert.notDeepEqual(start.embeddings[1], start.embeddings[2])
    assert.deepEqual(end.inputTextTokenCounts, [512, 512, 512])
  })

  it('embeds images and texts', async () => {
    const embedContents = [TEXT, IMAGE]
    const mixed = await read(embed(caller, NEWEST, { embedContents, isEcho: true }))
    const lone = await read(embed(caller, SEEING, { inputs: [URI], inputType: 'IMAGE' }))
    assert.deepEqual([mixed.embeddings.length, mixed.embedContents], [2, embedContents])
    assert.deepEqual([lone.embeddings[0]?.length, lone.inputTextTokenCounts], [1024, [1610]])
  })

  it('echoes its inputs', async () => {
    assert.deepEqual((await read(embed(caller, NEWEST, { inputs: ['a'], isEcho: true }))).inputs, [
      'a',
    ])
  })

  it('returns exactly the requested types', async () => {
    const embeddingTypes = ['float', 'int8', 'uint8', 'binary', 'ubinary', 'base64']
    const fields = { inputs: ['a'], outputDimensions: 256, embeddingTypes }
    const { embeddings, embeddingsByType } = await read(embed(caller, NEWEST, fields))
    const [float, int8, uint8, binary, ubinary] = embeddingTypes.map((type) =>
      numbersOf(embeddingsByType?.[type]?.[0])
    )
    assert.deepEqual(embeddings, [])
    assert.deepEqual(
      [float, int8, uint8, binary, ubinary].map((vector) => vector?.length),
      [256, 256, 256, 32, 32],
    )
    assert.deepEqual(uint8, int8?.map((value) => value + 128))
    assert.deepEqual(ubinary, binary?.map((value) => value + 128))
    const signs = float?.slice(0, 8).map((value) => value > 0 ? '1' : '0').join('')
    assert.equal(ubinary?.[0]?.toString(2).padStart(8, '0'), signs)
    const bytes = Uint8Array.from(
      atob(String(embeddingsByType?.['base64']?.[0])),
      (character) => character.charCodeAt(0),
    )
    assert.deepEqual([...new Float32Array(bytes.buffer)], float?.map(Math.fround))
  })

  it('returns type names in upper case by directive', async () => {
    const fields = { inputs: ['a [[sim:upper-case]]'], embeddingTypes: ['float'] }
    const { embeddingsByType } = await read(embed(caller, NEWEST, fields))
    assert.deepEqual(Object.keys(embeddingsByType ?? {}), ['FLOAT'])
  })

  it('fails by directive in the text or in the name', async () => {
    const inText = await embed(caller, NEWEST, {
      inputs: ['a', '[[sim:status=429 retry-after=3]]'],
    })
    const inName = await embed(caller, `${NEWEST}.sim-status-503`, { inputs: ['a'] })
    assert.deepEqual([inText.status, inText.headers.get('retry-after')], [429, '3'])
    assert.equal(inName.status, 503)
  })

  it('answers only at an embedding endpoint', async () => {
    const endpoints = ['embed-dedicated', 'rerank-dedicated'].map((name) =>
      ENDPOINTS.find((endpoint) => endpoint.name === name)?.id
    )
    const statuses = await Promise.all(endpoints.map(async (endpointId) => {
      const servingMode = { servingType: 'DEDICATED', endpointId }
      return (await embed(caller, '', { servingMode, inputs: ['a'] })).status
    }))
    assert.deepEqual(statuses, [200, 404])
  })
})

interface Result {
  id: string
  inputs?: string[]
  embedContents?: object[]
  embeddings: number[][]
  embeddingsByType?: Record<string, unknown[]>
  modelId: string
  modelVersion: string
  usage?: object
  inputTextTokenCounts?: number[]
}

async function read(answer: Promise<Response>): Promise<Result> {
  const response = await answer
  assert.equal(response.status, 200)
  return await response.json()
}

function embed(caller: Caller, modelId: string, fields: object): Promise<Response> {
  const servingMode = { servingType: 'ON_DEMAND', modelId }
  const path = '/20231130/actions/embedText'
  return caller.send({ path, body: { compartmentId: COMPARTMENT, servingMode, ...fields } })
}

function many(length: number): string[] {
  return Array.from({ length }, (_, at) => `text ${at}`)
}

function invalid(problem: string): string {
  return `invalid request: ${problem}`
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0)
}

function numbersOf(vector: unknown): number[] {
  return Array.isArray(vector) ? vector.map(Number) : []
}
