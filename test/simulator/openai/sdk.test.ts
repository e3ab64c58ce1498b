import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import OpenAI from 'openai'
import { createOpenAiCaller, KEY, type OpenAiCaller, WEATHER } from './endpoint.ts'

const MODEL = 'openai.gpt-oss-120b'
const { function: WEATHER_FUNCTION } = WEATHER
const FLAT_TOOL = { type: 'function', strict: false, ...WEATHER_FUNCTION } as const

/** OpenAI's own client has to work with the OpenAI endpoint. */
describe('the openai package', () => {
  let caller: OpenAiCaller
  let client: OpenAI
  before(async () => {
    caller = await createOpenAiCaller()
    client = new OpenAI({
      apiKey: KEY,
      baseURL: 'https://inference.generativeai.us-chicago-1.oci.oraclecloud.com/openai/v1',
      maxRetries: 0,
      fetch: async (url, init) => await caller.fetch(new Request(url, init)),
    })
  })

  it('chats with and without streaming', async () => {
    const body = { model: MODEL, messages: [{ role: 'user', content: 'Hello' }] } as const
    const { choices } = await client.chat.completions.create({
      ...body,
      messages: [...body.messages],
    })
    const stream = client.chat.completions.stream({ ...body, messages: [...body.messages] })
    const streamed = await stream.finalChatCompletion()
    assert.match(choices[0]?.message.content ?? '', /You said: Hello$/)
    assert.equal(streamed.choices[0]?.message.content, choices[0]?.message.content)
  })

  it('runs tools by chat completions', async () => {
    const cities: string[] = []
    const runner = client.chat.completions.runTools({
      model: MODEL,
      messages: [{ role: 'user', content: 'Call get_weather for "Rome"' }],
      tools: [{
        type: 'function',
        function: {
          ...WEATHER_FUNCTION,
          parse: JSON.parse,
          function({ city }: { city: string }) {
            cities.push(city)
            return 'sunny'
          },
        },
      }],
    })
    assert.match(await runner.finalContent() ?? '', /The tools answered: sunny$/)
    assert.deepEqual(cities, ['Rome'])
  })

  it('responds with and without streaming', async () => {
    const whole = await client.responses.create({ model: MODEL, input: 'Hello' })
    const streamed = await client.responses.stream({ model: MODEL, input: 'Hello' }).finalResponse()
    assert.match(whole.output_text, /You said: Hello$/)
    assert.equal(streamed.output_text, whole.output_text)
    assert.deepEqual(streamed.usage, whole.usage)
  })

  it('runs a tool by Responses and continues a stored response', async () => {
    const first = await client.responses.stream({
      model: MODEL,
      input: 'Call get_weather for "Rome"',
      tools: [FLAT_TOOL],
    }).finalResponse()
    const call = first.output.find((item) => item.type === 'function_call')
    assert.equal(call?.arguments, '{"city":"Rome"}')
    const second = await client.responses.create({
      model: MODEL,
      previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: call?.call_id ?? '', output: 'sunny' }],
      tools: [FLAT_TOOL],
    })
    assert.match(second.output_text, /The tools answered: sunny$/)
    assert.equal((await client.responses.retrieve(first.id)).id, first.id)
    await client.responses.delete(first.id)
    await assert.rejects(client.responses.retrieve(first.id), OpenAI.NotFoundError)
  })

  it('embeds, and decodes what it asked for in base64', async () => {
    const model = 'openai.text-embedding-3-small'
    const { data, usage } = await client.embeddings.create({ model, input: ['one', 'two words'] })
    assert.deepEqual(data.map(({ embedding }) => embedding.length), [1_536, 1_536])
    const float = { model, input: 'one', encoding_format: 'float' } as const
    const plain = await client.embeddings.create(float)
    const difference = (data[0]?.embedding ?? []).map((value, at) =>
      Math.abs(value - (plain.data[0]?.embedding[at] ?? NaN))
    )
    assert.ok(Math.max(...difference) < 1e-6)
    assert.equal(usage.total_tokens, 3)
  })
})
