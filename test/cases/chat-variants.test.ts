import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'

const GPT = 'openai.gpt-4.1'
const HI = { role: 'user', content: 'Hi' }
const PNG = 'data:image/png;base64,iVBORw0KGgo='
const LOOK = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } }
const SEARCH = { type: 'web_search', name: 'search' }
const LEFT_OUT = 'tools[1]: web_search is not supported, left out'
const SCHEMA = { type: 'object', properties: { a: { type: 'string' } } }

/** Members of a request, the text that OCI gets, and the warnings. */
type Row = readonly [name: string, body: object, sent: RegExp, warnings: readonly string[]]

const CUSTOM: readonly Row[] = [
  [
    "R-A6 a custom tool in Responses' form is offered",
    { tools: [{ type: 'custom', name: 'run', description: 'Runs' }] },
    /"name":"run","description":"Runs","parameters".*"input"/,
    [],
  ],
  [
    "R-A6 a grammar in Responses' form is described",
    { tools: [custom({ format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' } })] },
    /must fit this lark grammar:\\nstart/,
    ['tools[0]: the grammar is added to the description, not enforced'],
  ],
  [
    'R-A6 unread members of a custom tool',
    { tools: [{ ...custom({ cache: 1, format: { type: 'text', more: 2 } }), third: 3 }] },
    /"name":"run"/,
    [
      'tools[0].custom.format.more: not supported, left out',
      'tools[0].custom.cache: not supported, left out',
      'tools[0].third: not supported, left out',
    ],
  ],
  [
    'R-A6 calls in the flat form of Responses',
    {
      messages: [
        HI,
        called({ id: 'c1', type: 'custom', name: 'run', input: 'x' }),
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
        called({ id: 'c2', type: 'function', name: 'look', arguments: '{"b":1}' }),
        { role: 'tool', tool_call_id: 'c2', content: 'done' },
        called({ id: 'c3', type: 'tool_use', name: 'look', input: { c: 1 } }),
        { role: 'tool', tool_call_id: 'c3', content: 'done' },
      ],
    },
    /"run","arguments":"\{\\"input\\":\\"x\\"\}".*"look","arguments":"\{\\"b\\":1\}".*"\{\\"c\\":1\}"/,
    [],
  ],
]

const CHOICES: readonly Row[] = [
  ['R-A8 an object of type none', choice({ type: 'none' }), /"toolChoice":\{"type":"NONE"/, [
    LEFT_OUT,
  ]],
  ['R-A8 an object of type any', choice({ type: 'any' }), /"toolChoice":\{"type":"REQUIRED"/, [
    LEFT_OUT,
  ]],
  [
    "R-A8 a tool in Anthropic's form",
    choice({ type: 'tool', name: 'look' }),
    /"toolChoice":\{"type":"FUNCTION","name":"look"/,
    [LEFT_OUT],
  ],
  [
    'R-A8 allowed tools, of which one is unknown and one was left out',
    choice({
      type: 'allowed_tools',
      allowed_tools: {
        mode: 'required',
        tools: ['look', 'other', 'search'].map((name) => ({
          type: 'function',
          function: { name },
        })),
      },
    }),
    /"tools":\[\{"type":"FUNCTION","name":"look".*"toolChoice":\{"type":"REQUIRED"/,
    [
      LEFT_OUT,
      'tool_choice: other is not in "tools", left out',
      'tool_choice: search is not supported, left out',
    ],
  ],
]

const SCHEMAS: readonly Row[] = [
  [
    'R-A9 the name of a schema beside json_object',
    { response_format: { type: 'json_object', name: 'place', schema: SCHEMA } },
    /"jsonSchema":\{"name":"place"/,
    [],
  ],
  [
    'R-A9 a name beside json_schema',
    { response_format: { type: 'json_schema', name: 'place', json_schema: { schema: SCHEMA } } },
    /"jsonSchema":\{"name":"place"/,
    [],
  ],
  [
    'R-A9 a schema beside the format text',
    { response_format: { type: 'text', schema: SCHEMA } },
    /"messages"/,
    ['response_format.schema: not supported, left out'],
  ],
  [
    'R-A9 members of calls',
    {
      messages: [
        HI,
        called({
          ...{ id: 'c', type: 'function', extra_content: { google: 1 } },
          function: { name: 'look', arguments: '{}', thought_signature: 'x' },
        }),
        { role: 'tool', tool_call_id: 'c', content: 'done' },
      ],
    },
    /"look"/,
    [
      'messages[1].tool_calls[0].extra_content: not supported, left out',
      'messages[1].tool_calls[0].function.thought_signature: not supported, left out',
    ],
  ],
  [
    'R-A9 the same member of several tools',
    { tools: ['a', 'b'].map((name) => ({ type: 'function', function: { name, cache: 1 } })) },
    /"name":"b"/,
    ['tools[0].function.cache: not supported, left out'],
  ],
]

const PARTS: readonly Row[] = [
  [
    'R-A1 parts of Responses and of Messages',
    {
      messages: [{
        role: 'user',
        content: [
          { type: 'input_text', text: 'What?' },
          { type: 'input_image', image_url: PNG, detail: 'auto' },
          {
            type: 'image',
            source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
          },
          { type: 'image', source: { type: 'url', url: PNG } },
        ],
      }],
    },
    /"text":"What\?"(.*"IMAGE".*iVBORw0KGgo=){3}/,
    [],
  ],
]

describe('chat completions in the forms of other APIs', () => {
  for (const [name, body, sent, expected] of [...CUSTOM, ...CHOICES, ...SCHEMAS, ...PARTS]) {
    it(name, async () => {
      const gateway = await openTestGateway()
      const { sent: [request], warnings } = await gateway.ask({
        ...{ model: GPT, messages: [HI] },
        ...body,
      })
      assert.match(JSON.stringify(request), sent)
      assert.deepEqual(warnings, expected)
    })
  }

  for (const content of [[{ type: 'smell' }], [{ type: 'text', text: '' }, { type: 'smell' }]]) {
    it(`R-A1 names the unknown type of ${JSON.stringify(content)}`, async () => {
      const gateway = await openTestGateway()
      const { status, error } = await gateway.fail({
        model: GPT,
        messages: [HI, { role: 'assistant', content: 'Yes?' }, { role: 'user', content }],
      })
      const param = `messages[2].content[${content.length - 1}]`
      assert.equal(status, 400)
      assert.equal(error.message, `${param}: content part of type "smell" is not supported`)
      assert.equal(error.param, param)
    })
  }
})

function custom(members: object): object {
  return { type: 'custom', custom: { name: 'run', ...members } }
}

function called(call: object): object {
  return { role: 'assistant', content: null, tool_calls: [call] }
}

function choice(tool_choice: object): object {
  return { tools: [LOOK, SEARCH], tool_choice }
}
