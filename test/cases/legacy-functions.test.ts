import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BEARER } from '../oci-names.ts'
import { openTestGateway } from './gateway.ts'
import { postJson } from './post-json.ts'

const MODELS = [
  'xai.grok-4.3',
  'openai.gpt-5',
  'google.gemini-2.5-pro',
  'cohere.command-a-03-2025',
  'cohere.command-a-reasoning-08-2025',
  'xai.grok-4.20-multi-agent-0309',
]
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const FUNCTIONS = [
  { name: 'get_weather', description: 'The weather of a city', parameters: PARAMETERS },
  { name: 'get_time', parameters: PARAMETERS },
]
const MESSAGES = [{ role: 'user', content: 'What is the weather in Munich?' }]
const CALL = { name: 'get_weather', arguments: '{"city":"Munich"}' }

interface Message {
  content: string | null
  function_call?: { name?: string; arguments?: string }
  tool_calls?: unknown
}
interface Completion {
  choices: { message: Message; delta: Message; finish_reason: string | null }[]
}

describe("OpenAI's older functions", () => {
  for (const model of MODELS) {
    it(`R-E10 are called with function_call: ${model}`, async () => {
      const gateway = await openTestGateway()
      const request = {
        ...{ model, messages: MESSAGES, functions: FUNCTIONS },
        function_call: { name: 'get_weather' },
      }
      const { status, reply } = await postJson<Completion>(gateway, CHAT, request)
      assert.equal(status, 200, JSON.stringify(reply))
      const [choice] = reply.choices
      assert.equal(choice?.finish_reason, 'function_call')
      assert.equal(choice.message.function_call?.name, 'get_weather')
      assert.equal(typeof JSON.parse(choice.message.function_call.arguments ?? ''), 'object')
      assert.equal('tool_calls' in choice.message, false)
    })

    it(`R-E10 are called with function_call, streamed: ${model}`, async () => {
      const gateway = await openTestGateway()
      const body = { model, messages: MESSAGES, functions: FUNCTIONS, stream: true }
      const response = await gateway.fetch(CHAT, {
        method: 'POST',
        body: JSON.stringify({ ...body, function_call: { name: 'get_weather' } }),
      })
      const choices = chunksOf(await response.text()).flatMap(({ choices }) => choices)
      const calls = choices.flatMap(({ delta }) => delta.function_call ?? [])
      assert.equal(calls.map(({ name = '' }) => name).join(''), 'get_weather')
      const written = calls.map(({ arguments: piece = '' }) => piece).join('')
      assert.equal(typeof JSON.parse(written), 'object')
      assert.ok(choices.every(({ delta }) => !('tool_calls' in delta)))
      assert.equal(choices.at(-1)?.finish_reason, 'function_call')
    })

    it(`R-E10 have results in the history: ${model}`, async () => {
      const gateway = await openTestGateway()
      const { status, reply } = await postJson<Completion>(gateway, CHAT, {
        ...{ model, functions: FUNCTIONS, function_call: 'none' },
        messages: [
          ...MESSAGES,
          { role: 'assistant', content: null, function_call: CALL },
          { role: 'function', name: 'get_weather', content: 'sunny' },
        ],
      })
      assert.equal(status, 200, JSON.stringify(reply))
      assert.equal(reply.choices[0]?.finish_reason, 'stop')
    })
  }

  it('R-E10 are sent to OCI as tools, with the choice', async () => {
    const gateway = await openTestGateway()
    for (
      const [choice, sent] of [
        ['auto', { type: 'AUTO' }],
        ['none', { type: 'NONE' }],
        [{ name: 'get_time' }, { type: 'FUNCTION', name: 'get_time' }],
        [undefined, undefined],
      ]
    ) {
      const body = { model: 'xai.grok-4.3', messages: MESSAGES, functions: FUNCTIONS }
      const { sent: [call] } = await gateway.ask({ ...body, function_call: choice })
      assert.deepEqual(call?.['toolChoice'], sent)
      assert.deepEqual(namesOf(call?.['tools']), ['get_weather', 'get_time'])
    }
  })

  it('R-E10 are translated if the endpoint of OCI rejects them', async () => {
    const gateway = await openTestGateway({ env: BEARER })
    const { status, reply } = await postJson<Completion>(gateway, CHAT, {
      ...{ model: 'xai.grok-4.3', messages: MESSAGES, functions: FUNCTIONS, tools: [] },
      function_call: { name: 'get_weather' },
    })
    assert.equal(status, 200, JSON.stringify(reply))
    assert.equal(reply.choices[0]?.message.function_call?.name, 'get_weather')
  })

  const wrong: [request: object, param: string][] = [
    [{ functions: [{}] }, 'functions[0].name'],
    [{ functions: 'f' }, 'functions'],
    [{ functions: FUNCTIONS, function_call: { name: 'x' } }, 'function_call'],
    [{ functions: FUNCTIONS, function_call: {} }, 'function_call.name'],
  ]
  for (const [request, param] of wrong) {
    it(`R-E10 have errors that name ${param}`, async () => {
      const gateway = await openTestGateway()
      const body = { model: 'xai.grok-4.3', messages: MESSAGES, ...request }
      const { status, error } = await gateway.fail(body)
      assert.deepEqual([status, error.param], [400, param])
      assert.match(error.message, /function/)
      assert.doesNotMatch(error.message, /tool/)
    })
  }

  it('R-E10 cannot be combined with tools', async () => {
    const gateway = await openTestGateway()
    const tools = [{ type: 'function', function: { name: 'f' } }]
    const body = { model: 'xai.grok-4.3', messages: MESSAGES, functions: FUNCTIONS, tools }
    const { status, error } = await gateway.fail(body)
    assert.equal(status, 400)
    assert.match(error.message, /"functions" .* Send "tools"/)
  })
})

const CHAT = '/v1/chat/completions'

function namesOf(tools: unknown): unknown[] {
  return Array.isArray(tools) ? tools.map((tool: { name?: unknown }) => tool.name) : []
}

function chunksOf(stream: string): Completion[] {
  return stream.split('\n').filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)))
}
