import fc from 'fast-check'

/** A request to `POST /v1/chat/completions`, valid or invalid. */
export interface FuzzedRequest {
  model: string
  messages: readonly unknown[]
  [member: string]: unknown
}

/** Mostly a usual value, sometimes an odd one. */
function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: odd })
}

const text = fc.oneof(
  fc.constantFrom('', ' ', 'Hello', '日本 🦊', '\ud83d', 'line\nline', '<tool_call>', '[DONE]'),
  fc.string({ maxLength: 30 }),
)
const name = fc.oneof(
  fc.constantFrom('get_weather', 'mcp.server:do thing', '1st', 'with-dash', '__proto__', ''),
  fc.string({ minLength: 1, maxLength: 80 }),
)
const id = fc.oneof(
  fc.constantFrom('call_1', 'call_2', 'call_3', '', 'a|b', 'x'.repeat(70)),
  fc.string({ maxLength: 10 }),
)
const argumentsText = fc.oneof(
  fc.constantFrom('{}', '', '{"a":1}', '"{\\"a\\":1}"', "{'a': 1}", '[1]', 'null', '{"a":'),
  fc.json({ maxDepth: 2 }),
)

const part = fc.oneof(
  { weight: 60, arbitrary: text.map((text) => ({ type: 'text', text })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      { type: 'image_url', image_url: 'data:image/png;base64,iVBORw0KGgo=' },
      { type: 'image_url', image_url: { url: 'http://169.254.169.254/' } },
      { type: 'input_audio', input_audio: { data: 'UklG', format: 'wav' } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=' } },
      { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } },
      { type: 'unheard_of', value: 1 },
      { type: 'text' },
    ),
  },
)
const content = mostly<unknown>(
  fc.oneof(text, fc.array(part, { minLength: 1, maxLength: 3 })),
  fc.constantFrom([], null, undefined),
)

const call = fc.record({
  id,
  type: fc.constant('function'),
  function: fc.record({ name, arguments: argumentsText }),
})
const result = fc.record({
  role: fc.constant('tool'),
  tool_call_id: id,
  content: fc.oneof(text, fc.array(part, { maxLength: 2 })),
})
const message = fc.oneof(
  fc.record({ role: fc.constantFrom('system', 'developer'), content: text }),
  fc.record({ role: fc.constant('user'), content, name: fc.constantFrom(undefined, 'bob') }),
  fc.record({
    role: fc.constant('assistant'),
    content: fc.oneof(text, fc.constantFrom(null, undefined)),
    tool_calls: fc.option(fc.array(call, { maxLength: 3 }), { nil: undefined }),
    reasoning_content: fc.option(text, { nil: undefined }),
  }),
  result,
)

/** A valid turn of tool calls with their results and unique ids. */
const round = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.boolean(), fc.nat())
  .map(([count, hasText, interrupts, salt]) => {
    const ids = Array.from({ length: count }, (_, index) => `call${salt}x${index}`)
    const calls = ids.map((id, index) => ({
      id,
      type: 'function',
      function: { name: index === 0 ? 'get_weather' : 'get_time', arguments: '{"city":"Paris"}' },
    }))
    const results = ids.map((id) => ({ role: 'tool', tool_call_id: id, content: markerOf(id) }))
    return [
      { role: 'assistant', content: hasText ? 'Let me see' : null, tool_calls: calls },
      ...(salt % 2 === 0 ? results : results.toReversed()),
      ...(interrupts ? [{ role: 'user', content: [{ type: 'text', text: 'And?' }] }] : []),
    ]
  })

/** Returns the unique text of a result. */
export function markerOf(id: string): string {
  return `result of ${id}`
}

const schema = fc.oneof(
  fc.constantFrom<unknown>(
    { type: 'object', properties: { city: { type: 'string' } }, required: ['city', 'ghost'] },
    { type: 'object', properties: { title: { $ref: '#/$defs/A' } }, $defs: { A: { const: 1 } } },
    { $ref: '#' },
    { type: ['object', 'null'], anyOf: [{ type: 'string' }, { type: 'null' }] },
    { type: 'object', patternProperties: { '^.*$': {} }, '~optional': true },
    {},
    null,
  ),
  fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 }),
)
const tool = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('function'),
      function: fc.record({
        name: fc.oneof(fc.constantFrom('get_weather', 'get_time'), name),
        description: fc.option(text, { nil: undefined }),
        parameters: schema,
        strict: fc.constantFrom(undefined, true, false),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ type: 'web_search_preview' }, { type: 'custom' }) },
)

const oddNumber: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.7, 1e9, null),
  fc.double({ noNaN: true }),
)
const parameters = fc.record({
  stream: fc.boolean(),
  stream_options: fc.constantFrom(null, { include_usage: true }),
  max_tokens: mostly(fc.constantFrom<unknown>(undefined, null, 1, 800), oddNumber),
  max_completion_tokens: fc.constantFrom(undefined, 1, 500, 1_000_000),
  temperature: mostly(fc.constantFrom<unknown>(undefined, 0, 0.7), oddNumber),
  top_p: mostly(fc.constantFrom<unknown>(undefined, 1), oddNumber),
  top_k: fc.constantFrom(undefined, 0, 20),
  n: fc.constantFrom(undefined, 1, 2, 3),
  stop: fc.constantFrom(undefined, null, 'END', ['a', 'b']),
  seed: mostly(fc.constantFrom<unknown>(undefined, 7), fc.constant(2 ** 60)),
  logprobs: fc.constantFrom(undefined, true, false),
  top_logprobs: fc.constantFrom(undefined, 0, 3),
  logit_bias: fc.constantFrom(undefined, { '6395': 2 }),
  tools: fc.option(fc.array(tool, { maxLength: 4 }), { nil: undefined }),
  tool_choice: fc.constantFrom<unknown>(
    ...[undefined, 'auto', 'none', 'required'],
    { type: 'function', function: { name: 'get_weather' } },
  ),
  parallel_tool_calls: fc.constantFrom(undefined, true, false),
  response_format: fc.oneof(
    fc.constantFrom<unknown>(undefined, { type: 'text' }, { type: 'json_object' }),
    schema.map((schema) => ({ type: 'json_schema', json_schema: { name: 'a b', schema } })),
  ),
  reasoning_effort: mostly(
    fc.constantFrom<unknown>(undefined, 'none', 'low', 'high', 'xhigh'),
    fc.constant('huge'),
  ),
  verbosity: fc.constantFrom(undefined, 'low'),
  metadata: fc.constantFrom<unknown>(undefined, { a: 'b' }, { a: 1 }),
  service_tier: fc.constantFrom(undefined, 'auto', 'flex'),
  prediction: fc.constantFrom(undefined, { type: 'content', content: 'abc' }),
  web_search_options: fc.constantFrom(undefined, {}),
  store: fc.constantFrom(undefined, true),
  unheard_of: fc.constantFrom(undefined, 1),
}, { requiredKeys: [] })

const messages = fc.array(fc.oneof(message.map((one) => [one]), round), { maxLength: 5 })
  .map((turns): unknown[] => turns.flat())

/** Creates requests to any of the models; about half of them are valid. */
export function fuzzedRequests(models: readonly string[]): fc.Arbitrary<FuzzedRequest> {
  const hello = [{ role: 'user', content: 'Hello' }]
  const hellos = mostly<unknown[]>(fc.constant(hello), fc.constant([]))
  return fc.tuple(fc.constantFrom(...models), hellos, messages, hellos, parameters)
    .map(([model, begin, rest, end, options]) => ({
      ...options,
      model,
      messages: [...begin, ...rest, ...end],
    }))
}
