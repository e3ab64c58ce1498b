import assert from 'node:assert/strict'
import { it } from 'node:test'
import OpenAI from 'openai'
import type { GetTarget } from './target.ts'

const MODEL = 'xai.grok-4'

/** The real `openai` package against the gateway. */
export function testOpenAiSdk(target: GetTarget): void {
  const client = () => {
    const { url, key } = target()
    return new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
  }

  it('openai: chats', async () => {
    const { data, request_id: id } = await client().chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'Hello' }],
    }).withResponse()
    assert.match(data.choices[0]?.message.content ?? '', /You said: Hello/)
    assert.equal(data.choices[0]?.finish_reason, 'stop')
    assert.equal(data.model, MODEL)
    assert.ok((data.usage?.total_tokens ?? 0) > 0)
    assert.match(id ?? '', /^[a-z0-9]{24}$/)
  })

  it('openai: streams, with usage', async () => {
    const stream = client().chat.completions.stream({
      model: MODEL,
      messages: [{ role: 'user', content: 'Hello' }],
      stream_options: { include_usage: true },
    })
    const completion = await stream.finalChatCompletion()
    assert.match(completion.choices[0]?.message.content ?? '', /You said: Hello/)
    assert.ok((completion.usage?.total_tokens ?? 0) > 0)
  })

  it('openai: runs a loop of two tool calls', async () => {
    const called: string[] = []
    const note = (name: string, result: string) => {
      called.push(name)
      return result
    }
    const runner = client().chat.completions.runTools({
      model: MODEL,
      messages: [{ role: 'user', content: 'Use get_weather and get_time for Paris' }],
      tools: [
        tool('get_weather', () => note('get_weather', '18 C')),
        tool('get_time', () => note('get_time', '12:00')),
      ],
    })
    const content = await runner.finalContent()
    assert.deepEqual(called.toSorted(), ['get_time', 'get_weather'])
    assert.match(content ?? '', /18 C/)
    assert.match(content ?? '', /12:00/)
  })

  it('openai: streams a tool call', async () => {
    const stream = client().chat.completions.stream({
      model: 'meta.llama-3.3-70b-instruct',
      messages: [{ role: 'user', content: 'Use get_weather for Paris' }],
      tools: [tool('get_weather', () => '18 C')],
    })
    const { choices } = await stream.finalChatCompletion()
    const [call] = choices[0]?.message.tool_calls ?? []
    assert.equal(choices[0]?.finish_reason, 'tool_calls')
    assert.ok(call?.type === 'function' && call.function.name === 'get_weather')
    assert.equal(typeof JSON.parse(call.function.arguments).city, 'string')
  })

  it('openai: parses a reply that matches a JSON schema', async () => {
    const completion = await client().chat.completions.parse({
      model: 'openai.gpt-4.1',
      messages: [{ role: 'user', content: 'Where is Paris?' }],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'place', strict: true, schema: PLACE },
      },
    })
    const place = JSON.parse(completion.choices[0]?.message.content ?? '')
    assert.deepEqual(Object.keys(place).toSorted(), ['city', 'population'])
    assert.equal(typeof place.city, 'string')
    assert.equal(typeof place.population, 'number')
  })

  it('openai: lists and retrieves models', async () => {
    const models = await Array.fromAsync(client().models.list())
    assert.ok(models.some(({ id }) => id === MODEL))
    assert.ok(models.some(({ id }) => id === 'gpt-4o-mini'))
    const model = await client().models.retrieve(MODEL)
    assert.equal(model.id, MODEL)
  })

  it('openai: embeds, in base64 by default', async () => {
    const input = ['a red bicycle', 'a blue train']
    const wish = { model: 'text-embedding-3-small', input }
    const { data, usage } = await client().embeddings.create(wish)
    assert.deepEqual(data.map(({ index, embedding }) => [index, embedding.length]), [
      [0, 1024],
      [1, 1024],
    ])
    const plain = await client().embeddings.create({ ...wish, encoding_format: 'float' })
    assert.deepEqual(data[1]?.embedding, plain.data[1]?.embedding.map(Math.fround))
    assert.ok(usage.total_tokens > 0)
  })

  it('openai: moderates', async () => {
    const { results } = await client().moderations.create({ input: ['a kind word', 'I will kill'] })
    assert.deepEqual(results.map(({ flagged }) => flagged), [false, true])
    assert.equal(results[0]?.categories['self-harm/intent'], false)
  })

  it('openai: completes a text, whole and streamed', async () => {
    const wish = { model: MODEL, prompt: 'Once' }
    const { choices } = await client().completions.create(wish)
    assert.match(choices[0]?.text ?? '', /You said: Once/)
    const stream = await client().completions.create({ ...wish, stream: true })
    const chunks = await Array.fromAsync(stream)
    assert.equal(chunks.map((chunk) => chunk.choices[0]?.text).join(''), choices[0]?.text)
  })

  it('openai: aborts', async () => {
    const { seen } = target()
    const stream = await client().chat.completions.create({
      model: MODEL,
      stream: true,
      messages: [{ role: 'user', content: '[[sim:stall-after=2]] one two three' }],
    })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
    assert.equal(await seen.at(-1)?.ended, 'client-disconnected')
  })

  it("openai: throws the gateway's error", async () => {
    const wrong = new OpenAI({ baseURL: `${target().url}/v1`, apiKey: 'wrong', maxRetries: 0 })
    await assert.rejects(wrong.models.list(), OpenAI.AuthenticationError)
    const messages = [{ role: 'user' as const, content: '[[sim:end-after=2]] one two' }]
    const cut = await client().chat.completions.create({ model: MODEL, stream: true, messages })
    await assert.rejects(Array.fromAsync(cut), OpenAI.APIError)
    const overlong = [{ role: 'user' as const, content: '[[sim:context-length]]' }]
    const failure = client().chat.completions.create({ model: MODEL, messages: overlong })
    await assert.rejects(failure, { status: 400, code: 'context_length_exceeded' })
  })
}

const PLACE = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { city: { type: 'string' }, population: { type: 'number' } },
  required: ['city', 'population'],
  additionalProperties: false,
}

function tool(name: string, run: () => string) {
  return {
    type: 'function' as const,
    function: {
      name,
      description: `${name} of a city`,
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      parse: JSON.parse,
      function: run,
    },
  }
}
