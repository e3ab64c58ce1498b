import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeSummary } from '../../src/openai/responses/compaction.ts'
import { openTestGateway } from './gateway.ts'
import { type Posted, postJson } from './post-json.ts'

type Wire = Record<string, unknown>

const GROK = 'xai.grok-4.3'
const HI = { role: 'user', content: 'Hi' }
const HELLO = {
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'Yes?' }],
}
const GO_ON = { role: 'user', content: 'Go on' }

/** Items between a turn and the newest question, the text that the model gets, and the warnings. */
const HISTORIES: [name: string, items: unknown[], sent: RegExp | undefined, warnings: string[]][] =
  [
    [
      'a compaction item of another service is left out',
      [
        { type: 'compaction', encrypted_content: 'gAAAAB' },
      ],
      undefined,
      ['input[2]: a compaction item of another service cannot be read, left out'],
    ],
    [
      'a compaction item with readable content becomes text',
      [
        { type: 'compaction', encrypted_content: 'gAAAAB', summary: 'built it' },
        { type: 'compaction', content: [{ type: 'summary_text', text: 'tested it' }] },
      ],
      /built it.*tested it/,
      [],
    ],
    ['null, a number and a list are left out', [null, 5, []], undefined, [
      'input[2]: an item of type null is not supported, left out',
      'input[3]: an item of type number is not supported, left out',
      'input[4]: an item of type list is not supported, left out',
    ]],
    [
      'an item of an unknown type with text becomes text',
      [
        { type: 'agent_message', content: [{ type: 'input_text', text: 'seen by all' }] },
      ],
      /seen by all/,
      ['input[2]: item of type "agent_message" is not known, sent as text'],
    ],
    [
      'an item of an unknown type without text is left out',
      [
        { type: 'ghost_snapshot', ghost_commit: { id: 'abc' } },
      ],
      undefined,
      ['input[2]: item of type "ghost_snapshot" is not known, left out'],
    ],
    [
      'items of tools that OpenAI executes',
      [
        { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 'crm', tools: [] },
        { type: 'configuration_update', reasoning: { effort: 'low' } },
        { type: 'compaction_trigger' },
      ],
      undefined,
      [
        'input[2]: item of type "mcp_list_tools" is not known, left out',
        'input[3]: item of type "configuration_update" is not known, left out',
        'input[4]: item of type "compaction_trigger" is not known, left out',
      ],
    ],
    [
      'an unknown part without text is left out',
      [
        {
          role: 'user',
          content: [{ type: 'input_video', file_id: 'f' }, { type: 'input_text', text: 'rest' }],
        },
      ],
      /rest/,
      ['input[2].content[0]: content part of type "input_video" is not supported, left out'],
    ],
    [
      'an unknown part with text becomes text',
      [
        { role: 'user', content: [{ type: 'input_note', text: 'a note' }] },
      ],
      /a note/,
      ['input[2].content[0]: content part of type "input_note" is not supported, sent as text'],
    ],
    [
      'a message whose parts are all unknown is left out',
      [
        { role: 'user', content: [{ type: 'input_video' }, null] },
      ],
      undefined,
      [
        'input[2].content[0]: content part of type "input_video" is not supported, left out',
        'input[2].content[1]: content part of type null is not supported, left out',
      ],
    ],
    [
      'a file id becomes a note',
      [
        { role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] },
      ],
      /\[image omitted: file ids are not supported\]/,
      [
        'input[2].content[0]: file ids are not supported, image left out',
      ],
    ],
    [
      'an image in a developer message becomes a note',
      [
        {
          role: 'developer',
          content: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }],
        },
      ],
      /\[image omitted\]/,
      [
        'input[2].content[0]: image parts are allowed in user messages and tool outputs only',
      ],
    ],
    ['reasoning without a summary', [{ type: 'reasoning', id: 'rs_1' }, HELLO], /Yes/, []],
    [
      'reasoning whose summary has other shapes',
      [
        { type: 'reasoning', summary: ['Hm', null, { text: 'so' }], content: null },
        HELLO,
      ],
      /Yes/,
      [],
    ],
    [
      'messages in the form of chat completions',
      [
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'from chat' },
      ],
      /from chat/,
      [],
    ],
    ['a message with an unknown role', [{ role: 'critic', content: 'hmm' }], /hmm/, [
      'input[2]: role "critic" is not known, sent as user',
    ]],
    [
      'a text and a part without a message',
      ['bare', { type: 'input_text', text: 'part' }],
      /bare.*part/,
      [
        'input[2]: a text without a role, sent as a user message',
        'input[3]: a content part without a message, sent as a message',
      ],
    ],
  ]

/** Calls and outputs of any shape: no output is lost. */
const OUTPUTS: [name: string, items: object[], sent: RegExp, warnings: string[]][] = [
  [
    'a call and an output without ids',
    [
      { type: 'function_call', name: 'f', arguments: '{}' },
      { type: 'function_call_output', output: 'found it' },
    ],
    /"TOOL".*found it/,
    [],
  ],
  [
    'a call without a name and arguments',
    [
      { type: 'function_call', call_id: 'c' },
      { type: 'function_call_output', call_id: 'c', output: 'found it' },
    ],
    /"TOOL".*found it/,
    ['input[2]: a call without a name, sent as a call of "unknown"'],
  ],
  [
    'an approved call of an MCP server',
    [
      { type: 'mcp_approval_request', id: 'a', name: 'f', arguments: '{}', server_label: 'crm' },
      { type: 'mcp_approval_response', approval_request_id: 'a', approve: true },
    ],
    /"name":"mcp".*crm.*"TOOL","toolCallId":"a".*The user approved the call/,
    [
      'input[2]: mcp_approval_request, sent as a tool call',
      'input[3]: mcp_approval_response, sent as a tool result',
    ],
  ],
  [
    'a rejected call of an MCP server',
    [
      { type: 'mcp_approval_request', id: 'a', name: 'f', arguments: '{}', server_label: 'crm' },
      {
        ...{ type: 'mcp_approval_response', approval_request_id: 'a' },
        ...{ approve: false, reason: 'too risky' },
      },
    ],
    /"TOOL","toolCallId":"a".*The user did not approve the call: too risky/,
    [
      'input[2]: mcp_approval_request, sent as a tool call',
      'input[3]: mcp_approval_response, sent as a tool result',
    ],
  ],
  [
    'a program and its output',
    [
      { type: 'program', id: 'p', call_id: 'c', code: 'await f()', fingerprint: 'x' },
      { type: 'program_output', id: 'o', call_id: 'c', result: '42', status: 'completed' },
    ],
    /"name":"program","arguments":"\{\\"code\\":\\"await f\(\)\\"\}".*"toolCallId":"c".*42/,
    [],
  ],
  [
    "a call and a result in Anthropic's form",
    [
      { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } },
      { type: 'tool_result', tool_use_id: 'c', content: 'found it' },
    ],
    /"id":"c","name":"f","arguments":"\{\\"a\\":1\}".*"toolCallId":"c".*found it/,
    [],
  ],
  [
    'a result of an unknown type',
    [{ type: 'function_call', call_id: 'c', name: 'f' }, {
      ...{ type: 'function_answer', tool_call_id: 'c', result: 'found it' },
    }],
    /"toolCallId":"c".*found it/,
    ['input[3]: item of type "function_answer" is not known, sent as a tool result'],
  ],
  [
    'an output that is an object',
    [
      { type: 'function_call', call_id: 'c', name: 'f', arguments: {} },
      { type: 'function_call_output', call_id: 'c', output: { rows: [1] } },
    ],
    /"TOOL".*rows/,
    [],
  ],
  [
    'an output that is a number',
    [
      { type: 'custom_tool_call', call_id: 'c', name: 'f', input: { a: 1 } },
      { type: 'custom_tool_call_output', call_id: 'c', output: 41 },
    ],
    /"TOOL".*41/,
    [],
  ],
  [
    'an output with unknown and empty parts',
    [
      { type: 'function_call', call_id: 'c', name: 'f' },
      {
        type: 'function_call_output',
        call_id: 'c',
        output: [{ type: 'input_text', text: 'a' }, { type: 'rows', data: [7] }, {
          type: 'input_text',
        }, null],
      },
    ],
    /"TOOL".*rows.*7/,
    [
      'input[3].output[1]: content part of type "rows" is not supported, sent as JSON text',
      'input[3].output[2]: content part of type "input_text" is not supported, sent as JSON text',
      'input[3].output[3]: content part of type null is not supported, sent as JSON text',
    ],
  ],
  [
    'a call and an output of unknown types',
    [
      { type: 'browser_call', id: 'b_1', call_id: 'c', action: { url: 'x' } },
      { type: 'browser_call_output', call_id: 'c', output: 'page' },
    ],
    /"TOOL".*page/,
    [
      'input[2]: item of type "browser_call" is not known, sent as a tool call',
      'input[3]: item of type "browser_call_output" is not known, sent as a tool result',
    ],
  ],
  [
    'a generated image',
    [
      { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'iVBORw0KGgo' },
    ],
    /"TOOL".*\[image omitted\]/,
    [],
  ],
]

describe('the history of a Responses request', () => {
  for (const [name, items, sent, warnings] of [...HISTORIES, ...OUTPUTS]) {
    it(`R-A1 ${name}`, async () => {
      const posted = await create({ input: [HI, HELLO, ...items, GO_ON] })
      assert.equal(posted.status, 200, JSON.stringify(posted.reply))
      if (sent) assert.match(textOf(posted), sent)
      assert.match(textOf(posted), /Go on/)
      assert.deepEqual(warningsOf(posted), warnings)
    })

    it(`R-A1 ${name}, streamed`, async () => {
      const gateway = await openTestGateway()
      const body = { model: GROK, stream: true, input: [HI, HELLO, ...items, GO_ON] }
      const response = await gateway.fetch('/v1/responses', {
        method: 'POST',
        body: JSON.stringify(body),
      })
      assert.equal(response.status, 200)
      assert.match(await response.text(), /response\.completed/)
    })
  }

  it('R-A1 the newest user input is accepted if some of its content is usable', async () => {
    const content = [{ type: 'input_smell' }, { type: 'input_text', text: 'question' }]
    const posted = await create({ input: [HI, HELLO, { role: 'user', content }] })
    assert.equal(posted.status, 200)
    assert.match(textOf(posted), /question/)
    assert.equal(warningsOf(posted).length, 1)
  })

  const unusable: [name: string, input: unknown[], param: string, model?: string][] = [
    [
      'has unknown parts only',
      [HI, HELLO, { role: 'user', content: [{ type: 'input_smell' }] }],
      'input[2].content[0]',
    ],
    [
      'has a file id for a model without files',
      [HI, HELLO, {
        role: 'user',
        content: [{ type: 'input_text', text: 'Read' }, { type: 'input_file', file_id: 'f' }],
      }],
      'input[2].content[1].file_id',
      'meta.llama-3.3-70b-instruct',
    ],
    ['is followed by system text', [HELLO, { role: 'user', content: [{ type: 'x' }] }, {
      role: 'system',
      content: 'S',
    }], 'input[1].content[0]'],
    ['is the only item', [{ type: 'compaction', encrypted_content: 'g' }], 'input[0]'],
  ]
  for (const [name, input, param, model = GROK] of unusable) {
    it(`R-A1 the newest user input is refused if it ${name}`, async () => {
      const { status, reply } = await create({ model, input })
      assert.equal(status, 400)
      assert.equal(reply.error?.param, param)
    })
  }

  it('R-A1 an empty message before the end is not refused', async () => {
    const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }
    const output = { type: 'function_call_output', call_id: 'c', output: 'done' }
    const input = [{ role: 'developer', content: 'S' }, { role: 'user' }, call, output]
    const posted = await create({ input })
    assert.equal(posted.status, 200, JSON.stringify(posted.reply))
    assert.deepEqual(warningsOf(posted), ['input[1]: user message without content, left out'])
  })

  for (const input of [undefined, null, []]) {
    it(`R-A4 a continued response needs no input: ${input}`, async () => {
      const gateway = await openTestGateway()
      const model = 'cohere.command-a-03-2025'
      const { reply } = await postJson<Wire>(gateway, '/v1/responses', { model, input: 'Hi' })
      const body = { model, previous_response_id: reply['id'], input }
      const next = await postJson<Wire>(gateway, '/v1/responses', body)
      assert.equal(next.status, 200, JSON.stringify(next.reply))
      assert.match(textOf(next), /"message":"Continue\."/)
    })
  }

  it('R-A1 an unusable message before the end is not refused', async () => {
    const broken = { role: 'user', content: [{ type: 'input_smell' }] }
    const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }
    const output = { type: 'function_call_output', call_id: 'c', output: 'done' }
    const posted = await create({ input: [broken, call, output] })
    assert.equal(posted.status, 200, JSON.stringify(posted.reply))
  })
})

describe('requests to a model that OCI relays', () => {
  const RELAYED = { models: { 'xai.*': { endpoint: 'openai' } } }
  const FIND = { type: 'function', name: 'find', parameters: { type: 'object', properties: {} } }
  const call = { type: 'shell_call', call_id: 'c', action: { commands: ['ls'] } }
  const translated: [id: string, name: string, part: object][] = [
    ['R-A1', "the gateway's compaction item", {
      input: [{ type: 'compaction', encrypted_content: encodeSummary('A greeting') }, HI],
    }],
    ['R-A2', 'additional_tools', {
      input: [{ type: 'additional_tools', role: 'developer', tools: [FIND] }, HI],
    }],
    ['R-A5', 'a shell tool', { input: [HI], tools: [{ type: 'shell' }] }],
    ['R-A5', 'a call of a shell tool', { input: [HI, call] }],
    ['R-E2', 'a reference to an item of the gateway', {
      input: [{ type: 'item_reference', id: 'rs_abcdefghijklmnopqrstuvwx_0' }, HI],
    }],
  ]
  for (const [id, name, part] of translated) {
    it(`${id} ${name} is translated, not relayed`, async () => {
      const gateway = await openTestGateway({ config: RELAYED })
      const { status, reply } = await postJson<Wire>(gateway, '/v1/responses', {
        model: GROK,
        ...part,
      })
      assert.equal(status, 200, JSON.stringify(reply))
      assert.match(String(reply['id']), /^resp_gw/)
    })
  }

  it('R-A1 other requests are relayed', async () => {
    const gateway = await openTestGateway({ config: RELAYED })
    const { reply } = await postJson<Wire>(gateway, '/v1/responses', {
      ...{ model: GROK, input: [HI, HELLO, GO_ON], tools: [FIND] },
    })
    assert.doesNotMatch(String(reply['id']), /^resp_gw/)
  })
})

async function create(body: object): Promise<Posted<Wire>> {
  return await postJson<Wire>(await openTestGateway(), '/v1/responses', { model: GROK, ...body })
}

function textOf({ sent }: Posted<Wire>): string {
  return JSON.stringify(sent.at(-1))
}

function warningsOf({ headers }: Posted<Wire>): string[] {
  return (headers.get('x-oci-gateway-warnings') ?? '').split('; ').filter(Boolean)
}
