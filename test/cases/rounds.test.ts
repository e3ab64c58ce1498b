import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { openTestGateway, type TestGateway } from './gateway.ts'

/** One model of each family with tools. */
const FAMILIES = [
  'meta.llama-3.3-70b-instruct',
  'meta.llama-4-maverick-17b-128e-instruct-fp8',
  'xai.grok-4',
  'xai.grok-3-mini',
  'openai.gpt-4.1',
  'openai.gpt-5',
  'openai.gpt-oss-120b',
  'google.gemini-2.5-pro',
  'google.gemini-2.5-flash',
  'cohere.command-r-plus-08-2024',
  'cohere.command-a-03-2025',
  'cohere.command-a-reasoning-08-2025',
]

/** Three rounds: two parallel calls, one call and none. */
const QUESTIONS = [
  'Use get_weather and get_time for Paris',
  'Use get_weather for Rome',
  'Thank you',
]

const RESULTS = new Map([['get_weather', '18 C'], ['get_time', '12:00']])
const TOOLS = [...RESULTS.keys()].map((name) => ({
  type: 'function',
  function: {
    name,
    description: `${name} of a city`,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}))

interface Call {
  id: string
  function: { name: string; arguments: string }
}
interface AssistantMessage {
  content?: string | null
  tool_calls?: Call[]
}

describe('a conversation with three rounds of tool calls', () => {
  let gateway: TestGateway
  before(async () => {
    gateway = await openTestGateway()
  })

  for (const model of FAMILIES) {
    for (const stream of [false, true]) {
      it(`has the expected calls and answers on ${model}, ${stream ? 'streamed' : 'not streamed'}`, async () => {
        const result = await converse(gateway, model, stream)
        assert.deepEqual(result.calls, [
          ['get_time', '{"city":"Paris"}'],
          ['get_weather', '{"city":"Paris"}'],
          ['get_weather', '{"city":"Rome"}'],
        ])
        assert.match(result.answers[0] ?? '', /18 C/)
        assert.match(result.answers[0] ?? '', /12:00/)
        assert.match(result.answers[1] ?? '', /18 C/)
        assert.match(result.answers[2] ?? '', /Thank you/)
        assert.equal(result.finishes.filter((reason) => reason === 'stop').length, 3)
      })
    }
  }
})

/** Runs the conversation and calls tools until the model makes no more calls. */
async function converse(gateway: TestGateway, model: string, stream: boolean) {
  const messages: object[] = []
  const calls: [name: string, args: string][] = []
  const answers: string[] = []
  const finishes: (string | null)[] = []
  for (const question of QUESTIONS) {
    messages.push({ role: 'user', content: question })
    for (let turn = 0; turn < 6; turn++) {
      const { message, finish } = await ask(gateway, { model, messages, tools: TOOLS }, stream)
      const toolCalls = message.tool_calls ?? []
      finishes.push(finish)
      messages.push({ role: 'assistant', content: message.content ?? null, tool_calls: toolCalls })
      for (const { id, function: { name, arguments: written } } of toolCalls) {
        calls.push([name, JSON.stringify(JSON.parse(written))])
        messages.push({ role: 'tool', tool_call_id: id, content: RESULTS.get(name) })
      }
      if (toolCalls.length === 0) {
        answers.push(message.content ?? '')
        break
      }
    }
  }
  return { calls: calls.sort(), answers, finishes }
}

async function ask(
  gateway: TestGateway,
  body: object,
  stream: boolean,
): Promise<{ message: AssistantMessage; finish: string | null }> {
  if (stream) {
    const { messages: [message], finishReasons: [finish] } = await gateway.stream(body)
    return { message: message ?? {}, finish: finish ?? null }
  }
  const { reply: { choices: [choice] } } = await gateway.ask(body)
  return { message: choice?.message ?? {}, finish: choice?.finish_reason ?? null }
}
