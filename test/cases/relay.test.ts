import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PROJECT } from '../oci-names.ts'
import { openTestGateway, TENANCY } from './gateway.ts'
import { refusing, sse, type UpstreamCall } from './upstream.ts'

const RELAYED = {
  models: { 'xai.*': { endpoint: 'openai' }, 'cohere.*': { endpoint: 'openai' } },
}
const HELLO = [{ role: 'user', content: 'Hello' }]
const CHAT = '/openai/v1/chat/completions'
const RESPONSES = '/openai/v1/responses'
const ACTIONS = '/20231130/actions/chat'
const TOOLS = [{
  type: 'function',
  function: { name: 'look_up', parameters: { type: 'object', properties: {} } },
}]
const FORCED = { tool_choice: 'required' }

describe("OCI's OpenAI endpoint", () => {
  it('A22 receives the compartment in both headers and the project if configured', async () => {
    for (const env of [{}, { OCI_GENAI_PROJECT: PROJECT }]) {
      const gateway = await openTestGateway({ config: RELAYED, env })
      const { reply, calls: [call] } = await gateway.ask({ model: 'xai.grok-4', messages: HELLO })
      assert.match(reply.choices[0]?.message.content ?? '', /Hello/)
      assert.equal(call?.url.pathname, CHAT)
      assert.equal(call?.headers.get('opc-compartment-id'), TENANCY)
      assert.equal(call?.headers.get('CompartmentId'), TENANCY)
      assert.match(call?.headers.get('authorization') ?? '', /^Signature /)
      assert.equal(call?.headers.get('OpenAI-Project'), 'OCI_GENAI_PROJECT' in env ? PROJECT : null)
    }
  })

  it('receives the request unchanged except for the model name', async () => {
    const gateway = await openTestGateway({ config: { ...RELAYED, aliases: { g: 'xai.grok-4' } } })
    const body = { model: 'g', messages: HELLO, temperature: 0.5, user: 'u1' }
    const { reply, calls: [call] } = await gateway.ask(body)
    assert.deepEqual(call?.json, { ...body, model: 'xai.grok-4' })
    assert.equal(reply.model, 'g')
  })

  it('streams under the requested model name and ends once', async () => {
    const gateway = await openTestGateway({ config: { ...RELAYED, aliases: { g: 'xai.grok-4' } } })
    const text = await streamed(gateway, { model: 'g', messages: HELLO })
    assert.match(text, /"model":"g"/)
    assert.doesNotMatch(text, /xai\.grok-4"/)
    assert.equal(text.split('data: [DONE]').length, 2)
  })

  it('ends a truncated stream with an error', async () => {
    for (const fault of ['end-after=2', 'cut-after=2']) {
      const gateway = await openTestGateway({ config: RELAYED })
      const messages = [{ role: 'user', content: `[[sim:${fault}]] one two three four` }]
      const text = await streamed(gateway, { model: 'xai.grok-4', messages })
      assert.match(text, /"code":"upstream_incomplete"/)
      assert.doesNotMatch(text, /\[DONE\]/)
    }
  })

  it('passes a stream on byte for byte when the model name needs no change', async () => {
    const events = 'data: {"id":"x","model":"xai.grok-4","choices":[{"index":0,"delta":' +
      '{"content":"Gr\u00fc\u00dfe"},"finish_reason":null}]}\n\n: comment\n\n' +
      'data: {"id":"x","model":"xai.grok-4","choices":[{"index":0,"delta":{},"finish_reason": "stop"}]}\n\n' +
      'data: [DONE]\n\n'
    const gateway = await openTestGateway({ config: RELAYED, upstream: sse(events) })
    assert.equal(await streamed(gateway, { model: 'xai.grok-4', messages: HELLO }), events)
  })

  it('answers with an HTTP status when the first event of OCI is an error', async () => {
    const event = 'data: {"error":{"message":"Too many requests","code":"429"}}\n\n'
    const config = { ...RELAYED, retry: { maxAttempts: 1 } }
    const gateway = await openTestGateway({ config, upstream: sse(event) })
    const { status, error } = await gateway.fail({
      model: 'xai.grok-4',
      messages: HELLO,
      stream: true,
    })
    assert.equal(status, 429)
    assert.equal(error.code, 'rate_limit_exceeded')
  })

  for (const path of ['/v1/chat/completions', '/v1/responses']) {
    it(`C3: ${path} answers 502 when the first event of OCI is a truncated error`, async () => {
      const cuts = ['data: {"error":', 'data: {"error":{"message":"no"', 'data: {"error":\n\n']
      const headers = { 'opc-request-id': 'OPC1' }
      for (const cut of [...cuts, ...cuts.map((data) => `event: error\n${data}`)]) {
        const config = { ...RELAYED, retry: { maxAttempts: 1 } }
        const gateway = await openTestGateway({ config, upstream: sse(cut, headers) })
        const response = await gateway.fetch(path, {
          method: 'POST',
          body: JSON.stringify({
            ...{ model: 'xai.grok-4', stream: true },
            ...(path === '/v1/responses' ? { input: 'Hi' } : { messages: HELLO }),
          }),
        })
        assert.equal(response.status, 502, cut)
        assert.equal((await response.json()).error.code, 'upstream_invalid_response', cut)
        assert.equal(response.headers.get('opc-request-id'), 'OPC1', cut)
      }
    })
  }

  it('E10 is replaced by the native endpoint when it does not serve the vendor, which is remembered', async () => {
    const gateway = await openTestGateway({ config: RELAYED })
    const body = { model: 'cohere.command-r-plus-08-2024', messages: HELLO }
    for (let round = 0; round < 2; round++) {
      const { calls } = await gateway.ask(body)
      assert.deepEqual(calls.map(({ url }) => url.pathname), [CHAT, ACTIONS])
    }
    const third = await gateway.ask(body)
    assert.deepEqual(third.calls.map(({ url }) => url.pathname), [ACTIONS])
  })

  it('E11 uses Responses when multi-agent models are refused, and remembers it', async () => {
    for (const config of [RELAYED, {}]) {
      const gateway = await openTestGateway({ config, upstream: singleAgent })
      const model = 'xai.grok-3'
      const firstPath = config === RELAYED ? CHAT : ACTIONS
      const first = await gateway.ask({ model, messages: HELLO })
      assert.deepEqual(pathsOf(first), [firstPath, RESPONSES])
      const second = await gateway.ask({ model, messages: HELLO })
      assert.deepEqual(pathsOf(second), [firstPath, RESPONSES])
      assert.match(first.reply.choices[0]?.message.content ?? '', /Hello/)
      const streamed = await gateway.stream({ model, messages: HELLO })
      assert.deepEqual(pathsOf(streamed), [RESPONSES])
      assert.deepEqual(streamed.finishReasons, ['stop'])
      const called = await gateway.stream({ model, messages: HELLO, tools: TOOLS, ...FORCED })
      assert.deepEqual(called.finishReasons, ['tool_calls'])
      assert.equal(called.messages[0]?.tool_calls?.[0]?.function.name, 'look_up')
      const whole = await gateway.ask({ model, messages: HELLO, tools: TOOLS, ...FORCED })
      assert.equal(whole.reply.choices[0]?.message.tool_calls?.[0]?.function.name, 'look_up')
      assert.deepEqual(pathsOf(whole), [RESPONSES])
    }
  })

  it('E11 uses Responses after a refused stream', async () => {
    const gateway = await openTestGateway({ config: RELAYED, upstream: singleAgent })
    const { calls, finishReasons } = await gateway.stream({ model: 'xai.grok-3', messages: HELLO })
    assert.deepEqual(pathsOf({ calls }), [CHAT, RESPONSES])
    assert.deepEqual(finishReasons, ['stop'])
  })

  it('serves content that the native endpoint refuses', async () => {
    const message = 'Content blocks are expected to be either text or image_url type.'
    const gateway = await openTestGateway({
      upstream: ({ url }) =>
        url.pathname === ACTIONS ? refusing(400, { code: '400', message })() : undefined,
    })
    const { calls } = await gateway.ask({ model: 'xai.grok-4', messages: HELLO })
    assert.deepEqual(calls.map(({ url }) => url.pathname), [ACTIONS, CHAT])
  })

  it('E12 names the setting that a tenancy with zero data retention needs', async () => {
    const message =
      'Previous response cannot be used for this organization due to Zero Data Retention.'
    const gateway = await openTestGateway({
      config: RELAYED,
      upstream: refusing(400, { error: { message } }),
    })
    const { status, error } = await gateway.fail({ model: 'xai.grok-4', messages: HELLO })
    assert.equal(status, 400)
    assert.match(error.message, /Zero Data Retention.*"store": false and the complete conversation/)
  })

  it('E15 keeps the status of a refusal', async () => {
    const gateway = await openTestGateway({ config: RELAYED })
    const messages = [{ role: 'user', content: '[[sim:status=403]]' }]
    const { status, error } = await gateway.fail({ model: 'xai.grok-4', messages })
    assert.equal(status, 403)
    assert.equal(error.code, 'permission_denied')
  })
})

describe('a model that only Responses serves', () => {
  const MODEL = 'xai.grok-4.20-multi-agent-0309'

  it('O01 chats with one call, streamed and not', async () => {
    const gateway = await openTestGateway()
    const whole = await gateway.ask({ model: MODEL, messages: HELLO })
    assert.match(whole.reply.choices[0]?.message.content ?? '', /Hello/)
    assert.equal(whole.reply.model, MODEL)
    assert.ok(whole.reply.usage)
    const streamed = await gateway.stream({
      model: MODEL,
      messages: HELLO,
      stream_options: { include_usage: true },
    })
    assert.equal(streamed.messages[0]?.content, whole.reply.choices[0]?.message.content)
    assert.deepEqual([...pathsOf(whole), ...pathsOf(streamed)], [RESPONSES, RESPONSES])
    const [{ headers, json }] = whole.calls as [UpstreamCall]
    assert.equal(headers.get('opc-compartment-id'), TENANCY)
    assert.match(headers.get('authorization') ?? '', /^Signature /)
    assert.equal(json['store'], false)
    assert.equal('compartmentId' in json, false)
  })

  it('calls parallel tools and receives their results', async () => {
    const gateway = await openTestGateway()
    const tools = ['get_weather', 'get_time'].map((name) => ({
      type: 'function',
      function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } } } },
    }))
    const question = { role: 'user', content: 'get_weather and get_time of Paris' }
    const body = { model: MODEL, tools, messages: [question] }
    const { messages: [turn], finishReasons } = await gateway.stream(body)
    assert.deepEqual(finishReasons, ['tool_calls'])
    assert.deepEqual(turn?.tool_calls?.map((call) => call.function.name), [
      'get_weather',
      'get_time',
    ])
    const whole = await gateway.ask(body)
    assert.equal(whole.reply.choices[0]?.message.tool_calls?.length, 2)
    const results = turn?.tool_calls?.map(({ id }, index) => ({
      role: 'tool',
      tool_call_id: id,
      content: index === 0 ? 'sunny' : '12:00',
    }))
    const { reply, calls } = await gateway.ask({ ...body, messages: [question, turn, ...results!] })
    assert.match(reply.choices[0]?.message.content ?? '', /12:00/)
    const items = calls[0]?.json['input'] as { type: string; call_id?: string }[]
    assert.deepEqual(items.map(({ type }) => type), [
      'message',
      'function_call',
      'function_call',
      'function_call_output',
      'function_call_output',
    ])
    assert.equal(items[1]?.call_id, items[3]?.call_id)
  })

  it('P12 returns several choices with several calls and warns about unsupported parameters', async () => {
    const gateway = await openTestGateway()
    const body = { model: MODEL, messages: HELLO, n: 2, seed: 7, stop: ['END'] }
    const { reply, calls, warnings } = await gateway.ask(body)
    assert.deepEqual(reply.choices.map(({ index }) => index), [0, 1])
    assert.deepEqual(pathsOf({ calls }), [RESPONSES, RESPONSES])
    assert.deepEqual(warnings, [
      `stop: not supported by ${MODEL}, left out`,
      `seed: not supported by ${MODEL}, left out`,
    ])
  })

  it('S20 ends a truncated stream with an error', async () => {
    for (const fault of ['end-after=9', 'cut-after=9']) {
      const gateway = await openTestGateway()
      const messages = [{ role: 'user', content: `[[sim:${fault}]] one two three four` }]
      const text = await streamed(gateway, { model: MODEL, messages })
      assert.match(text, /"code":"upstream_incomplete"/, fault)
      assert.doesNotMatch(text, /\[DONE\]/)
    }
  })

  it('S22 answers with an HTTP status when it fails before the first text', async () => {
    for (const fault of ['error-event=openai', 'error-event=failed']) {
      const gateway = await openTestGateway()
      const messages = [{ role: 'user', content: `[[sim:${fault}]] Hello` }]
      const { status, error, calls } = await gateway.fail({ model: MODEL, messages, stream: true })
      assert.equal(status, 502)
      assert.equal(error.code, 'upstream_unavailable')
      assert.match(error.message, /The server had an error/)
      assert.equal(calls.length, 3)
    }
  })

  it('E10 is called through the native endpoint when OCI does not serve it there, and this is remembered', async () => {
    const gateway = await openTestGateway({
      config: { models: { 'xai.grok-4': { format: 'RESPONSES' } } },
      upstream: ({ url }) =>
        url.pathname === RESPONSES
          ? refusing(400, { code: '400', message: 'Unsupported OpenAI operation' })()
          : undefined,
    })
    const body = { model: 'xai.grok-4', messages: HELLO }
    assert.deepEqual(pathsOf(await gateway.ask(body)), [RESPONSES, ACTIONS])
    assert.deepEqual(pathsOf(await gateway.ask(body)), [RESPONSES, ACTIONS])
    assert.deepEqual(pathsOf(await gateway.stream(body)), [ACTIONS])
  })

  it('E12 is called with store: false, as a tenancy with zero data retention requires', async () => {
    const message =
      'Previous response cannot be used for this organization due to Zero Data Retention.'
    const gateway = await openTestGateway({
      upstream: ({ json }) =>
        json['store'] === false ? undefined : refusing(400, { error: { message } })(),
    })
    const { status } = await gateway.ask({ model: MODEL, messages: HELLO })
    assert.equal(status, 200)
  })

  it('reports an error that OCI sends with status 200', async () => {
    const message = 'Please pass in correct format of request.'
    const gateway = await openTestGateway({
      upstream: () => Response.json({ error: { code: 'invalid_request', message } }),
    })
    const { status, error } = await gateway.fail({ model: MODEL, messages: HELLO })
    assert.equal(status, 400)
    assert.match(error.message, /correct format of request/)
  })
})

describe("/v1/responses of OCI's OpenAI endpoint", () => {
  it('is passed on unchanged, and stored responses can be read and deleted', async () => {
    const gateway = await openTestGateway({ config: { ...RELAYED, aliases: { g: 'xai.grok-4' } } })
    const answer = await postResponse(gateway, { model: 'g', input: 'Hello', store: true })
    const response = await answer.json()
    assert.equal(answer.status, 200, JSON.stringify(response))
    assert.deepEqual([response.object, response.status, response.model], [
      'response',
      'completed',
      'g',
    ])
    const next = await postResponse(gateway, {
      model: 'g',
      input: 'And now?',
      previous_response_id: response.id,
    })
    assert.equal(next.status, 200)
    assert.deepEqual(gateway.calls.at(-1)?.json, {
      ...{ model: 'xai.grok-4', input: 'And now?' },
      previous_response_id: response.id,
    })
    const path = `/v1/responses/${response.id}`
    assert.equal((await (await gateway.fetch(path)).json()).id, response.id)
    assert.equal((await (await gateway.fetch(path, { method: 'DELETE' })).json()).deleted, true)
    assert.equal((await gateway.fetch(path)).status, 404)
  })

  it('keeps the tools that OCI runs', async () => {
    const gateway = await openTestGateway({ config: RELAYED })
    const body = { model: 'xai.grok-4', input: 'Hello', tools: [{ type: 'web_search' }] }
    const answer = await postResponse(gateway, body)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('x-oci-gateway-warnings'), null)
    assert.deepEqual(gateway.calls.at(-1)?.json, body)
  })

  it('asks OCI for the items of a response that the gateway did not create', async () => {
    const gateway = await openTestGateway({
      upstream: ({ url }) =>
        url.pathname.endsWith('/input_items')
          ? Response.json({ object: 'list', data: [] })
          : undefined,
    })
    const answered = await gateway.fetch('/v1/responses/resp_1/input_items?limit=2')
    assert.deepEqual(await answered.json(), { object: 'list', data: [] })
    const { href } = gateway.calls.at(-1)?.url ?? {}
    assert.match(href ?? '', /\/openai\/v1\/responses\/resp_1\/input_items\?limit=2$/)
  })

  it('calls no other path of OCI, whatever the id contains', async () => {
    const gateway = await openTestGateway()
    const ids = ['%2e%2e', '..%2f..', 'a%2f%2e%2e%2fb', '%252e%252e', '..;', 'a%3fb', 'a%23b']
    for (const id of ids.flatMap((id) => [id, `${id}/input_items`])) {
      const { status } = await gateway.fetch(`/v1/responses/${id}`)
      assert.ok(status === 400 || status === 404, id)
    }
    assert.deepEqual(gateway.calls, [])
  })

  it('is streamed unchanged, without an added [DONE]', async () => {
    const gateway = await openTestGateway({ config: RELAYED })
    const answer = await postResponse(gateway, {
      model: 'xai.grok-4',
      input: 'Hello',
      stream: true,
    })
    const text = await answer.text()
    assert.match(text, /^event: response\.created\n/)
    assert.match(text, /"type":"response\.completed"/)
    assert.doesNotMatch(text, /\[DONE\]/)
  })

  it('ends a truncated stream with an error', async () => {
    const cut = 'event: response.created\ndata: {"type":"response.created","sequence_number":0}\n\n'
    const gateway = await openTestGateway({ config: RELAYED, upstream: sse(cut) })
    const answer = await postResponse(gateway, {
      model: 'xai.grok-4',
      input: 'Hello',
      stream: true,
    })
    const [, error = ''] = (await answer.text()).split(cut)
    assert.match(error, /^event: error\ndata: \{"type":"error","code":"upstream_incomplete"/)
  })

  it('rejects a request without a model', async () => {
    const gateway = await openTestGateway()
    const refused = await postResponse(gateway, { input: 'Hello' })
    assert.equal(refused.status, 400)
    assert.equal((await refused.json()).error.param, 'model')
  })
})

/** Refuses chat completions as a multi-agent model does; Responses accepts them. */
function singleAgent({ url }: UpstreamCall): Response | undefined {
  const message = 'Multi Agent requests are not allowed on chat completions'
  if (url.pathname === RESPONSES) return undefined
  return Response.json({ error: { message } }, { status: 400 })
}

function pathsOf({ calls }: { calls: readonly UpstreamCall[] }): string[] {
  return calls.map(({ url }) => url.pathname)
}

function postResponse(
  gateway: Awaited<ReturnType<typeof openTestGateway>>,
  body: object,
): Promise<Response> {
  return gateway.fetch('/v1/responses', { method: 'POST', body: JSON.stringify(body) })
}

async function streamed(
  gateway: Awaited<ReturnType<typeof openTestGateway>>,
  body: object,
): Promise<string> {
  const response = await gateway.fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ ...body, stream: true }),
  })
  assert.equal(response.status, 200)
  return await response.text()
}
