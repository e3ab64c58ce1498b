import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { fold, readEvents } from '../openai/responses/fold.ts'
import { Response as PublicResponse } from '../openai/responses/public-schema.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { type Posted, postJson } from './post-json.ts'
import { sse } from './upstream.ts'

type Wire = Record<string, unknown>

const GROK = 'xai.grok-4.3'
const FIND = { type: 'function', name: 'find', parameters: { type: 'object', properties: {} } }
const PATCH = { type: 'custom', name: 'patch', description: 'Edits' }
const CRM = { type: 'namespace', name: 'crm', description: 'CRM', tools: [FIND] }
const ADDITIONAL = { type: 'additional_tools', role: 'developer', tools: [FIND, CRM, PATCH] }
const USER = { role: 'user', content: 'Go' }

/** A tool, its arguments as a model writes them, and the members of the client's item. */
const BUILT_INS: [tool: Wire, written: object, item: Wire][] = [
  [{ type: 'shell' }, { action: { commands: ['ls', 'pwd'], timeout_ms: 5 } }, {
    type: 'shell_call',
    action: { commands: ['ls', 'pwd'], timeout_ms: 5, max_output_length: null },
    environment: { type: 'local' },
  }],
  [{ type: 'shell', environment: { type: 'local' } }, { commands: ['ls'] }, {
    type: 'shell_call',
    action: { commands: ['ls'], timeout_ms: null, max_output_length: null },
    environment: { type: 'local' },
  }],
  [{ type: 'local_shell' }, { action: { type: 'exec', command: ['ls'], env: { A: '1' } } }, {
    type: 'local_shell_call',
    action: {
      ...{ type: 'exec', command: ['ls'], env: { A: '1' } },
      ...{ timeout_ms: null, user: null, working_directory: null },
    },
  }],
  [
    { type: 'apply_patch' },
    { operation: { type: 'update_file', path: 'a.ts', diff: '@@\n-a\n+b' } },
    {
      type: 'apply_patch_call',
      operation: { type: 'update_file', path: 'a.ts', diff: '@@\n-a\n+b' },
    },
  ],
  [{ type: 'apply_patch' }, { operation: { type: 'delete_file', path: 'a.ts' } }, {
    type: 'apply_patch_call',
    operation: { type: 'delete_file', path: 'a.ts' },
  }],
  [{ type: 'tool_search', execution: 'client', description: 'Finds tools' }, { query: 'mail' }, {
    type: 'tool_search_call',
    execution: 'client',
    arguments: { query: 'mail' },
  }],
]

/** The items of a client that executed the call. */
const RESULTS: Readonly<Record<string, Wire>> = {
  shell_call: {
    type: 'shell_call_output',
    output: [{ stdout: 'RESULT', stderr: '', outcome: { type: 'exit', exit_code: 0 } }],
  },
  local_shell_call: { type: 'local_shell_call_output', output: 'RESULT' },
  apply_patch_call: { type: 'apply_patch_call_output', status: 'failed', output: 'RESULT' },
  tool_search_call: {
    type: 'tool_search_output',
    execution: 'client',
    tools: [{ ...FIND, name: 'RESULT', defer_loading: true }],
  },
}

describe('tools in the input of a Responses request', () => {
  it('R-A2 additional_tools are offered as if they were in tools', async () => {
    const inInput = await create(await openTestGateway(), { input: [ADDITIONAL, USER] })
    const inTools = await create(await openTestGateway(), {
      input: [USER],
      tools: ADDITIONAL.tools,
    })
    assert.equal(inInput.status, 200, JSON.stringify(inInput.reply))
    assert.deepEqual(toolsOf(inInput), toolsOf(inTools))
    assert.deepEqual(toolsOf(inInput).map(({ name }) => name), ['find', 'crm__find', 'patch'])
    assert.deepEqual(warningsOf(inInput), [])
  })

  const calls: [name: string, written: object, item: Wire][] = [
    ['find', {}, { type: 'function_call', name: 'find' }],
    ['crm__find', {}, { type: 'function_call', name: 'find', namespace: 'crm' }],
    ['patch', { input: 'x' }, { type: 'custom_tool_call', name: 'patch', input: 'x' }],
  ]
  for (const [name, written, item] of calls) {
    it(`R-A2 a call of ${name} is returned in the kind of the client`, async () => {
      await returnsItem({ input: [ADDITIONAL, USER] }, { name, written }, item)
    })
  }

  it('R-A2 the latest definition of a tool is offered once, an invalid one is left out', async () => {
    const newer = {
      ...ADDITIONAL,
      tools: [{ ...FIND, description: 'newer' }, { type: 'function' }, 7],
    }
    const posted = await create(await openTestGateway(), { input: [ADDITIONAL, USER, newer, USER] })
    assert.equal(posted.status, 200, JSON.stringify(posted.reply))
    assert.deepEqual(toolsOf(posted).map(({ description }) => description), [
      'newer',
      'CRM',
      'Edits',
    ])
    assert.deepEqual(warningsOf(posted), [
      'input[2].tools[1]: not a valid definition of a tool, left out',
      'input[2].tools[2]: not a valid definition of a tool, left out',
    ])
  })

  it('R-A2 a tool choice may name a tool of the input', async () => {
    const posted = await create(await openTestGateway(), {
      input: [ADDITIONAL, USER],
      tool_choice: { type: 'function', name: 'find' },
    })
    assert.equal(posted.status, 200, JSON.stringify(posted.reply))
  })

  it('R-A2 the limit of tools includes those of the input', async () => {
    const gateway = await openTestGateway({ config: { limits: { maxTools: 3 } } })
    const tools = Array.from({ length: 2 }, (_, at) => ({ ...FIND, name: `f${at}` }))
    const { status, reply } = await create(gateway, { input: [ADDITIONAL, USER], tools })
    assert.equal(status, 400)
    assert.match(reply.error?.message ?? '', /^Too many tools: 5, at most 3/)
  })
})

describe('tools that the client executes', () => {
  for (const [tool, written, item] of BUILT_INS) {
    const name = String(tool['type'])
    it(`R-A5 ${name} is offered and called as ${item['type']}: ${JSON.stringify(written)}`, async () => {
      const { sent } = await returnsItem({ input: [USER], tools: [tool] }, { name, written }, item)
      assert.deepEqual(toolsOf({ sent }).map((each) => each['name']), [name])
    })

    it(`R-A5 a ${item['type']} and its output are understood: ${JSON.stringify(written)}`, async () => {
      const call = { id: 'x_1', call_id: 'c', status: 'completed', ...item }
      const output = { call_id: 'c', ...RESULTS[String(item['type'])] }
      const posted = await create(await openTestGateway(), {
        tools: [tool],
        input: [USER, call, output],
      })
      assert.equal(posted.status, 200, JSON.stringify(posted.reply))
      assert.match(JSON.stringify(posted.sent.at(-1)), /"TOOL".*RESULT/)
      assert.deepEqual(warningsOf(posted), [])
    })

    it(`R-A5 ${name} may be the tool choice: ${JSON.stringify(written)}`, async () => {
      const posted = await create(await openTestGateway(), {
        ...{ input: [USER], tools: [tool, FIND], tool_choice: { type: name } },
      })
      assert.equal(posted.status, 200)
      assert.deepEqual(warningsOf(posted), [])
    })
  }

  it('R-A5 tools that are found can be called', async () => {
    const input = [
      USER,
      { type: 'tool_search_call', call_id: 'c', execution: 'client', arguments: { query: 'x' } },
      { type: 'tool_search_output', call_id: 'c', execution: 'client', tools: [CRM] },
    ]
    const body = { input, tools: [{ type: 'tool_search', execution: 'client' }] }
    await returnsItem(body, { name: 'crm__find', written: {} }, {
      ...{ type: 'function_call', name: 'find', namespace: 'crm' },
    })
  })

  it('R-A5 a function with the name of a built-in tool is another tool', async () => {
    const tools = [{ ...FIND, name: 'shell' }, { type: 'shell' }]
    await returnsItem({ input: [USER], tools }, { name: 'shell', written: {} }, {
      ...{ type: 'function_call', name: 'shell' },
    })
    await returnsItem({ input: [USER], tools }, { name: 'shell_2', written: {} }, {
      type: 'shell_call',
    })
  })

  for (
    const tool of [
      { type: 'shell', environment: { type: 'container_auto' } },
      { type: 'shell', environment: { type: 'container_reference', container_id: 'c' } },
      { type: 'tool_search' },
      { type: 'tool_search', execution: 'server' },
      { type: 'web_search' },
    ]
  ) {
    it(`R-A5 ${JSON.stringify(tool)} is left out with a warning`, async () => {
      const posted = await create(await openTestGateway(), { input: [USER], tools: [FIND, tool] })
      assert.equal(posted.status, 200)
      assert.deepEqual(toolsOf(posted).map(({ name }) => name), ['find'])
      assert.deepEqual(warningsOf(posted), [`tools[1]: ${tool.type} is not supported, left out`])
    })
  }

  const choices: [choice: unknown, warning: RegExp][] = [
    [{ type: 'web_search' }, /^tool_choice: web_search is not supported, sent as auto$/],
    ['required', /^tool_choice: no tool is left that could be required, sent as auto$/],
    [
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'web_search' }] },
      /sent as auto$/,
    ],
    [{ type: 'mcp', server_label: 'crm' }, /^tool_choice: mcp is not supported, sent as auto$/],
  ]
  for (const [choice, warning] of choices) {
    it(`R-A8 ${JSON.stringify(choice)} of tools that were left out is auto`, async () => {
      const posted = await create(await openTestGateway(), {
        ...{ input: [USER], tools: [{ type: 'web_search' }], tool_choice: choice },
      })
      assert.equal(posted.status, 200, JSON.stringify(posted.reply))
      assert.match(warningsOf(posted).at(-1) ?? '', warning)
    })
  }
})

/** Checks, streamed and not, that a call of the model becomes an item with these members. */
async function returnsItem(
  body: Wire,
  { name, written }: { name: string; written: object },
  item: Wire,
): Promise<Pick<Posted<Wire>, 'sent'>> {
  const call = { type: 'FUNCTION', id: 'call_9', name, arguments: JSON.stringify(written) }
  const message = { role: 'ASSISTANT', toolCalls: [call] }
  const whole = await openTestGateway({ upstream: () => answerOf(message) })
  const posted = await create(whole, body)
  assert.equal(posted.status, 200, JSON.stringify(posted.reply))
  const { output: [first] } = v.parse(PublicResponse, posted.reply)
  assert.partialDeepStrictEqual(first, { call_id: 'call_9', status: 'completed', ...item })

  const events = [{ message, finishReason: 'tool_calls' }].map((data) =>
    `data: ${JSON.stringify(data)}\n\n`
  )
  const streamed = await openTestGateway({ upstream: sse(`${events.join('')}data: [DONE]\n\n`) })
  const response = await streamed.fetch('/v1/responses', {
    method: 'POST',
    body: JSON.stringify({ model: GROK, stream: true, ...body }),
  })
  const folded = fold(readEvents(await response.text()))
  assert.deepEqual(
    folded.response.output.map(withoutId),
    posted.reply['output'] && [first].map(withoutId),
  )
  assert.deepEqual(folded.done, folded.response.output)
  return posted
}

function answerOf(message: object): Response {
  return globalThis.Response.json({
    modelId: GROK,
    modelVersion: '1',
    chatResponse: {
      ...{ apiFormat: 'GENERIC', timeCreated: '2026-11-28T00:00:00.000Z' },
      choices: [{ index: 0, message, finishReason: 'tool_calls' }],
    },
  })
}

function withoutId(item: object | undefined): object {
  return { ...item, id: '' }
}

function create(gateway: TestGateway, body: object): Promise<Posted<Wire>> {
  return postJson<Wire>(gateway, '/v1/responses', { model: GROK, ...body })
}

function toolsOf({ sent }: Pick<Posted<Wire>, 'sent'>): Wire[] {
  const { tools = [] } = (sent.at(-1)?.['chatRequest'] ?? {}) as { tools?: Wire[] }
  return tools
}

function warningsOf({ headers }: Posted<Wire>): string[] {
  return (headers.get('x-oci-gateway-warnings') ?? '').split('; ').filter(Boolean)
}
