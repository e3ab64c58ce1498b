import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from '../cases/gateway.ts'

/** Values on which a conversion to text or a look-up in a plain object fails. Written as JSON, because
 * a literal `__proto__` would set the prototype.
 */
const ODD = [
  '{"toString":1,"valueOf":1}',
  '{"hasOwnProperty":1,"constructor":1}',
  '{"__proto__":{"type":"text"}}',
  '[[[{"toString":null}]]]',
  '"toString"',
  '"__proto__"',
  '"constructor"',
  '"hasOwnProperty"',
]

const DATA_URL = 'data:image/png;base64,iVBORw0KGgo='
const PARAMETERS = { type: 'object', properties: { a: { type: 'string', enum: ['x'] } } }

const chat = {
  model: 'xai.grok-4',
  messages: [
    { role: 'system', content: [{ type: 'text', text: 's' }] },
    {
      role: 'user',
      content: [{ type: 'text', text: 'Hi' }, { type: 'image_url', image_url: { url: DATA_URL } }],
    },
    {
      role: 'assistant',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: [{ type: 'text', text: 'r' }] },
    { role: 'function', name: 'f', content: 'r' },
    { role: 'user', content: 'Hi' },
  ],
  tools: [{ type: 'function', function: { name: 'f', parameters: PARAMETERS } }],
  tool_choice: { type: 'function', function: { name: 'f' } },
  response_format: { type: 'json_schema', json_schema: { name: 'n', schema: PARAMETERS } },
  stop: ['x'],
  stream_options: { include_usage: true },
  reasoning_effort: 'low',
  verbosity: 'low',
  logit_bias: { 5: 1 },
  metadata: { k: 'v' },
  service_tier: 'auto',
  modalities: ['text'],
  prediction: { type: 'content', content: 'x' },
  web_search_options: { user_location: { approximate: { city: 'c' } } },
}

const responses = {
  model: 'xai.grok-4',
  instructions: 'i',
  input: [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 't' }] },
    { type: 'function_call', call_id: 'c', name: 'f', namespace: 'n', arguments: '{}' },
    { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'r' }] },
    { type: 'web_search_call', id: 'w', status: 'completed', action: { type: 'search' } },
    { type: 'shell_call', call_id: 's', action: { commands: ['ls'] } },
    { type: 'shell_call_output', call_id: 's', output: [{ stdout: 'x' }] },
    { role: 'user', content: 'Hi' },
  ],
  tools: [
    { type: 'function', name: 'f', parameters: PARAMETERS },
    { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'd' } },
    { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }] },
    { type: 'web_search' },
  ],
  tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
  text: { format: { type: 'json_schema', name: 'n', schema: PARAMETERS }, verbosity: 'low' },
  reasoning: { effort: 'low', summary: 'auto' },
  include: ['reasoning.encrypted_content'],
  truncation: 'auto',
  metadata: { k: 'v' },
  service_tier: 'auto',
}

const messages = {
  model: 'xai.grok-4',
  max_tokens: 10,
  system: [{ type: 'text', text: 's' }],
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 't', signature: 's' },
        { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
        { type: 'tool_use', id: 't', name: 'f', input: { a: 'x' } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'r' }] },
        { type: 'document', title: 'd', source: { type: 'text', data: 'x' } },
        {
          type: 'image',
          source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
        },
      ],
    },
  ],
  tools: [{ name: 'f', input_schema: PARAMETERS }, { type: 'bash_20250124', name: 'bash' }],
  tool_choice: { type: 'tool', name: 'f' },
  thinking: { type: 'enabled', budget_tokens: 5, display: 'omitted' },
  output_config: { effort: 'low', format: { type: 'json_schema', schema: PARAMETERS } },
  stop_sequences: ['x'],
  service_tier: 'auto',
  context_management: { edits: [{ type: 'clear' }] },
}

const requests: [path: string, body: object][] = [
  ['/v1/chat/completions', chat],
  ['/v1/responses', responses],
  ['/v1/messages', messages],
  ['/v1/messages/count_tokens', messages],
  ['/v1/completions', { model: 'xai.grok-4', prompt: ['Hi'], stop: 'x', logit_bias: { 5: 1 } }],
  ['/v1/embeddings', {
    model: 'cohere.embed-v4.0',
    input: ['a', { type: 'text', text: 'b' }],
    input_type: 'search_query',
    truncate: 'end',
    encoding_format: 'float',
  }],
  ['/v1/moderations', { model: 'm', input: [{ type: 'text', text: 'a' }] }],
  ['/v1/rerank', {
    model: 'cohere.rerank-v4.0-pro',
    query: 'q',
    documents: ['d', { text: 't', a: 'x' }],
    rank_fields: ['a'],
  }],
]

describe('an unexpected value in a request', () => {
  for (const [path, body] of requests) {
    it(`F14: causes no internal error of ${path}, in any position`, async () => {
      const gateway = await openTestGateway()
      const headers = { 'content-type': 'application/json' }
      const post = (json: string) => gateway.fetch(path, { method: 'POST', headers, body: json })
      const whole = await post(JSON.stringify(body))
      // Only a valid request has all of its parts read.
      assert.equal(whole.status, 200, await whole.text())
      for (const json of mutate(body)) {
        const response = await post(json)
        const text = await response.text()
        assert.ok(response.status < 500, `${response.status} ${text} for ${json}`)
      }
    })
  }

  it('F14: names the type of the invalid value', async () => {
    const gateway = await openTestGateway()
    const init = {
      method: 'POST',
      body: '{"model":"xai.grok-4","input":[{"type":{"toString":1}}]}',
    }
    const response = await gateway.fetch('/v1/responses', init)
    const { error } = await response.json()
    assert.equal(response.status, 400)
    assert.equal(error.param, 'input[0]')
  })
})

/** The body as JSON, with each of its values replaced by each odd value. */
function* mutate(body: object): Generator<string> {
  for (const path of pathsOf(body)) {
    for (const odd of ODD) yield write(body, path, odd)
  }
}

type Path = readonly string[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]))
  return path.length === 0 ? inner : [path, ...inner]
}

function write(value: unknown, [key, ...rest]: Path, odd: string): string {
  if (key === undefined) return odd
  const written = Object.entries(value as object).map(([name, each]) => {
    const json = name === key ? write(each, rest, odd) : JSON.stringify(each)
    return Array.isArray(value) ? json : `${JSON.stringify(name)}:${json}`
  })
  return Array.isArray(value) ? `[${written.join()}]` : `{${written.join()}}`
}
