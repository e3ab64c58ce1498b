import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { NOW } from '../caller.ts'
import { call, say } from '../families/shapes.ts'
import { createOpenAiCaller, type OpenAiCaller, withoutIds } from '../openai/endpoint.ts'

const PATH = '/responses'
const MODEL = 'xai.grok-3'
const TOOL = {
  type: 'function',
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
}
const USER = { role: 'user', content: 'Hi' }
const CALL = { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{}' }
const RESULT = { type: 'function_call_output', call_id: 'call_1', output: 'sunny' }
const IMAGE = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' }

const verdicts: [name: string, body: object, verdict: string][] = [
  ['accepts a text', { input: 'Hi' }, '200'],
  ['accepts items, including messages without a type', { input: [USER] }, '200'],
  ['requires the input', {}, "400 Missing required parameter: 'input'."],
  ['requires some input', { input: [] }, "400 Invalid 'input': empty. Expected at least one item."],
  [
    'rejects the parameters of chat completions',
    { input: 'Hi', max_tokens: 5 },
    "400 Unknown parameter: 'max_tokens'.",
  ],
  [
    'rejects the parts of chat completions',
    { input: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] },
    "400 Invalid value: 'text'. Supported values are: 'input_text', 'input_image', 'input_file', " +
    "'output_text', 'refusal'.",
  ],
  [
    'rejects the tools of chat completions',
    { input: 'Hi', tools: [{ type: 'function', function: { name: 'f' } }] },
    "400 Unknown parameter: 'tools[0].function'.",
  ],
  ["accepts Oracle's tools", { input: 'Hi', tools: [{ type: 'web_search' }] }, '200'],
  [
    'rejects tools without Oracle support',
    { input: 'Hi', tools: [{ type: 'namespace', name: 'x' }] },
    "400 Invalid value: 'namespace'. Supported values are: 'function', 'file_search', " +
    "'code_interpreter', 'mcp', 'x_search', 'web_search', 'image_generation'.",
  ],
  ['accepts a call with its result', { input: [USER, CALL, RESULT] }, '200'],
  [
    'requires a result for every call',
    { input: [USER, CALL] },
    '400 No tool output found for function call call_1.',
  ],
  [
    'requires a call for every result',
    { input: [USER, RESULT] },
    '400 No tool call found for function call output with call_id call_1.',
  ],
  [
    'rejects images for models without image input',
    { input: [{ role: 'user', content: [IMAGE] }] },
    '400 Content type input_image is not supported with this model.',
  ],
  [
    'rejects empty texts for gpt-oss',
    { model: 'openai.gpt-oss-20b', input: [{ role: 'user', content: '' }] },
    '400 Message content cannot be empty',
  ],
  [
    'rejects a choice of an unknown tool',
    { input: 'Hi', tools: [TOOL], tool_choice: { type: 'function', name: 'other' } },
    "400 Tool choice 'other' not found in 'tools' parameter.",
  ],
  [
    'does not offer Llama',
    { model: 'meta.llama-3.3-70b-instruct', input: 'Hi' },
    '400 Unsupported OpenAI operation',
  ],
  [
    'does not offer Cohere',
    { model: 'cohere.command-a-03-2025', input: 'Hi' },
    '400 Unsupported OpenAI operation',
  ],
  ['offers multi-agent models', { model: 'xai.grok-4.20-multi-agent-0309', input: 'Hi' }, '200'],
  ['offers Responses-only models', { model: 'openai.gpt-5.5-pro', input: 'Hi' }, '200'],
  [
    'does not find an unknown response',
    { input: 'Hi', previous_response_id: 'resp_1' },
    "400 Previous response with id 'resp_1' not found.",
  ],
  ['follows directives', { input: 'Hi [[sim:status=503]]' }, '503 Service Unavailable'],
]

describe('POST /openai/v1/responses', () => {
  let caller: OpenAiCaller
  before(async () => {
    caller = await createOpenAiCaller()
  })

  for (const [name, body, verdict] of verdicts) {
    it(name, async () => {
      assert.equal(await caller.verdict(PATH, { model: MODEL, ...body }), verdict)
    })
  }

  it('answers without streaming', async () => {
    const body = { model: MODEL, input: say('Good day'), metadata: { a: 'b' }, store: false }
    const response = await (await caller.post(PATH, body)).json()
    assert.deepEqual(withoutIds(response), {
      ...unsaid({ metadata: { a: 'b' }, store: false }),
      status: 'completed',
      output: [message('Good day')],
      usage: usage(1, 2),
    })
  })

  it('N05 streams typed events with sequence numbers', async () => {
    const events = await caller.stream(PATH, { model: MODEL, input: say('Good day') })
    const part = { type: 'output_text', text: '' }
    const said = { ...part, text: 'Good day', annotations: null }
    const at = { output_index: 0, item_id: 'msg_' }
    const inner = { ...at, content_index: 0 }
    const end = { ...unsaid(), status: 'completed', output: [message('Good day')] }
    const opened = { ...message(''), status: 'in_progress', content: [] }
    assert.deepEqual(
      events.map(withoutIds),
      [
        { type: 'response.created', response: unsaid() },
        { type: 'response.in_progress', response: unsaid() },
        { type: 'response.output_item.added', output_index: 0, item: opened },
        { type: 'response.content_part.added', ...inner, part },
        { type: 'response.output_text.delta', ...inner, delta: 'Good' },
        { type: 'response.output_text.delta', ...inner, delta: ' day' },
        { type: 'response.output_text.done', ...inner, text: 'Good day' },
        { type: 'response.content_part.done', ...inner, part: said },
        { type: 'response.output_item.done', output_index: 0, item: message('Good day') },
        { type: 'response.completed', response: { ...end, usage: usage(1, 2) } },
      ].map((event, sequence_number) => ({ ...event, sequence_number })),
    )
  })

  it('names every event by its type, and ends without [DONE]', async () => {
    const body = { model: MODEL, input: 'Hi', stream: true }
    const text = await (await caller.post(PATH, body)).text()
    const blocks = text.split('\n\n').filter(Boolean)
    const names = blocks.map((block) => /^event: (\S+)\ndata: \{"type":"(\S+?)"/.exec(block))
    assert.ok(names.every((match) => match && match[1] === match[2]))
    assert.doesNotMatch(text, /DONE/)
  })

  it('N06 separates two calls by their items', async () => {
    const input = `${call('get_weather', '{"city":"A"}')}${call('get_weather', '{"city":"B"}')}`
    const events = await caller.stream(PATH, { model: MODEL, input, tools: [TOOL] })
    const done = find(events, 'response.function_call_arguments.done')
    assert.deepEqual(done.map((event) => [event['output_index'], event['arguments']]), [
      [0, '{"city":"A"}'],
      [1, '{"city":"B"}'],
    ])
    assert.equal(new Set(done.map((event) => event['item_id'])).size, 2)
  })

  it('returns reasoning summaries and encrypted content on request', async () => {
    const body = {
      model: 'openai.gpt-oss-20b',
      input: 'Hi',
      reasoning: { summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    }
    const { output: [thoughts] } = await (await caller.post(PATH, body)).json()
    assert.deepEqual(thoughts.summary, [{
      type: 'summary_text',
      text: 'The user said 1 words. Answer them.',
    }])
    assert.match(thoughts.encrypted_content, /^gAAAA/)
  })

  it('N07 is incomplete when the limit is reached', async () => {
    const body = { model: MODEL, input: 'Hi', max_output_tokens: 2 }
    const events = await caller.stream(PATH, body)
    const [end] = find(events, 'response.incomplete')
    assert.deepEqual(pick(end?.['response'], ['status', 'incomplete_details']), {
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    })
    assert.deepEqual(find(events, 'response.completed'), [])
  })

  it('omits usage by directive', async () => {
    const body = { model: MODEL, input: 'Hi [[sim:no-usage]]' }
    assert.equal((await (await caller.post(PATH, body)).json()).usage, null)
  })

  it('N07 is incomplete with a finish reason by directive', async () => {
    const body = { model: MODEL, input: 'Hi [[sim:finish=content_filter]]' }
    const response = await (await caller.post(PATH, body)).json()
    assert.deepEqual(response.incomplete_details, { reason: 'content_filter' })
  })

  it('N07 sends an error within a stream by directive', async () => {
    const input = 'Hi [[sim:error-event=failed]]'
    const [event] = find(await caller.stream(PATH, { model: MODEL, input }), 'response.failed')
    assert.deepEqual(pick(event?.['response'], ['status', 'error']), {
      status: 'failed',
      error: { code: 'server_error', message: 'The server had an error' },
    })
    const other = await caller.stream(PATH, { model: MODEL, input: '[[sim:error-event=openai]]' })
    assert.equal(find(other, 'error').length, 1)
  })

  it('N04 stores responses unless store is false', async () => {
    const first = await (await caller.post(PATH, { model: MODEL, input: 'One two three' })).json()
    const after = { model: MODEL, input: 'Hi', previous_response_id: first.id }
    const second = await (await caller.post(PATH, after)).json()
    const before = first.usage.input_tokens + first.usage.output_tokens
    assert.equal(second.usage.input_tokens, before + 1)
    const path = `/openai/v1${PATH}/${first.id}`
    const got = await caller.post('', undefined, { method: 'GET', path })
    assert.deepEqual(await got.json(), first)
    const unkept = { model: MODEL, input: 'Hi', store: false }
    const { id } = await (await caller.post(PATH, unkept)).json()
    const later = await caller.verdict(PATH, { ...after, previous_response_id: id })
    assert.equal(later, `400 Previous response with id '${id}' not found.`)
  })

  it('N08 rejects storage for a tenancy with zero data retention', async () => {
    const forgetful = await createOpenAiCaller({ storeResponses: false })
    const verdict = (more: object) =>
      forgetful.verdict(PATH, { model: MODEL, input: 'Hi', ...more })
    assert.equal(await verdict({}), '200')
    assert.equal(await verdict({ store: false }), '200')
    const refusal = (name: string) => `400 '${name}' is not supported with zero data retention.`
    assert.equal(await verdict({ store: true }), refusal('store'))
    const previous = await verdict({ previous_response_id: 'resp_1' })
    assert.equal(previous, refusal('previous_response_id'))
  })
})

function unsaid(more: object = {}): object {
  return {
    id: 'resp_',
    object: 'response',
    created_at: NOW / 1000,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model: MODEL,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: true,
    temperature: 1,
    text: { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: {},
    ...more,
  }
}

function message(text: string): object {
  const content = [{ type: 'output_text', text, annotations: null }]
  return { id: 'msg_', type: 'message', status: 'completed', role: 'assistant', content }
}

function usage(input: number, output: number): object {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  }
}

function find(events: readonly unknown[], type: string): Record<string, unknown>[] {
  return events.map((event) => ({ ...Object(event) })).filter((event) => event.type === type)
}

function pick(value: unknown, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, Object(value)[name]]))
}
