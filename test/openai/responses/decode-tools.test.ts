import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Tool, ToolChoice } from '../../../src/chat/model.ts'
import { decode } from './request.ts'

const F = { type: 'function', name: 'f', parameters: { type: 'object' }, strict: true }
const G = { type: 'function', name: 'g' }
const CRM = {
  type: 'namespace',
  name: 'crm',
  description: 'Customers',
  tools: [
    { type: 'function', name: 'f', description: 'Finds one' },
    { type: 'custom', name: 'query' },
  ],
}
const WEB = { type: 'web_search', external_web_access: true }
const INPUT = {
  type: 'object',
  properties: { input: { type: 'string', description: "The tool's whole input, as plain text" } },
  required: ['input'],
  additionalProperties: false,
}

const offered: [name: string, tools: object[], expected: Tool[], warnings?: string[]][] = [
  ['functions', [F, G], [tool('f', { parameters: F.parameters, strict: true }), tool('g')]],
  ['namespaces, under prefixed names', [F, CRM], [
    tool('f', { parameters: F.parameters, strict: true }),
    tool('crm__f', { description: 'Customers\n\nFinds one' }),
    tool('crm__query', { parameters: INPUT }),
  ]],
  ['names that would collide', [
    { type: 'function', name: 'crm__f' },
    { type: 'custom', name: 'crm__f' },
    CRM,
  ], [
    tool('crm__f'),
    tool('crm__f_2', { parameters: INPUT }),
    tool('crm__f_3', { description: 'Customers\n\nFinds one' }),
    tool('crm__query', { parameters: INPUT }),
  ]],
  [
    'custom tools, with their grammar in the description',
    [{
      type: 'custom',
      name: 'patch',
      description: 'Applies',
      format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
    }],
    [tool('patch', {
      description: 'Applies\n\nThe input must fit this lark grammar:\nstart: "x"',
      parameters: INPUT,
    })],
    ['tools[0]: the grammar is added to the description, not enforced'],
  ],
  ['N10 no built-in tools', [WEB, G, { type: 'image_generation' }], [tool('g')], [
    'tools[0]: web_search is not supported, left out',
    'tools[2]: image_generation is not supported, left out',
  ]],
]

describe('decodeTools()', () => {
  for (const [name, tools, expected, warnings = []] of offered) {
    it(`offers ${name}`, async () => {
      const decoded = await decode({ tools })
      assert.deepEqual(decoded.request.tools, expected)
      assert.deepEqual(decoded.warnings, warnings)
    })
  }

  it("maps called tools back to the client's", async () => {
    const { request, toolNames } = await decode({ tools: [F, CRM, { type: 'custom', name: 'f' }] })
    assert.deepEqual(request.tools.map(({ name }) => toolNames.encode(name)), [
      { type: 'function', name: 'f', namespace: undefined },
      { type: 'function', name: 'f', namespace: 'crm' },
      { type: 'custom', name: 'query', namespace: 'crm' },
      { type: 'custom', name: 'f', namespace: undefined },
    ])
    assert.deepEqual(toolNames.encode('made_up'), {
      type: 'function',
      name: 'made_up',
      namespace: undefined,
    })
  })

  it('uses the offered names for calls in the history', async () => {
    const { request } = await decode({
      tools: [{ type: 'function', name: 'crm__f' }, CRM],
      input: [{
        type: 'function_call',
        call_id: 'a',
        name: 'f',
        namespace: 'crm',
        arguments: '{}',
      }],
    })
    const [turn] = request.messages
    assert.equal(turn?.role === 'assistant' && turn.toolCalls[0]?.name, 'crm__f_2')
  })
})

const ALLOWED = { type: 'allowed_tools', mode: 'required' }
type Choice = [choice: unknown, expected: ToolChoice, names?: string[], warnings?: string[]]

const ALL = ['f', 'crm__f', 'crm__query']
const chosen: Choice[] = [
  ['auto', { type: 'auto' }],
  ['none', { type: 'none' }],
  ['required', { type: 'required' }],
  [{ type: 'function', name: 'f' }, { type: 'function', name: 'f' }],
  [{ type: 'function', name: 'f', namespace: 'crm' }, { type: 'function', name: 'crm__f' }],
  [{ type: 'custom', name: 'query' }, { type: 'function', name: 'crm__query' }],
  [{ ...ALLOWED, tools: [{ type: 'function', name: 'f', namespace: 'crm' }] }, {
    type: 'required',
  }, ['crm__f']],
  [{ ...ALLOWED, tools: [{ type: 'namespace', name: 'crm' }] }, { type: 'required' }, [
    'crm__f',
    'crm__query',
  ]],
  [
    { ...ALLOWED, mode: 'auto', tools: [{ type: 'custom', name: 'query' }, { type: 'mcp' }] },
    {
      type: 'auto',
    },
    ['crm__query'],
    ['tool_choice: mcp is not supported, left out'],
  ],
  [{ type: 'web_search' }, { type: 'auto' }, ALL, [
    'tool_choice: web_search is not supported, sent as auto',
  ]],
]

describe('tool_choice', () => {
  for (const [choice, expected, names = ALL, warnings = []] of chosen) {
    it(`decodes ${JSON.stringify(choice)}`, async () => {
      const decoded = await decode({ tools: [F, CRM], tool_choice: choice })
      assert.deepEqual(decoded.request.toolChoice, expected)
      assert.deepEqual(decoded.request.tools.map(({ name }) => name), names)
      assert.deepEqual(decoded.warnings, warnings)
    })
  }

  it('rejects an unknown tool', async () => {
    const payload = { tools: [F], tool_choice: { type: 'custom', name: 'f' } }
    const message = 'tool_choice names "f", which is not in "tools"'
    await assert.rejects(decode(payload), { status: 400, param: 'tool_choice', message })
  })
})

function tool(name: string, part: Partial<Tool> = {}): Tool {
  return { name, description: undefined, parameters: undefined, strict: false, ...part }
}
