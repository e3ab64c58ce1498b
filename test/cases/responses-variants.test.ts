import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { postJson } from './post-json.ts'
import { events, finish, piece, saying } from './upstream.ts'

type Wire = Record<string, unknown>

const GPT = 'openai.gpt-4.1'
const USER = { role: 'user', content: 'Go' }
const FIND = { type: 'function', name: 'find', parameters: { type: 'object', properties: {} } }
const SEARCH = { type: 'web_search', name: 'search' }

/** Members of a request, the text that OCI gets, and the warnings. */
type Row = readonly [name: string, body: object, sent: RegExp, warnings: readonly string[]]

const TOOLS: readonly Row[] = [
  [
    'R-A2 an invalid tool of a namespace is left out alone',
    {
      input: [
        {
          type: 'additional_tools',
          tools: [{ type: 'namespace', name: 'crm', tools: [FIND, { type: 'function' }, null] }],
        },
        USER,
      ],
    },
    /"name":"crm__find"/,
    [
      'input[0].tools[0].tools[1]: not a valid definition of a tool, left out',
      'input[0].tools[0].tools[2]: not a valid definition of a tool, left out',
    ],
  ],
  [
    'R-A8 a tool of OpenAI, named as a function',
    { tools: [FIND, SEARCH], tool_choice: { type: 'function', name: 'web_search' } },
    /"toolChoice":\{"type":"AUTO"/,
    [
      'tools[1]: web_search is not supported, left out',
      'tool_choice: web_search is not supported, sent as auto',
    ],
  ],
  [
    'R-A8 an invalid tool of the input',
    {
      input: [{ type: 'additional_tools', tools: [{ ...FIND, parameters: 'x' }] }, USER],
      tool_choice: { type: 'function', name: 'find' },
      tools: [{ ...FIND, name: 'look' }],
    },
    /"toolChoice":\{"type":"AUTO"/,
    [
      'input[0].tools[0]: not a valid definition of a tool, left out',
      'tool_choice: find is not supported, sent as auto',
    ],
  ],
  [
    'R-A8 a tool in the form of chat completions',
    { tools: [FIND], tool_choice: { type: 'function', function: { name: 'find' } } },
    /"toolChoice":\{"type":"FUNCTION","name":"find"/,
    [],
  ],
  [
    'R-A8 allowed tools in the form of chat completions',
    {
      tools: [FIND, SEARCH],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: {
          mode: 'required',
          tools: ['find', 'other', 'search'].map((name) => ({
            type: 'function',
            function: { name },
          })),
        },
      },
    },
    /"name":"find".*"toolChoice":\{"type":"REQUIRED"/,
    [
      'tools[1]: web_search is not supported, left out',
      'tool_choice: other is not in "tools", left out',
      'tool_choice: search is not supported, left out',
    ],
  ],
  [
    'R-A8 an object of type none',
    { tools: [FIND], tool_choice: { type: 'none' } },
    /"toolChoice":\{"type":"NONE"/,
    [],
  ],
]

const UNREAD: readonly Row[] = [
  [
    'R-A9 members of tools, once',
    {
      tools: [
        { ...FIND, cache: 1, defer_loading: true, allowed_callers: ['direct'] },
        { ...FIND, name: 'look', cache: 1 },
        { type: 'namespace', name: 'crm', tools: [{ type: 'custom', name: 'run', more: 2 }] },
      ],
    },
    /"name":"look"/,
    [
      'tools[0].cache: not supported, left out',
      'tools[2].tools[0].more: not supported, left out',
    ],
  ],
  [
    'R-A9 members of parameters',
    {
      reasoning: { context: 'all', generate_summary: 'auto' },
      text: { more: 1, format: { type: 'text', schema: {} } },
      tools: [FIND],
      tool_choice: { type: 'function', name: 'find', more: 2 },
    },
    /"toolChoice"/,
    [
      'tool_choice.more: not supported, left out',
      'text.format.schema: not supported, left out',
      'text.more: not supported, left out',
      'reasoning.context: not supported, left out',
    ],
  ],
  [
    'R-A9 members of items and parts',
    {
      input: [
        {
          ...{ type: 'message', role: 'user', mood: 1 },
          content: [
            { type: 'input_text', text: 'Go', style: 2 },
            {
              type: 'input_image',
              image_url: 'data:image/png;base64,iVBORw0KGgo=',
              detail: 'high',
            },
          ],
        },
        { type: 'function_call', call_id: 'c', name: 'find', arguments: '{}', signature: 'x' },
        {
          type: 'function_call_output',
          call_id: 'c',
          output: [{ type: 'input_text', text: 'seen', color: 3 }],
          is_error: true,
        },
      ],
    },
    /seen/,
    [
      'input[0].mood: not supported, left out',
      'input[0].content[0].style: not supported, left out',
      'input[1].signature: not supported, left out',
      'input[2].is_error: not supported, left out',
      'input[2].output[0].color: not supported, left out',
      'input[0].content[1].detail: not supported, left out',
    ],
  ],
]

/** A computer tool, the arguments that a model writes, and the members of the client's item. */
const COMPUTERS: readonly (readonly [tool: Wire, written: object, item: Wire])[] = [
  [{ type: 'computer' }, {
    actions: [
      { type: 'click', x: 1, y: 2 },
      { type: 'keypress', keys: 'ENTER' },
      { type: 'drag', path: [[1, 2], { x: 3, y: 4 }] },
      { type: 'jump' },
    ],
  }, {
    actions: [
      { type: 'click', button: 'left', x: 1, y: 2, keys: null },
      { type: 'keypress', keys: ['ENTER'] },
      { type: 'drag', path: [{ x: 1, y: 2 }, { x: 3, y: 4 }], keys: null },
      { type: 'screenshot' },
    ],
  }],
  [{ type: 'computer' }, { type: 'type', text: 'Hi' }, { actions: [{ type: 'type', text: 'Hi' }] }],
  [
    {
      type: 'computer_use_preview',
      ...{ display_width: 1024, display_height: 768, environment: 'browser' },
    },
    { action: { type: 'scroll', x: 1, y: 2, scroll_y: 100 } },
    { action: { type: 'scroll', x: 1, y: 2, scroll_x: 0, scroll_y: 100, keys: null } },
  ],
]

describe('Responses requests in unusual forms', () => {
  for (const [name, body, sent, expected] of [...TOOLS, ...UNREAD]) {
    it(name, async () => {
      const gateway = await openTestGateway()
      const { status, headers, reply, sent: [request] } = await postJson<Wire>(
        gateway,
        '/v1/responses',
        { model: GPT, input: [USER], ...body },
      )
      assert.equal(status, 200, JSON.stringify(reply))
      assert.match(JSON.stringify(request), sent)
      assert.equal(headers.get('x-oci-gateway-warnings') ?? '', expected.join('; '))
    })
  }
})

describe('a computer tool of Responses', () => {
  for (const [tool, written, expected] of COMPUTERS) {
    it(`R-A5 is called in the client's form: ${JSON.stringify(written)}`, async () => {
      const gateway = await openTestGateway({
        upstream: ({ json }) => {
          const { isStream, tools } = Object(json['chatRequest'])
          const [{ name }] = tools
          const args = JSON.stringify(written)
          const call = { type: 'FUNCTION', id: 'c1', name, arguments: args }
          return isStream
            ? events(piece({ toolCalls: [call] }), finish('tool_calls'))()
            : saying({ toolCalls: [call] }, 'tool_calls')()
        },
      })
      const body = { model: GPT, input: [USER], tools: [tool], tool_choice: { type: tool['type'] } }
      const { reply, sent } = await postJson<Wire>(gateway, '/v1/responses', body)
      const { id, ...item } = Object(reply['output'])[0]
      assert.match(id, /^cu_/)
      assert.deepEqual(item, {
        ...{ type: 'computer_call', call_id: 'c1', status: 'completed' },
        ...{ pending_safety_checks: [], ...expected },
      })
      assert.match(JSON.stringify(sent), /"toolChoice":\{"type":"FUNCTION"/)
      const response = await gateway.fetch('/v1/responses', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...body, stream: true }),
      })
      const done = (await response.text()).split('\n').filter((line) => line.startsWith('data: '))
        .map((line) => JSON.parse(line.slice('data: '.length)))
        .filter(({ type }) => type === 'response.output_item.done')
      assert.deepEqual(done.map(({ item: { id: _id, ...streamed } }) => streamed), [item])
    })
  }

  it('R-A5 is read in the history', async () => {
    const gateway = await openTestGateway()
    const { headers, sent } = await postJson<Wire>(gateway, '/v1/responses', {
      model: GPT,
      tools: [{ type: 'computer' }],
      input: [
        USER,
        {
          ...{ type: 'computer_call', id: 'cu_1', call_id: 'c1', status: 'completed' },
          ...{ actions: [{ type: 'screenshot' }], pending_safety_checks: [] },
        },
        {
          ...{ type: 'computer_call_output', call_id: 'c1' },
          output: {
            type: 'computer_screenshot',
            image_url: 'data:image/png;base64,iVBORw0KGgo=',
          },
        },
      ],
    })
    const text = JSON.stringify(sent)
    assert.match(text, /"id":"c1","name":"computer","arguments":"\{\\"actions\\":\[/)
    assert.match(text, /"toolCallId":"c1".*"IMAGE"/)
    assert.equal(headers.get('x-oci-gateway-warnings'), null)
  })
})
