import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import OpenAI from 'openai'
import { fold, readEvents } from '../openai/responses/fold.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { type Posted, postJson } from './post-json.ts'
import { refusing, sse } from './upstream.ts'

type Response = OpenAI.Responses.Response
type Wire = Record<string, unknown>

const GROK = 'xai.grok-4'
const MODELS = [
  'meta.llama-3.3-70b-instruct',
  'xai.grok-4',
  'openai.gpt-5',
  'google.gemini-2.5-pro',
  'cohere.command-r-plus-08-2024',
  'cohere.command-a-vision-07-2025',
]
const WEATHER = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: true,
}
const TIME = { ...WEATHER, name: 'get_time', description: 'The time of a city' }
const CALLED = [
  { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'get_weather', arguments: '{}' },
  { type: 'function_call_output', call_id: 'call_1', output: '18 C' },
]

describe('/v1/responses', () => {
  for (const model of MODELS) {
    it(`N01 answers text and instructions with ${model}`, async () => {
      const gateway = await openTestGateway()
      const { status, reply, sent } = await create(gateway, {
        model,
        instructions: 'Be brief',
        input: 'hi there',
      })
      assert.equal(status, 200, JSON.stringify(reply))
      assert.equal(reply.status, 'completed')
      assert.match(textOf(reply), /hi there/)
      assert.equal(reply.instructions, 'Be brief')
      assert.match(JSON.stringify(sent.at(-1)), /Be brief/)
    })

    it(`N05 streams the same response as without streaming with ${model}`, async () => {
      const gateway = await openTestGateway()
      const request = { model, input: 'Use get_weather for Paris', tools: [WEATHER] }
      const { reply } = await create(gateway, request)
      const { response, items } = fold(readEvents(await stream(gateway, request)))
      assert.deepEqual(items, response.output)
      assert.deepEqual(response.output.map(withoutId), reply.output.map(withoutId))
      assert.deepEqual(response.usage, reply.usage)
    })
  }

  it('also answers without /v1', async () => {
    const gateway = await openTestGateway()
    const { status } = await postJson(gateway, '/responses', { model: GROK, input: 'hi' })
    assert.equal(status, 200)
  })

  it('N02 sends a call and its output as a tool call and its result', async () => {
    const gateway = await openTestGateway()
    const { status, sent } = await create(gateway, {
      model: GROK,
      tools: [WEATHER],
      input: [{ role: 'user', content: 'How is Paris?' }, ...CALLED],
    })
    assert.equal(status, 200)
    assert.deepEqual(messagesOf(sent), [
      { role: 'USER', content: [{ type: 'TEXT', text: 'How is Paris?' }] },
      {
        role: 'ASSISTANT',
        toolCalls: [{ type: 'FUNCTION', id: 'call_1', name: 'get_weather', arguments: '{}' }],
      },
      { role: 'TOOL', toolCallId: 'call_1', content: [{ type: 'TEXT', text: '18 C' }] },
    ])
  })

  it('N03 sends an output without its call as text, with a warning', async () => {
    const gateway = await openTestGateway()
    for (const model of MODELS) {
      const { status, headers, sent } = await create(gateway, {
        model,
        input: [{ type: 'function_call_output', call_id: 'gone', output: '18 C' }],
      })
      assert.equal(status, 200, model)
      assert.match(JSON.stringify(sent.at(-1)), /\[tool result\] 18 C/)
      assert.deepEqual(warningsOf(headers), [
        'input[0]: tool result without a call, sent as user text',
      ])
    }
  })

  it('N04 says what to do when no response is stored', async () => {
    const gateway = await openTestGateway({ config: { responses: { store: { maxItems: 0 } } } })
    const { status, reply, calls } = await create(gateway, {
      model: GROK,
      input: 'And now?',
      previous_response_id: 'resp_gwabcdefghijklmnopqrstuvwx',
    })
    assert.equal(status, 400)
    assert.equal(reply.error?.param, 'previous_response_id')
    assert.match(reply.error?.message ?? '', /send the whole conversation .* GATEWAY_CONFIG/)
    assert.deepEqual(calls, [])
  })

  it('N05 streams named and numbered events without [DONE]', async () => {
    const gateway = await openTestGateway()
    const text = await stream(gateway, { model: GROK, input: 'one two' })
    const types = readEvents(text).map(({ type }) => type.replace('response.', ''))
    assert.deepEqual(types.filter((type, at) => type !== types[at - 1]), [
      ...['created', 'in_progress', 'output_item.added', 'content_part.added'],
      ...['output_text.delta', 'output_text.done', 'content_part.done', 'output_item.done'],
      'completed',
    ])
    assert.doesNotMatch(text, /\[DONE\]/)
  })

  it('N06 streams the arguments of parallel calls with the item of each call', async () => {
    const gateway = await openTestGateway()
    const events = readEvents(
      await stream(gateway, {
        model: 'openai.gpt-4.1',
        input: 'Use get_weather and get_time for Paris',
        tools: [WEATHER, TIME],
      }),
    )
    const { items, done } = fold(events)
    assert.deepEqual(items, done)
    assert.deepEqual(items.map((item) => item.type === 'function_call' && item.name).toSorted(), [
      'get_time',
      'get_weather',
    ])
    const ids = items.map((item) => item.type === 'function_call' ? item.call_id : '')
    assert.equal(new Set(ids).size, 2)
  })

  it('N07 is incomplete when the output limit is reached, streamed and not', async () => {
    const gateway = await openTestGateway()
    const request = { model: GROK, input: '[[sim:finish=length]] one two' }
    const { reply } = await create(gateway, request)
    const { response } = fold(readEvents(await stream(gateway, request)))
    for (const { status, incomplete_details: details } of [reply, response]) {
      assert.deepEqual([status, details], ['incomplete', { reason: 'max_output_tokens' }])
    }
  })

  it('N07 is failed when the stream is truncated', async () => {
    for (const fault of ['end-after=3', 'cut-after=3']) {
      const gateway = await openTestGateway({ config: { responses: { store: {} } } })
      const request = { model: GROK, input: `[[sim:${fault}]] one two three four` }
      const events = readEvents(await stream(gateway, request))
      const last = events.at(-1)
      assert.equal(last?.type, 'response.failed')
      assert.ok('response' in last)
      assert.equal(last.response.error?.code, 'server_error')
      assert.match(last.response.error?.message ?? '', /\(upstream_incomplete/)
      assert.equal(events.some(({ type }) => type === 'response.completed'), false)
      const kept = await gateway.fetch(`/v1/responses/${last.response.id}`)
      assert.equal(kept.status, 404, 'failed responses are not stored')
    }
  })

  it('N08 answers a whole history with store: false', async () => {
    const gateway = await openTestGateway({ config: { responses: { store: {} } } })
    const { status, reply, headers } = await create(gateway, {
      model: GROK,
      store: false,
      include: ['reasoning.encrypted_content'],
      input: [
        { role: 'user', content: 'Hello' },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes?' }] },
        { role: 'user', content: 'And now?' },
      ],
    })
    assert.equal(status, 200)
    assert.deepEqual(warningsOf(headers), [])
    assert.equal((await gateway.fetch(`/v1/responses/${reply.id}`)).status, 404)
  })

  it('N09 leaves temperature out for reasoning models', async () => {
    const gateway = await openTestGateway()
    const request = { model: 'openai.gpt-5', input: 'hi', temperature: 0.2, top_p: 0.5 }
    const { status, headers, sent } = await create(gateway, request)
    assert.equal(status, 200)
    const chat = sent.at(-1)?.['chatRequest'] as Wire
    assert.deepEqual([chat['temperature'], chat['topP']], [undefined, undefined])
    assert.equal(warningsOf(headers).length, 2)
  })

  it('N10 leaves built-in tools out and warns', async () => {
    const gateway = await openTestGateway()
    const { status, headers, reply, sent } = await create(gateway, {
      model: GROK,
      input: 'hi',
      tools: [WEATHER, { type: 'web_search' }, { type: 'image_generation' }],
      tool_choice: { type: 'web_search' },
    })
    assert.equal(status, 200)
    assert.deepEqual(warningsOf(headers), [
      'tools[1]: web_search is not supported, left out',
      'tools[2]: image_generation is not supported, left out',
      'tool_choice: web_search is not supported, sent as auto',
    ])
    assert.equal((sent.at(-1)?.['chatRequest'] as { tools: unknown[] }).tools.length, 1)
    assert.equal(reply.tools.length, 3)
  })

  it('answers with an HTTP status when OCI refuses before the stream starts', async () => {
    const gateway = await openTestGateway({
      upstream: refusing(400, { code: '400', message: 'maximum context length is 10 tokens' }),
    })
    for (const isStreamed of [false, true]) {
      const { status, reply } = await create(gateway, {
        model: GROK,
        input: 'hi',
        stream: isStreamed,
      })
      assert.equal(status, 400)
      assert.equal(reply.error?.code, 'context_length_exceeded')
    }
  })

  it('sends an image of a tool output after the results', async () => {
    const gateway = await openTestGateway()
    const url = 'data:image/png;base64,iVBORw0KGgo='
    const output = [{ type: 'input_text', text: 'see' }, { type: 'input_image', image_url: url }]
    const { status, sent } = await create(gateway, {
      model: GROK,
      tools: [WEATHER],
      input: [CALLED[0], { ...CALLED[1], output }],
    })
    assert.equal(status, 200)
    assert.deepEqual(messagesOf(sent).at(-1), {
      role: 'USER',
      content: [{ type: 'IMAGE', imageUrl: { url } }],
    })
  })
})

describe('/v1/responses for codex', () => {
  /** A shortened request of codex. */
  const CODEX = {
    model: GROK,
    instructions: null,
    input: [
      developer('msg_1', 'You are a coding agent'),
      developer('msg_2', '<permissions>…</permissions>'),
      { ...developer('msg_3', 'What is the weather?'), role: 'user' },
    ],
    tools: [
      { ...WEATHER, name: 'shell_command', strict: false },
      {
        type: 'namespace',
        name: 'mcp__weather',
        description: 'Tools of the weather server',
        tools: [{ ...WEATHER, strict: false }],
      },
      { type: 'web_search', external_web_access: false },
      {
        type: 'custom',
        name: 'apply_patch',
        description: 'Edits files',
        format: { type: 'grammar', syntax: 'lark', definition: 'start: "*** Begin Patch"' },
      },
    ],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    reasoning: { summary: 'auto' },
    store: false,
    stream: true,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: '019a',
    client_metadata: { 'x-codex-installation-id': '1' },
  }

  it('streams the first response', async () => {
    const gateway = await openTestGateway()
    const { response } = fold(readEvents(await stream(gateway, CODEX)))
    assert.equal(response.status, 'completed')
    assert.deepEqual(response.tools, CODEX.tools)
  })

  it('returns and accepts the namespace of a called tool', async () => {
    const gateway = await openTestGateway()
    const question = {
      ...developer('msg_4', 'Use mcp__weather__get_weather for Paris'),
      role: 'user',
    }
    const input = [...CODEX.input.slice(0, 2), question]
    const { response } = fold(readEvents(await stream(gateway, { ...CODEX, input })))
    const call = response.output.find(({ type }) => type === 'function_call')
    assert.ok(call?.type === 'function_call')
    assert.deepEqual([call.namespace, call.name], ['mcp__weather', 'get_weather'])
    const output = { type: 'function_call_output', call_id: call.call_id, output: '18 C' }
    const next = await create(gateway, {
      ...CODEX,
      stream: false,
      input: [...input, ...response.output, output],
    })
    assert.equal(next.status, 200, JSON.stringify(next.reply))
    const turns = messagesOf(next.sent)
    const calls = turns.flatMap((turn) => turn['toolCalls'] ?? []) as Wire[]
    assert.deepEqual(calls.map(({ name }) => name), ['mcp__weather__get_weather'])
  })

  it('returns a call of a custom tool', async () => {
    const call = {
      message: {
        role: 'ASSISTANT',
        toolCalls: [{
          type: 'FUNCTION',
          id: 'call_9',
          name: 'apply_patch',
          arguments: '{"input":"*** Begin Patch\\n"}',
        }],
      },
      finishReason: 'tool_calls',
    }
    const events = `data: ${JSON.stringify(call)}\n\ndata: [DONE]\n\n`
    const gateway = await openTestGateway({ upstream: sse(events) })
    const { response, items } = fold(readEvents(await stream(gateway, CODEX)))
    assert.deepEqual(items, response.output)
    const [item] = response.output
    assert.ok(item?.type === 'custom_tool_call')
    assert.deepEqual([item.call_id, item.name, item.input], [
      'call_9',
      'apply_patch',
      '*** Begin Patch\n',
    ])
  })

  it('warns about tools that it leaves out', async () => {
    const gateway = await openTestGateway()
    const { headers } = await create(gateway, { ...CODEX, stream: false })
    assert.deepEqual(warningsOf(headers), [
      'tools[2]: web_search is not supported, left out',
      'tools[3]: the grammar is added to the description, not enforced',
    ])
  })

  function developer(id: string, text: string) {
    return { type: 'message', id, role: 'developer', content: [{ type: 'input_text', text }] }
  }
})

describe('/v1/responses, kept', () => {
  const STORED = { responses: { store: {} } }

  it('N04 continues a previous response, streamed or not', async () => {
    const gateway = await openTestGateway({ config: STORED })
    const first = await create(gateway, {
      model: GROK,
      instructions: 'Be brief',
      input: 'I am Ann',
    })
    const { response: second } = fold(readEvents(
      await stream(gateway, {
        model: GROK,
        input: 'Use get_weather for Paris',
        tools: [WEATHER],
        previous_response_id: first.reply.id,
      }),
    ))
    const [call] = second.output
    assert.ok(call?.type === 'function_call')
    const third = await create(gateway, {
      model: GROK,
      tools: [WEATHER],
      input: [{ type: 'function_call_output', call_id: call.call_id, output: '18 C' }],
      previous_response_id: second.id,
    })
    assert.equal(third.status, 200, JSON.stringify(third.reply))
    assert.equal(third.reply.previous_response_id, second.id)
    assert.deepEqual(messagesOf(third.sent).map(({ role }) => role), [
      ...['USER', 'ASSISTANT', 'USER', 'ASSISTANT', 'TOOL'],
    ])
    assert.doesNotMatch(JSON.stringify(third.sent), /Be brief/)
    assert.deepEqual(warningsOf(third.headers), [])
  })

  it('reads, lists and deletes stored responses', async () => {
    const gateway = await openTestGateway({ config: STORED })
    const request = { model: GROK, input: 'Hello', store: true }
    const { reply, headers } = await create(gateway, request)
    assert.deepEqual(warningsOf(headers), [])
    const path = `/v1/responses/${reply.id}`
    assert.deepEqual(await (await gateway.fetch(path)).json(), reply)
    const list = await (await gateway.fetch(`${path}/input_items`)).json()
    const hello = { type: 'input_text', text: 'Hello' }
    assert.deepEqual(list.data.map((item: Wire) => item['content']), [[hello]])
    assert.equal(list.first_id, list.data[0].id)
    const deleted = await gateway.fetch(path, { method: 'DELETE' })
    assert.deepEqual(await deleted.json(), { id: reply.id, object: 'response', deleted: true })
    for (const gone of [path, `${path}/input_items`]) {
      assert.equal((await gateway.fetch(gone)).status, 404)
    }
    assert.equal((await gateway.fetch(path, { method: 'DELETE' })).status, 404)
  })

  it('replaces an item reference with the item', async () => {
    const gateway = await openTestGateway({ config: STORED })
    const { reply } = await create(gateway, { model: GROK, input: 'Hello' })
    const id = reply.output[0]?.id
    const input = [{ type: 'item_reference', id }, { role: 'user', content: 'Go on' }]
    const { status, sent } = await create(gateway, { model: GROK, input })
    assert.equal(status, 200)
    const [replaced] = messagesOf(sent)
    assert.deepEqual(replaced, {
      role: 'ASSISTANT',
      content: [{ type: 'TEXT', text: textOf(reply) }],
    })
    const unknown = [{ type: 'item_reference', id: 'msg_68' }]
    const refused = await create(gateway, { model: GROK, input: unknown })
    assert.equal(refused.reply.error?.param, 'input[0]')
  })

  it('does not return the responses of another API key', async () => {
    const gateway = await openTestGateway({
      config: { ...STORED, access: { apiKeys: ['sk-ann', 'sk-bob'] } },
    })
    const ask = (path: string, key: string, body?: object) =>
      gateway.fetch(path, {
        headers: { authorization: `Bearer ${key}` },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      })
    const created = await ask('/v1/responses', 'sk-ann', { model: GROK, input: 'secret' })
    const { id, output: [{ id: itemId }] } = await created.json()
    assert.equal((await ask(`/v1/responses/${id}`, 'sk-ann')).status, 200)
    assert.equal((await ask(`/v1/responses/${id}`, 'sk-bob')).status, 404)
    assert.equal((await ask(`/v1/responses/${id}/input_items`, 'sk-bob')).status, 404)
    for (
      const body of [
        { input: 'go on', previous_response_id: id },
        { input: [{ type: 'item_reference', id: itemId }] },
      ]
    ) {
      const stolen = await ask('/v1/responses', 'sk-bob', { model: GROK, ...body })
      assert.equal(stolen.status, 400)
      assert.doesNotMatch(await stolen.text(), /secret/)
    }
  })

  it('stores at most maxItems responses', async () => {
    const gateway = await openTestGateway({ config: { responses: { store: { maxItems: 1 } } } })
    const first = await create(gateway, { model: GROK, input: 'one' })
    await create(gateway, { model: GROK, input: 'two' })
    const next = await create(gateway, {
      model: GROK,
      input: 'three',
      previous_response_id: first.reply.id,
    })
    assert.equal(next.status, 400)
    assert.match(
      next.reply.error?.message ?? '',
      /is not stored here. Send the whole conversation as "input"$/,
    )
  })

  it('says how to enable the store when it is disabled', async () => {
    const gateway = await openTestGateway({ config: { responses: { store: { maxItems: 0 } } } })
    const { reply } = await create(gateway, { model: GROK, input: 'Hello', store: true })
    assert.equal((reply as unknown as Wire)['store'], false)
    const read = await gateway.fetch(`/v1/responses/${reply.id}`)
    assert.equal(read.status, 400)
    assert.match((await read.json()).error.message, /stores no responses; set "responses"/)
    assert.equal(gateway.calls.some(({ url }) => url.pathname.includes(reply.id)), false)
  })
})

describe('/v1/responses with the openai package', () => {
  it('is created, read again and deleted', async () => {
    const client = await openClient({ responses: { store: {} } })
    const response = await client.responses.create({ model: GROK, input: 'Hello' })
    assert.match(response.output_text, /You said: Hello/)
    assert.equal((await client.responses.retrieve(response.id)).id, response.id)
    const items = await Array.fromAsync(client.responses.inputItems.list(response.id))
    assert.equal(items.length, 1)
    await client.responses.delete(response.id)
    await assert.rejects(client.responses.retrieve(response.id), OpenAI.NotFoundError)
  })

  it('is streamed and ends with the assembled response', async () => {
    const client = await openClient()
    const events: string[] = []
    const stream = client.responses.stream({
      model: 'openai.gpt-4.1',
      input: 'Use get_weather and get_time for Paris',
      tools: [{ ...WEATHER, type: 'function' }, { ...TIME, type: 'function' }],
      reasoning: { effort: 'low', summary: 'auto' },
    })
    stream.on('event', ({ type }) => events.push(type))
    const response = await stream.finalResponse()
    const calls = response.output.filter((item) => item.type === 'function_call')
    assert.equal(calls.length, 2)
    assert.equal(events[0], 'response.created')
    assert.equal(events.at(-1), 'response.completed')
  })

  it('is parsed as JSON of a schema', async () => {
    const client = await openClient()
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    }
    const response = await client.responses.create({
      model: 'openai.gpt-4.1',
      input: 'Where?',
      text: { format: { type: 'json_schema', name: 'place', schema, strict: true } },
    })
    assert.equal(typeof JSON.parse(response.output_text).city, 'string')
  })
})

async function openClient(config: Wire = {}): Promise<OpenAI> {
  const gateway = await openTestGateway({ config })
  return new OpenAI({
    baseURL: 'http://127.0.0.1:8050/v1',
    apiKey: 'none',
    maxRetries: 0,
    fetch: (url, init) => gateway.fetch(new URL(String(url)).pathname, init),
  })
}

function create(gateway: TestGateway, body: object): Promise<Posted<Response>> {
  return postJson<Response>(gateway, '/v1/responses', body)
}

async function stream(gateway: TestGateway, body: object): Promise<string> {
  const response = await gateway.fetch('/v1/responses', {
    method: 'POST',
    body: JSON.stringify({ ...body, stream: true }),
  })
  const text = await response.text()
  assert.equal(response.status, 200, text)
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  return text
}

function textOf({ output }: Response): string {
  return output.flatMap((item) => item.type === 'message' ? item.content : [])
    .map((part) => part.type === 'output_text' ? part.text : '').join('')
}

function messagesOf(sent: readonly Wire[]): Wire[] {
  const { messages } = sent.at(-1)?.['chatRequest'] as { messages: Wire[] }
  return messages
}

function warningsOf(headers: Headers): string[] {
  return (headers.get('x-oci-gateway-warnings') ?? '').split('; ').filter(Boolean)
}

/** Replaces the ids, which differ between two answers to the same question. */
function withoutId(item: object): object {
  return { ...item, id: '', ...('call_id' in item && { call_id: '' }) }
}
