import assert from 'node:assert/strict'
import { it } from 'node:test'
import OpenAI from 'openai'
import { type ContractTarget, type GetTarget, post, postInterrupted } from './target.ts'

const MODEL = 'xai.grok-4'
const WEATHER = {
  type: 'function' as const,
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: false,
}
const TIME = { ...WEATHER, name: 'get_time', description: 'The time of a city' }

/** OpenAI's Responses, translated: streams, and the real `openai` package. */
export function testResponses(target: GetTarget): void {
  const client = () => {
    const { url, key } = target()
    return new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
  }

  it('N01 responses: responds with and without /v1', async () => {
    for (const path of ['/v1/responses', '/responses']) {
      const asked = { model: MODEL, instructions: 'Be brief', input: 'Hello' }
      const response = await post(target(), path, asked)
      const json = await response.json()
      assert.equal(response.status, 200)
      assert.match(json.id, /^resp_gw[a-z0-9]{24}$/)
      assert.match(json.output[0].content[0].text, /You said: Hello/)
    }
  })

  it('N05 responses: passes on each event as it arrives', async () => {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), 60_000)
    const body = { model: MODEL, stream: true, input: '[[sim:stall-after=4]] one two three four' }
    const response = await post(target(), '/v1/responses', body, { signal: abort.signal })
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true })
      if (text.includes('output_text.delta') && text.includes(': keep-alive\n\n')) break
    }
    clearTimeout(timer)
    abort.abort()
    assert.match(text, /^event: response\.created\ndata: \{"type":"response\.created"/)
    assert.doesNotMatch(text, /response\.completed/)
  })

  it('N05 responses: numbers and names the events of a stream', async () => {
    const events = await eventsOf(target(), { model: MODEL, input: 'one two three' })
    assert.deepEqual(events.map(({ sequence_number: at }) => at), events.map((_, at) => at))
    assert.equal(events.at(-1)?.type, 'response.completed')
  })

  it('N07 responses: fails when the stream is truncated', async () => {
    const body = { model: MODEL, input: '[[sim:stall-after=3]] one two three four' }
    const hasText = (stream: string) => stream.includes('output_text.delta')
    const events = readEvents(await postInterrupted(target(), '/v1/responses', body, hasText))
    const last = events.at(-1)
    assert.equal(last?.type, 'response.failed')
    assert.equal(last?.response?.error?.code, 'server_error')
  })

  it('openai: responses are created', async () => {
    const response = await client().responses.create({ model: MODEL, input: 'Hello' })
    assert.match(response.output_text, /You said: Hello/)
    assert.ok((response.usage?.total_tokens ?? 0) > 0)
  })

  it('N06 openai: responses are streamed, with parallel calls and their results', async () => {
    const input: OpenAI.Responses.ResponseInputItem[] = [
      { role: 'user', content: 'Use get_weather and get_time for Paris' },
    ]
    const asked = { model: MODEL, tools: [WEATHER, TIME] }
    const first = await client().responses.stream({ ...asked, input }).finalResponse()
    const calls = first.output.filter((item) => item.type === 'function_call')
    assert.deepEqual(calls.map(({ name }) => name).toSorted(), ['get_time', 'get_weather'])
    const outputs = calls.map(({ call_id }) => ({
      type: 'function_call_output' as const,
      call_id,
      output: '18',
    }))
    const history = [...input, ...calls, ...outputs]
    const second = await client().responses.stream({ ...asked, input: history }).finalResponse()
    assert.equal(second.status, 'completed')
    assert.match(second.output_text, /18/)
  })

  it('N04 openai: rejects previous responses when none are stored', async () => {
    const failure = client().responses.create({
      model: MODEL,
      input: 'And now?',
      previous_response_id: 'resp_gwabcdefghijklmnopqrstuvwx',
    })
    await assert.rejects(failure, { status: 400, param: 'previous_response_id' })
  })
}

interface Event {
  type: string
  sequence_number: number
  response?: { error?: { code: string } | null }
}

async function eventsOf(target: ContractTarget, body: object): Promise<Event[]> {
  const response = await post(target, '/v1/responses', { ...body, stream: true })
  assert.equal(response.status, 200)
  return readEvents(await response.text())
}

function readEvents(text: string): Event[] {
  const events = text.split('\n\n').filter((event) => event.startsWith('event: '))
  return events.map((event) => {
    const [, name, json = ''] = /^event: (\S+)\ndata: (.*)$/.exec(event) ?? []
    const parsed: Event = JSON.parse(json)
    assert.equal(parsed.type, name)
    return parsed
  })
}
