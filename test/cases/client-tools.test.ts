import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { messagesClient } from './messages-api.ts'
import { events, finish, piece, saying } from './upstream.ts'

const GPT = 'openai.gpt-4.1'
const HI = [{ role: 'user', content: 'Hi' }]
const CUSTOM = {
  type: 'custom',
  custom: {
    name: 'run',
    description: 'Runs code',
    format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "x"' } },
  },
}
const LOOK = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } }

/** A gateway whose OCI calls one tool, streamed or not. */
async function calling(name: string, args: object) {
  const json = JSON.stringify(args)
  const call = { type: 'FUNCTION', id: 'c1', name, arguments: json }
  const half = json.length >> 1
  return await openTestGateway({
    upstream: ({ json: body, url }) => {
      if (!url.pathname.endsWith('/actions/chat')) return undefined
      if (!Object(body['chatRequest']).isStream) {
        return saying({ toolCalls: [call] }, 'tool_calls')()
      }
      return events(
        piece({ toolCalls: [{ ...call, arguments: json.slice(0, half) }] }),
        piece({ toolCalls: [{ type: 'FUNCTION', arguments: json.slice(half) }] }),
        finish('tool_calls'),
      )()
    },
  })
}

describe('custom tools of chat completions', () => {
  it('R-A6 are offered as functions with one text argument', async () => {
    const gateway = await openTestGateway()
    const tool_choice = { type: 'custom', custom: { name: 'run' } }
    const { sent: [body], warnings } = await gateway.ask({
      ...{ model: GPT, messages: HI, tools: [LOOK, CUSTOM], tool_choice },
    })
    const { tools, toolChoice } = Object(body)
    assert.deepEqual(tools[1].parameters.required, ['input'])
    assert.match(tools[1].description, /^Runs code\n\nThe input must fit this lark grammar:\nstart/)
    assert.deepEqual(toolChoice, { type: 'FUNCTION', name: 'run' })
    assert.deepEqual(warnings, [
      'tools[1]: the grammar is added to the description, not enforced',
    ])
  })

  it('R-A6 are allowed by name', async () => {
    const gateway = await openTestGateway()
    const tools = [{ type: 'custom', custom: { name: 'run' } }]
    const allowed_tools = { mode: 'required', tools }
    const { sent: [body], warnings } = await gateway.ask({
      ...{ model: GPT, messages: HI, tools: [LOOK, CUSTOM] },
      tool_choice: { type: 'allowed_tools', allowed_tools },
    })
    assert.deepEqual(Object(body).tools.map(({ name }: { name: string }) => name), ['run'])
    assert.equal(warnings.length, 1)
  })

  it('R-A6 are called in their own form, streamed and not', async () => {
    const gateway = await calling('run', { input: 'x = "1"\n' })
    const request = { model: GPT, messages: HI, tools: [LOOK, CUSTOM] }
    const { reply } = await gateway.ask(request)
    const input = 'x = "1"\n'
    assert.deepEqual(reply.choices[0]?.message.tool_calls, [
      { id: 'c1', type: 'custom', custom: { name: 'run', input } },
    ])
    const response = await gateway.fetch(
      '/v1/chat/completions',
      post({ ...request, stream: true }),
    )
    const deltas = (await response.text()).split('\n\n').flatMap((event) => {
      const json = event.slice('data: '.length)
      if (json === '' || json === '[DONE]') return []
      return JSON.parse(json).choices.flatMap((choice: { delta: { tool_calls?: object[] } }) =>
        choice.delta.tool_calls ?? []
      )
    })
    assert.deepEqual(deltas, [
      { index: 0, id: 'c1', type: 'custom', custom: { name: 'run', input: '' } },
      { index: 0, custom: { input } },
    ])
  })

  it('R-A6 are read in the history', async () => {
    const gateway = await openTestGateway()
    const { sent: [body], warnings } = await gateway.ask({
      model: GPT,
      tools: [CUSTOM],
      messages: [
        ...HI,
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'custom', custom: { name: 'run', input: 'x' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
      ],
    })
    assert.match(JSON.stringify(body), /"name":"run","arguments":"\{\\"input\\":\\"x\\"\}"/)
    assert.match(
      JSON.stringify(body),
      /"toolCallId":"c1","content":\[\{"type":"TEXT","text":"done"/,
    )
    assert.equal(warnings.length, 1)
  })
})

describe('a tool choice that names a tool which is left out', () => {
  const tools = [LOOK, { type: 'web_search', name: 'search' }]
  for (
    const tool_choice of [
      { type: 'web_search' },
      { type: 'function', function: { name: 'search' } },
      { type: 'function', function: { name: 'web_search' } },
    ]
  ) {
    it(`R-A8 ${JSON.stringify(tool_choice)} is sent as auto`, async () => {
      const gateway = await openTestGateway()
      const { sent: [body], warnings } = await gateway.ask({
        model: GPT,
        messages: HI,
        tools,
        tool_choice,
      })
      assert.deepEqual(Object(body).toolChoice, { type: 'AUTO' })
      assert.match(warnings.join('\n'), /tool_choice: \w+ is not supported, sent as auto/)
    })
  }

  it('R-A8 a name that no tool has is rejected', async () => {
    const gateway = await openTestGateway()
    const tool_choice = { type: 'function', function: { name: 'other' } }
    const { status } = await gateway.fail({ model: GPT, messages: HI, tools, tool_choice })
    assert.equal(status, 400)
  })

  it('R-A8 a server tool of Messages is sent as auto', async () => {
    const { ask } = messagesClient(await openTestGateway())
    const { sent: [body], warnings } = await ask({
      model: GPT,
      messages: HI,
      tools: [
        { name: 'look', input_schema: { type: 'object' } },
        { type: 'web_search_20250305', name: 'web_search' },
      ],
      tool_choice: { type: 'tool', name: 'web_search' },
    })
    assert.deepEqual(Object(body).toolChoice, { type: 'AUTO' })
    assert.deepEqual(warnings, [
      'tools[1]: web_search_20250305 runs at Anthropic only, left out',
      'tool_choice: web_search is not supported, sent as auto',
    ])
  })
})

const clientTools: [type: string, name: string, more: object, members: string[], input: object][] =
  [
    ['bash_20241022', 'bash', {}, ['command', 'restart'], { command: 'ls' }],
    ['bash_20250124', 'bash', {}, ['command', 'restart'], { restart: true }],
    ['text_editor_20250124', 'str_replace_editor', {}, ['command', 'path', 'file_text'], {
      command: 'undo_edit',
      path: '/a',
    }],
    [
      'text_editor_20250728',
      'str_replace_based_edit_tool',
      { max_characters: 100 },
      ['command', 'path', 'insert_text', 'view_range', 'insert_line', 'old_str', 'new_str'],
      { command: 'view', path: '/a' },
    ],
    ['memory_20250818', 'memory', {}, ['command', 'path', 'old_path', 'new_path'], {
      command: 'rename',
      old_path: '/memories/a',
      new_path: '/memories/b',
    }],
    [
      'computer_20250124',
      'computer',
      { display_width_px: 1024, display_height_px: 768 },
      ['action', 'coordinate', 'text', 'scroll_direction', 'scroll_amount', 'duration'],
      { action: 'left_click', coordinate: [1, 2] },
    ],
  ]

describe('tools of Messages that the client runs', () => {
  for (const [type, name, more, members, input] of clientTools) {
    it(`R-A5 ${type} is offered, and called by its name`, async () => {
      const { ask, stream } = messagesClient(await calling(name, input))
      const request = { model: GPT, messages: HI, tools: [{ type, name, ...more }] }
      for (const send of [ask, stream]) {
        const { sent: [body], warnings, message } = await send(request)
        const [tool] = Object(body).tools
        assert.deepEqual([tool.name, warnings], [name, []])
        for (const member of members) assert.ok(Object.hasOwn(tool.parameters.properties, member))
        const [block] = message.content
        assert.ok(block?.type === 'tool_use')
        assert.deepEqual([block.name, block.input], [name, input])
      }
    })
  }

  it('R-A5 their calls and results are read in the history', async () => {
    const { ask } = messagesClient(await openTestGateway())
    const { sent: [body], warnings } = await ask({
      model: GPT,
      tools: [{ type: 'bash_20250124', name: 'bash' }],
      messages: [
        ...HI,
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'bash', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }] },
      ],
    })
    assert.deepEqual(warnings, [])
    assert.match(JSON.stringify(body), /"toolCallId":"a","content":\[\{"type":"TEXT","text":"ok"/)
  })

  it("R-C8 a tool in OpenAI's form is offered, with a warning that names the right members", async () => {
    const { ask } = messagesClient(await openTestGateway())
    const { sent: [body], warnings } = await ask({ model: GPT, messages: HI, tools: [LOOK] })
    assert.equal(Object(body).tools[0].name, 'look')
    assert.deepEqual(warnings, [
      'tools[0]: in OpenAI\'s form, this API has "name", "description" and "input_schema"',
    ])
  })
})

const PNG = { type: 'base64', media_type: 'image/jpg', data: 'iVBORw0KGgo=' }
const earlier: [name: string, blocks: object[], ...warnings: RegExp[]][] = [
  [
    'server_tool_use and its result',
    [
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } },
      {
        type: 'web_search_tool_result',
        tool_use_id: 's',
        content: [{ type: 'web_search_result', title: 'T', url: 'u', encrypted_content: 'x' }],
      },
    ],
    /server_tool_use is sent as text/,
    /web_search_tool_result is sent as text/,
  ],
  [
    'mcp_tool_use and its result',
    [
      { type: 'mcp_tool_use', id: 'm', name: 'n', server_name: 's', input: {} },
      { type: 'mcp_tool_result', tool_use_id: 'm', is_error: false, content: 'found' },
    ],
    /mcp_tool_use is sent as text/,
    /mcp_tool_result is sent as text/,
  ],
  ['thinking', [
    { type: 'thinking', thinking: 'h', signature: 's' },
    { type: 'redacted_thinking', data: 'x' },
    { type: 'text', text: 'Yes' },
  ], /redacted_thinking is encrypted, left out/],
  [
    'container_upload',
    [{ type: 'container_upload', file_id: 'f' }],
    /container_upload/,
    /file ids/,
  ],
  ['a compaction', [{ type: 'compaction', content: 'Before: yes' }], /compaction is sent as text/],
  ['an image', [{ type: 'image', source: PNG }], /image omitted/],
  ['an image of an unknown source', [{ type: 'image', source: { type: 'new' } }], /image is sent/],
  ['a block without a type', [{ words: 'x' }], /content is sent as text/],
  ['an encrypted block', [{ type: 'new', encrypted_content: 'x' }], /new is left out/],
]

describe('an earlier message of the Messages API', () => {
  for (const [name, content, ...warnings] of earlier) {
    for (const role of ['assistant', 'user']) {
      it(`R-A1 of the ${role} may have ${name}`, async () => {
        const { ask } = messagesClient(await openTestGateway())
        const messages = [...HI, { role, content }, { role: 'user', content: 'Thanks' }]
        const exchange = await ask({ model: 'meta.llama-3.3-70b-instruct', messages })
        for (const warning of warnings) assert.match(exchange.warnings.join('\n'), warning)
      })
    }
  }

  it('R-A3 R-C10 an image in a tool result becomes a note for a model without images', async () => {
    const { ask } = messagesClient(await openTestGateway())
    const content = [{ type: 'image', source: PNG }]
    const messages = [
      ...HI,
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content }] },
    ]
    const noted = await ask({ model: 'xai.grok-3', messages })
    assert.match(JSON.stringify(noted.sent), /\[image omitted: xai\.grok-3 reads text only\]/)
    const seen = await ask({ model: GPT, messages })
    assert.match(JSON.stringify(seen.sent), /data:image\/jpeg;base64,iVBORw0KGgo=/)
  })

  it('R-A1 may have an unknown role', async () => {
    const { ask } = messagesClient(await openTestGateway())
    const messages = [{ role: 'critic', content: 'Bad' }, ...HI]
    const { warnings } = await ask({ model: GPT, messages })
    assert.deepEqual(warnings, ['messages[0].role: critic is not known, sent as user'])
  })
})

describe('usage of a stream of Messages', () => {
  it('R-C9 begins with the estimate and ends with the exact count', async () => {
    const gateway = await openTestGateway()
    const messages = [{ role: 'user', content: 'Tell me about the history of Rome' }]
    const counted = await gateway.fetch(
      '/v1/messages/count_tokens',
      post({ model: GPT, messages }),
    )
    const { input_tokens: estimate } = await counted.json()
    const { events: received } = await messagesClient(gateway).stream({ model: GPT, messages })
    const usages = received.flatMap((event) =>
      event.type === 'message_start'
        ? [event.message.usage]
        : event.type === 'message_delta'
        ? [event.usage]
        : []
    )
    assert.equal(usages[0]?.input_tokens, estimate)
    assert.ok(estimate > 0)
    assert.ok((usages[1]?.output_tokens ?? 0) > 0)
    assert.notEqual(usages[1]?.input_tokens, 0)
  })
})

function post(body: object): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}
