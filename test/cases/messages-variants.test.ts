import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { messagesClient } from './messages-api.ts'
import { events, finish, piece, saying } from './upstream.ts'

const GPT = 'openai.gpt-4.1'
const HI = { role: 'user', content: 'Hi' }
const YES = { role: 'assistant', content: 'Yes?' }
const LOOK = { name: 'look', input_schema: { type: 'object', properties: {} } }
const PNG = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' }

/** Members of a request, the text that OCI gets, and the warnings. */
type Row = readonly [name: string, body: object, sent: RegExp, warnings: readonly string[]]

const UNREAD: readonly Row[] = [
  ['of tools, once', { tools: ['a', 'b'].map((name) => ({ ...LOOK, name, cache: 1 })) }, /"b"/, [
    'tools[0].cache: not supported, left out',
  ]],
  ['of tools that the client runs', { tools: [{ type: 'bash_20250124', cache: 1 }] }, /"bash"/, [
    'tools[0].cache: not supported, left out',
  ]],
  [
    'of messages and blocks',
    {
      messages: [{
        role: 'user',
        mood: 1,
        content: [{ type: 'text', text: 'Hi', a: 1 }, { type: 'image', source: { ...PNG, b: 1 } }],
      }],
    },
    /Hi/,
    [
      'messages[0].mood: not supported, left out',
      'messages[0].content[0].a: not supported, left out',
      'messages[0].content[1].source.b: not supported, left out',
    ],
  ],
  [
    'of results',
    {
      messages: [
        HI,
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'look', input: {} }] },
        {
          role: 'user',
          content: [{
            ...{ type: 'tool_result', tool_use_id: 't', is_error: false, c: 1 },
            content: [{ type: 'text', text: 'seen', d: 1, cache_control: { type: 'ephemeral' } }],
          }],
        },
      ],
    },
    /seen/,
    [
      'messages[2].content[0].c: not supported, left out',
      'messages[2].content[0].content[0].d: not supported, left out',
    ],
  ],
  [
    'of parameters',
    {
      system: [{ type: 'text', text: 'Be brief', e: 1 }],
      tools: [LOOK],
      tool_choice: { type: 'auto', f: 1 },
      context_management: { edits: [], g: 1 },
    },
    /Be brief/,
    [
      'system[0].e: not supported, left out',
      'tool_choice.f: not supported, left out',
      'context_management.g: not supported, left out',
    ],
  ],
  [
    'of a format',
    {
      output_config: { format: { type: 'text', schema: {} } },
      output_format: { type: 'json_object' },
    },
    /Hi/,
    [
      'output_format: left out, output_config.format is used',
      'output_config.format.schema: not supported, left out',
    ],
  ],
  [
    'that have no effect',
    {
      messages: [
        HI,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm', signature: 'x' },
            { type: 'text', text: 'Yes', citations: null, cache_control: null },
            {
              ...{ type: 'tool_use', id: 't', name: 'look', input: {} },
              caller: { type: 'direct' },
            },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'seen' }] },
      ],
    },
    /seen/,
    [],
  ],
]

const CHOICES: readonly Row[] = [
  [
    'a server tool without a name',
    { tools: [LOOK, { type: 'web_search_20250305' }], tool_choice: named('web_search') },
    /"toolChoice":\{"type":"AUTO"/,
    [
      'tools[1]: web_search_20250305 runs at Anthropic only, left out',
      'tool_choice: web_search is not supported, sent as auto',
    ],
  ],
  [
    'a tool of an MCP server',
    { tools: [LOOK, { type: 'mcp_toolset', mcp_server_name: 'crm' }], tool_choice: named('find') },
    /"toolChoice":\{"type":"AUTO"/,
    [
      'tools[1]: mcp_toolset runs at Anthropic only, left out',
      'tool_choice: find is not supported, sent as auto',
    ],
  ],
  [
    'a member of a toolset',
    { tools: [{ type: 'computer_toolset_20260801' }], tool_choice: named('screenshot') },
    /"toolChoice":\{"type":"FUNCTION","name":"computer__screenshot"/,
    [],
  ],
]

const FORMS: readonly Row[] = [
  [
    'R-A1 a result in the form of chat completions',
    {
      messages: [
        HI,
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'look', input: {} }] },
        { role: 'tool', tool_call_id: 't', content: 'seen' },
        HI,
      ],
    },
    /"TOOL","toolCallId":"t","content":\[\{"type":"TEXT","text":"seen"/,
    [],
  ],
  [
    "R-A1 an image in OpenAI's form",
    {
      messages: [{
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'input_image', image_url: 'data:image/png;base64,BBBB' },
        ],
      }],
    },
    /"IMAGE".*AAAA.*"IMAGE".*BBBB/,
    [],
  ],
  [
    'R-A1 a block with nothing readable',
    { messages: [HI, { role: 'assistant', content: [{ type: 'compaction', content: null }] }, HI] },
    /Hi/,
    ['messages: compaction is left out'],
  ],
]

describe('members of a Messages request that are not read', () => {
  for (const [name, ...row] of UNREAD) it(`R-A9 warns of members ${name}`, () => check(row))
})

describe('a tool choice of Messages that names', () => {
  for (const [name, ...row] of CHOICES) it(`R-A8 ${name}`, () => check(row))
})

describe('messages in the forms of other APIs', () => {
  for (const [name, ...row] of FORMS) it(name, () => check(row))

  it('R-A1 names the unknown type of a block that is all of the newest input', async () => {
    const { fail } = messagesClient(await openTestGateway())
    const { status, body } = await fail({
      ...{ model: GPT, max_tokens: 9 },
      messages: [HI, YES, { role: 'user', content: [{ type: 'smell' }] }],
    })
    assert.equal(status, 400)
    assert.equal(
      body.error.message,
      'messages[2].content[0]: content block of type "smell" is not supported',
    )
  })
})

describe("Anthropic's toolsets", () => {
  const computer = { type: 'computer_toolset_20260801', configs: { zoom: { enabled: false } } }
  const browser = {
    type: 'browser_toolset_20260801',
    configs: { javascript_exec: { enabled: true } },
  }

  it('R-A5 are offered as functions, without members that are disabled', async () => {
    const { ask } = messagesClient(await openTestGateway())
    const { sent: [body], warnings } = await ask({
      ...{ model: GPT, messages: [HI], tools: [computer, browser, { ...LOOK, name: 'find' }] },
    })
    const names: string[] = Object(body).tools.map(({ name }: { name: string }) => name)
    assert.equal(new Set(names).size, names.length)
    for (const name of ['computer__left_click', 'browser__find', 'browser__javascript_exec']) {
      assert.ok(names.includes(name), name)
    }
    for (const name of ['computer__zoom', 'browser__file_upload']) {
      assert.ok(!names.includes(name), name)
    }
    assert.deepEqual(warnings, [])
  })

  it('R-A5 are offered once', async () => {
    const { ask } = messagesClient(await openTestGateway())
    const { sent: [body] } = await ask({ model: GPT, messages: [HI], tools: [computer, computer] })
    assert.equal(Object(body).tools.length, 16)
  })

  it("R-A5 are called in the client's form, streamed and not", async () => {
    const json = '{"coordinate":[1,2]}'
    const call = { type: 'FUNCTION', id: 'c1', name: 'computer__left_click', arguments: json }
    const gateway = await openTestGateway({
      upstream: ({ json }) =>
        Object(json['chatRequest']).isStream
          ? events(piece({ toolCalls: [call] }), finish('tool_calls'))()
          : saying({ toolCalls: [call] }, 'tool_calls')(),
    })
    const { ask, stream } = messagesClient(gateway)
    const request = { model: GPT, messages: [HI], tools: [computer] }
    for (const { message } of [await ask(request), await stream(request)]) {
      const { name, toolset_name, input } = Object(message.content[0])
      assert.deepEqual({ name, toolset_name, input }, {
        name: 'left_click',
        toolset_name: 'computer',
        input: { coordinate: [1, 2] },
      })
    }
    const without = await ask({ ...request, tools: [LOOK] })
    assert.equal(Object(without.message.content[0]).name, 'computer__left_click')
  })

  it('R-A5 are read in the history', async () => {
    const { ask } = messagesClient(await openTestGateway())
    const { sent: [body], warnings } = await ask({
      model: GPT,
      tools: [computer],
      messages: [
        HI,
        {
          role: 'assistant',
          content: [{
            ...{ type: 'tool_use', id: 't', name: 'left_click', toolset_name: 'computer' },
            input: { coordinate: [1, 2] },
          }],
        },
        {
          role: 'user',
          content: [{
            type: 'tool_result',
            tool_use_id: 't',
            content: [{ type: 'image', source: PNG }],
          }],
        },
      ],
    })
    assert.match(JSON.stringify(body), /"id":"t","name":"computer__left_click"/)
    assert.deepEqual(warnings, [])
  })
})

async function check(
  [body, sent, expected]: readonly [body: object, sent: RegExp, warnings: readonly string[]],
): Promise<void> {
  const { ask } = messagesClient(await openTestGateway())
  const { sent: [request], warnings } = await ask({ model: GPT, messages: [HI], ...body })
  assert.match(JSON.stringify(request), sent)
  assert.deepEqual(warnings, expected)
}

function named(name: string): object {
  return { type: 'tool', name }
}
