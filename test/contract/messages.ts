import assert from 'node:assert/strict'
import { it } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import { fold, readEvents } from '../anthropic/messages/fold.ts'
import { type GetTarget, post, postInterrupted } from './target.ts'

const LLAMA = 'meta.llama-4-maverick-17b-128e-instruct-fp8'
/** Its circuit is open after a rate limit, so no other test uses it. */
const BUSY = 'meta.llama-4-scout-17b-16e-instruct'
const GPT_OSS = 'openai.gpt-oss-120b'
const PATH = '/v1/messages'

/** Anthropic's chat: its errors, its streams, and the real package against it. */
export function testMessages(target: GetTarget): void {
  testErrors(target)
  testStreams(target)
  testSdk(target)
}

type Row = [
  name: string,
  path: string,
  init: { method?: string; key?: string; body?: unknown },
  status: number,
  type: string,
]

const rows: Row[] = [
  ['N18 no key', PATH, { key: '', body: asked('Hi') }, 401, 'authentication_error'],
  ['N18 a wrong key', PATH, { key: 'wrong', body: asked('Hi') }, 401, 'authentication_error'],
  ['E17 another method', PATH, { method: 'GET' }, 405, 'invalid_request_error'],
  ['E17 an unknown path', `${PATH}/batches`, { body: {} }, 404, 'not_found_error'],
  ['P32 a body that is not JSON', PATH, { body: '{"model":' }, 400, 'invalid_request_error'],
  [
    'N16 an unknown model',
    PATH,
    {
      body: { ...asked('Hi'), model: 'claude-sonnet-4-5' },
    },
    404,
    'not_found_error',
  ],
  [
    'E06 a rate limit',
    PATH,
    {
      body: { ...asked('[[sim:status=429 retry-after=60]]'), model: BUSY },
    },
    429,
    'rate_limit_error',
  ],
  [
    'E18 a body that is too large',
    PATH,
    {
      body: asked('x'.repeat(33 * 1024 * 1024)),
    },
    413,
    'request_too_large',
  ],
]

function testErrors(target: GetTarget): void {
  for (const [name, path, { method = 'POST', key, body }, status, type] of rows) {
    it(`messages: rejects ${name} with Anthropic's error`, async () => {
      const { url, key: right } = target()
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { 'x-api-key': key ?? right, 'content-type': 'application/json' },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const { error, request_id: id } = await response.json()
      assert.deepEqual([response.status, error.type], [status, type])
      assert.equal(response.headers.get('request-id'), id)
      assert.equal(response.headers.get('x-request-id'), id)
    })
  }
}

function testStreams(target: GetTarget): void {
  it('messages: N13 gives the same reply streamed and whole', async () => {
    const whole = await (await post(target(), PATH, asked('Hello, 日本 🦊'))).json()
    const streamed = await post(target(), PATH, { ...asked('Hello, 日本 🦊'), stream: true })
    assert.equal(streamed.headers.get('content-type'), 'text/event-stream; charset=utf-8')
    const { events, error } = readEvents(await streamed.text())
    assert.equal(error, undefined)
    assert.deepEqual({ ...fold(events), id: '' }, { ...whole, id: '' })
  })

  it('messages: S36 X15 X13 starts at once, sends pings, ends when the client disconnects', async () => {
    const { seen, heartbeat } = target()
    const abort = new AbortController()
    const body = { ...asked('[[sim:stall-after=3]] one two three four'), stream: true }
    const response = await post(target(), PATH, body, { signal: abort.signal })
    const text = await readUntil(response, (text) => text.split('event: ping').length > 3)
    const { events } = readEvents(text.slice(0, text.lastIndexOf('\n\n') + 2))
    assert.equal(events[0]?.type, 'message_start')
    assert.ok(heartbeat > 0 && events.some(({ type }) => type === 'content_block_delta'))
    const request = seen.at(-1)
    abort.abort()
    assert.equal(await request?.ended, 'client-disconnected')
  })

  it('messages: X17 ends a truncated stream with an error, never as a success', async () => {
    const content = (fault: string) => asked(`[[sim:${fault}]] one two three four`)
    const hasText = (stream: string) => stream.includes('content_block_delta')
    for (
      const text of [
        await (await post(target(), PATH, { ...content('end-after=3'), stream: true })).text(),
        await postInterrupted(target(), PATH, content('stall-after=3'), hasText),
      ]
    ) {
      const { events, error } = readEvents(text)
      assert.equal(error?.error.type, 'api_error')
      assert.ok(events.every(({ type }) => type !== 'message_delta' && type !== 'message_stop'))
    }
  })
}

function testSdk(target: GetTarget): void {
  const client = () => {
    const { url, key } = target()
    return new Anthropic({ baseURL: url, apiKey: key, authToken: null, maxRetries: 0 })
  }

  it('anthropic: creates a message, and counts its tokens', async () => {
    const { data, request_id: id } = await client().messages.create(asked('Hello')).withResponse()
    assert.ok(data.content[0]?.type === 'text')
    assert.match(data.content[0].text, /You said: Hello/)
    assert.equal(data.stop_reason, 'end_turn')
    assert.ok(data.usage.output_tokens > 0)
    assert.match(id ?? '', /^[a-z0-9]{24}$/)
    const { model, messages } = asked('Hello')
    assert.ok((await client().messages.countTokens({ model, messages })).input_tokens > 0)
  })

  it('anthropic: streams thinking and text', async () => {
    const stream = client().messages.stream({
      ...asked('[[sim:reasoning]] Hello'),
      model: GPT_OSS,
      thinking: { type: 'enabled', budget_tokens: 2_000 },
    })
    const { content, usage } = await stream.finalMessage()
    assert.deepEqual(content.map(({ type }) => type), ['thinking', 'text'])
    assert.ok(usage.input_tokens > 0)
  })

  it('anthropic: runs a loop of two parallel tool calls', async () => {
    const question = asked('Use get_weather and get_time for Paris')
    const body = { ...question, model: GPT_OSS, tools: [tool('get_weather'), tool('get_time')] }
    const first = await client().messages.stream(body).finalMessage()
    const calls = first.content.filter((block) => block.type === 'tool_use')
    assert.equal(first.stop_reason, 'tool_use')
    assert.deepEqual(calls.map(({ name }) => name), ['get_weather', 'get_time'])
    const results = calls.map(({ id, name }) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: `${name}: fine`,
    }))
    const messages = [...question.messages, first, { role: 'user' as const, content: results }]
    const last = await client().messages.create({ ...body, messages })
    const said = last.content.map((block) => block.type === 'text' ? block.text : '').join('')
    assert.match(said, /get_weather: fine; get_time: fine/)
  })

  it("anthropic: throws the gateway's error", async () => {
    const wrong = new Anthropic({ baseURL: target().url, apiKey: 'wrong', maxRetries: 0 })
    await assert.rejects(wrong.messages.create(asked('Hi')), Anthropic.AuthenticationError)
    const cut = client().messages.stream(asked('[[sim:end-after=2]] one two'))
    await assert.rejects(cut.finalMessage(), Anthropic.APIError)
    await assert.rejects(client().messages.create(asked('[[sim:context-length]]')), {
      status: 400,
      type: 'invalid_request_error',
    })
  })
}

function asked(content: string) {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content }]
  return { model: LLAMA, max_tokens: 500, messages }
}

function tool(name: string): Anthropic.Tool {
  const properties = { city: { type: 'string' } }
  return { name, description: `${name} of a city`, input_schema: { type: 'object', properties } }
}

/** Reads until the text so far meets a condition. Fails when the stream ends before. */
async function readUntil(
  response: Response,
  isEnough: (text: string) => boolean,
): Promise<string> {
  const reader = response.body?.getReader() ?? assert.fail('no body')
  const decoder = new TextDecoder()
  let text = ''
  while (!isEnough(text)) {
    const { done, value } = await reader.read()
    assert.ok(!done, `the stream ended: ${text}`)
    text += decoder.decode(value, { stream: true })
  }
  return text
}
