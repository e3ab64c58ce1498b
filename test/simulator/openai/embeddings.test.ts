import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { createOpenAiCaller, type OpenAiCaller } from './endpoint.ts'

const PATH = '/embeddings'
const MODEL = 'openai.text-embedding-3-small'
const INVALID = "400 '$.input' is invalid. Please check the API reference."

const verdicts: [name: string, body: object, verdict: string][] = [
  ['accepts a text', { input: 'one' }, '200'],
  ['accepts texts', { input: ['one', 'two'] }, '200'],
  ['accepts tokens', { input: [1, 2] }, '200'],
  ['accepts lists of tokens', { input: [[1, 2], [3]] }, '200'],
  ['accepts as many texts as OpenAI', { input: Array(2_048).fill('a'), dimensions: 1 }, '200'],
  [
    'rejects one text more',
    { input: Array(2_049).fill('a') },
    "400 '$.input' is too long: 2049 inputs, at most 2048.",
  ],
  ['rejects an empty list', { input: [] }, INVALID],
  ['rejects an empty text', { input: ['one', ''] }, INVALID],
  ['requires the input', {}, "400 Missing required parameter: 'input'."],
  [
    'rejects another type',
    { input: [true] },
    "400 Invalid type for 'input[0]': expected a string, but got a boolean instead.",
  ],
  [
    "rejects Cohere's encoding formats",
    { input: 'one', encoding_format: 'int8' },
    "400 Invalid value: 'int8'. Supported values are: 'float', 'base64'.",
  ],
  [
    'rejects too many dimensions',
    { input: 'one', dimensions: 1_537 },
    "400 Invalid value for 'dimensions': 1537.",
  ],
  [
    'rejects too long a text',
    { input: 'a '.repeat(8_193) },
    "400 This model's maximum context length is 8192 tokens, however you requested 8193 tokens.",
  ],
  [
    'does not offer Cohere',
    { model: 'cohere.embed-v4.0', input: 'one' },
    '400 Unsupported OpenAI operation',
  ],
  [
    'rejects a chat model',
    { model: 'xai.grok-3', input: 'one' },
    '404 The model `xai.grok-3` does not exist or you do not have access to it.',
  ],
]

describe('POST /openai/v1/embeddings', () => {
  let caller: OpenAiCaller
  before(async () => {
    caller = await createOpenAiCaller()
  })

  for (const [name, body, verdict] of verdicts) {
    it(name, async () => {
      assert.equal(await caller.verdict(PATH, { model: MODEL, ...body }), verdict)
    })
  }

  it('keeps the order of the inputs', async () => {
    const body = { model: MODEL, input: ['one', 'two words'], dimensions: 2 }
    const { data, ...rest } = await (await caller.post(PATH, body)).json()
    const usage = { prompt_tokens: 3, total_tokens: 3 }
    assert.deepEqual(rest, { object: 'list', model: MODEL, usage })
    const shapes = data.map((
      { object, index, embedding }: { object: string; index: number; embedding: number[] },
    ) => [object, index, embedding.length])
    assert.deepEqual(shapes, [['embedding', 0, 2], ['embedding', 1, 2]])
  })
})
