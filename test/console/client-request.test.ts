import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import {
  type Api,
  buildRequest,
  curlCommand,
  FormError,
  type PromptForm,
  type Turn,
} from '../../src/console/client-request.ts'

const IMAGE = 'data:image/png;base64,AAAA'
const TURNS: readonly Turn[] = [
  { role: 'user', text: 'one' },
  { role: 'assistant', text: 'two' },
  { role: 'user', text: 'three', image: IMAGE },
]
const SCHEMA = { type: 'object' }
const TOOL = { name: 'get', description: 'Gets', parameters: { type: 'object' } }

const form = (api: Api, part: Partial<PromptForm> = {}): PromptForm => ({
  ...{ api, model: 'm', system: '', tools: '', schema: '', maxTokens: '', temperature: '' },
  ...part,
})
const FULL = {
  system: ' Be brief ',
  tools: JSON.stringify([{ type: 'function', function: TOOL }]),
  schema: JSON.stringify(SCHEMA),
  maxTokens: '50',
  temperature: '0.5',
}

describe('buildRequest()', () => {
  it('builds a request of Chat Completions', () => {
    assert.deepEqual(buildRequest(form('chat', FULL), TURNS), {
      path: 'v1/chat/completions',
      headers: { 'content-type': 'application/json' },
      body: {
        model: 'm',
        messages: [
          { role: 'system', content: 'Be brief' },
          { role: 'user', content: 'one' },
          { role: 'assistant', content: 'two' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'three' },
              { type: 'image_url', image_url: { url: IMAGE } },
            ],
          },
        ],
        tools: [{ type: 'function', function: TOOL }],
        response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA } },
        max_tokens: 50,
        temperature: 0.5,
        stream: true,
        stream_options: { include_usage: true },
      },
    })
  })

  it('builds a request of Responses', () => {
    assert.deepEqual(buildRequest(form('responses', FULL), TURNS).body, {
      model: 'm',
      instructions: 'Be brief',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'one' }] },
        { role: 'assistant', content: [{ type: 'output_text', text: 'two' }] },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'three' },
            { type: 'input_image', image_url: IMAGE },
          ],
        },
      ],
      tools: [{ type: 'function', ...TOOL }],
      text: { format: { type: 'json_schema', name: 'answer', schema: SCHEMA } },
      max_output_tokens: 50,
      temperature: 0.5,
      store: false,
      stream: true,
    })
  })

  it('builds a request of Messages', () => {
    const { path, headers, body } = buildRequest(form('messages', FULL), TURNS)
    assert.equal(path, 'v1/messages')
    assert.equal(headers['anthropic-version'], '2023-06-01')
    assert.deepEqual(body, {
      model: 'm',
      max_tokens: 50,
      system: 'Be brief',
      messages: [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'two' },
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
            { type: 'text', text: 'three' },
          ],
        },
      ],
      tools: [{ name: 'get', description: 'Gets', input_schema: { type: 'object' } }],
      output_config: { format: { type: 'json_schema', schema: SCHEMA } },
      temperature: 0.5,
      stream: true,
    })
  })

  it('leaves out what is empty', () => {
    const turns: readonly Turn[] = [{ role: 'user', text: 'x' }]
    assert.deepEqual(Object.keys(buildRequest(form('chat'), turns).body), [
      ...['model', 'messages', 'stream', 'stream_options'],
    ])
    assert.deepEqual(Object.keys(buildRequest(form('messages'), turns).body), [
      ...['model', 'max_tokens', 'messages', 'stream'],
    ])
  })

  it('accepts a single tool without its envelope', () => {
    const { body } = buildRequest(form('chat', { tools: JSON.stringify(TOOL) }), TURNS)
    assert.deepEqual((body as { tools: unknown }).tools, [{ type: 'function', function: TOOL }])
  })

  const invalid: [field: keyof PromptForm, text: string, message: RegExp][] = [
    ['tools', '[', /^Not valid JSON/],
    ['tools', '[1]', /needs a "name"/],
    ['schema', '[]', /must be a JSON object/i],
    ['schema', 'x', /^Not valid JSON/],
    ['maxTokens', 'many', /must be a number/i],
    ['temperature', '-1', /must be a number/i],
  ]
  for (const [field, text, message] of invalid) {
    it(`rejects ${field} ${text}`, () => {
      const error = (thrown: unknown) =>
        thrown instanceof FormError && thrown.field === field && message.test(thrown.message)
      assert.throws(() => buildRequest(form('chat', { [field]: text }), TURNS), error)
    })
  }
})

describe('curlCommand()', () => {
  it('is a command that a shell reads as the request', () => {
    const request = buildRequest(form('chat'), [{ role: 'user', text: `it's "so" $HOME` }])
    const command = curlCommand('http://localhost:8050', request, true)
    const script = `curl() { printf '%s\\0' "$@"; }\nGATEWAY_KEY=k\n${command}`
    const words = execFileSync('sh', ['-c', script]).toString().split('\0').slice(0, -1)
    assert.deepEqual(words.slice(0, -1), [
      ...['-N', 'http://localhost:8050/v1/chat/completions'],
      ...['-H', 'content-type: application/json', '-H', 'authorization: Bearer k', '-d'],
    ])
    assert.deepEqual(JSON.parse(words.at(-1) ?? ''), request.body)
  })
})
