import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { messagesClient } from './messages-api.ts'

const GPT = 'openai.gpt-4.1'
const HI = [{ role: 'user', content: 'Hi' }]
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } }
const gateway = await openTestGateway()

const formats: [where: string, format: object][] = [
  ['beside json_object', { type: 'json_object', schema: SCHEMA }],
  ['beside json_schema', { type: 'json_schema', schema: SCHEMA }],
  ['as response_schema', { type: 'json_object', response_schema: SCHEMA }],
  ['as json_schema itself', { type: 'json_schema', json_schema: SCHEMA }],
  ['in its usual place', { type: 'json_schema', json_schema: { name: 'a', schema: SCHEMA } }],
]

describe('the schema of a response format', () => {
  for (const [where, response_format] of formats) {
    it(`R-A9 is used ${where}`, async () => {
      const { sent: [body], warnings } = await gateway.ask({
        ...{ model: GPT, messages: HI, response_format },
      })
      const { type, jsonSchema } = Object(body).responseFormat
      assert.deepEqual([type, jsonSchema.schema.properties], ['JSON_SCHEMA', SCHEMA.properties])
      assert.deepEqual(warnings, [])
    })
  }

  it('R-A9 is required', async () => {
    const response_format = { type: 'json_schema' }
    const { status, error } = await gateway.fail({ model: GPT, messages: HI, response_format })
    assert.deepEqual([status, error.param], [400, 'response_format.json_schema'])
  })

  for (const member of ['output_format', 'output_config']) {
    it(`R-A9 is used in ${member} as OpenAI writes it`, async () => {
      const format = { type: 'json_schema', json_schema: { schema: SCHEMA } }
      const { sent: [body] } = await messagesClient(gateway).ask({
        ...{ model: GPT, messages: HI },
        [member]: member === 'output_format' ? format : { format },
      })
      assert.deepEqual(Object(body).responseFormat.jsonSchema.schema.properties, SCHEMA.properties)
    })
  }
})

describe('nested members that OCI lacks', () => {
  const image_url = { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'high' }
  const nested: [path: string, request: object][] = [
    ['tools[0].function.examples', {
      tools: [{ type: 'function', function: { name: 'f', examples: [1] } }],
    }],
    ['stream_options.mode', { stream_options: { mode: 'x' } }],
    ['web_search_options.filters', { web_search_options: { filters: {} } }],
    ['messages[0].content[0].image_url.detail', {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url }] }],
    }],
  ]
  for (const [path, request] of nested) {
    it(`R-A9 ${path} gets a warning`, async () => {
      // A web search of other models is relayed.
      const model = path.startsWith('web_search') ? 'meta.llama-3.3-70b-instruct' : GPT
      const { warnings } = await gateway.ask({ model, messages: HI, ...request })
      assert.deepEqual(warnings, [`${path}: not supported, left out`])
    })
  }
})

const levels: [request: object, sent: object, ...warnings: string[]][] = [
  [{ reasoning_effort: 'max' }, { reasoningEffort: 'HIGH' }, 'reasoning_effort: sent as high'],
  [{ reasoning_effort: 'xhigh' }, { reasoningEffort: 'HIGH' }, 'reasoning_effort: sent as high'],
  [{ reasoning_effort: 'minimal' }, { reasoningEffort: 'MINIMAL' }],
  [{ verbosity: 'minimal' }, { verbosity: 'LOW' }, 'verbosity: sent as low'],
  [{ verbosity: 'max' }, { verbosity: 'HIGH' }, 'verbosity: sent as high'],
]

describe('a level that OCI lacks', () => {
  for (const [request, expected, ...warnings] of levels) {
    it(`R-A7 ${JSON.stringify(request)} is sent as the nearest one`, async () => {
      const { sent: [body], ...exchange } = await gateway.ask({
        ...{ model: 'openai.gpt-5', messages: HI },
        ...request,
      })
      for (const [key, value] of Object.entries(expected)) assert.equal(body?.[key], value)
      assert.deepEqual(exchange.warnings, warnings)
    })
  }

  const ranges: [model: string, request: object, sent: object, ...warnings: string[]][] = [
    ['xai.grok-4.3', { temperature: 3 }, { temperature: 2 }, 'temperature: 3 sent as 2'],
    ['xai.grok-4.3', { temperature: -1 }, { temperature: 0 }, 'temperature: -1 sent as 0'],
    ['xai.grok-4.3', { temperature: 1.7 }, { temperature: 1.7 }],
    [
      'google.gemini-2.5-flash',
      { top_p: 1.2, presence_penalty: -3 },
      { topP: 1, presencePenalty: -2 },
      'top_p: 1.2 sent as 1',
      'presence_penalty: -3 sent as -2',
    ],
    [
      'cohere.command-a-03-2025',
      { temperature: 3 },
      { temperature: 1 },
      'temperature: 3 sent as 1',
    ],
    [
      'openai.gpt-5',
      { temperature: 3 },
      {},
      'temperature: not supported by openai.gpt-5, left out',
    ],
    [
      'meta.llama-3.3-70b-instruct',
      { frequency_penalty: 2.5 },
      { frequencyPenalty: 2 },
      'frequency_penalty: 2.5 sent as 2',
    ],
  ]
  for (const [model, request, expected, ...warnings] of ranges) {
    it(`R-A7 ${JSON.stringify(request)} of ${model} is sent as the nearest number`, async () => {
      const { sent: [body], ...exchange } = await gateway.ask({ model, messages: HI, ...request })
      for (const [key, value] of Object.entries(expected)) assert.equal(body?.[key], value)
      assert.deepEqual(exchange.warnings, warnings)
    })
  }

  const thinking: [request: object, effort: string | undefined, ...warnings: string[]][] = [
    [{ output_config: { effort: 'max' } }, 'HIGH', 'reasoning_effort: sent as high'],
    [{ thinking: { type: 'enabled', budget_tokens: 1_000_000 } }, 'HIGH'],
    [
      { thinking: { type: 'enabled', budget_tokens: 0 } },
      'LOW',
      'thinking.budget_tokens: sent as the effort low',
    ],
    [{ thinking: { type: 'enabled' } }, undefined],
  ]
  for (const [request, effort, ...warnings] of thinking) {
    it(`R-A7 ${JSON.stringify(request)} of Messages is sent as the nearest one`, async () => {
      const { sent: [body], ...exchange } = await messagesClient(gateway).ask({
        ...{ model: 'openai.gpt-5', messages: HI },
        ...request,
      })
      assert.equal(body?.['reasoningEffort'], effort)
      assert.deepEqual(exchange.warnings, warnings)
    })
  }
})
