import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { MessagesRequest } from '../../../src/anthropic/messages/schema.ts'
import { showsThinking } from '../../../src/anthropic/messages/thinking.ts'
import type { ChatRequest } from '../../../src/chat/model.ts'
import { body, decode, request } from './request.ts'

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } } }
const TOOL = { name: 'f', description: 'd', input_schema: SCHEMA }
const READ = { name: 'f', description: 'd', parameters: SCHEMA, strict: false }
const FORMAT = { type: 'json_schema', schema: SCHEMA }
const READ_FORMAT = {
  type: 'json-schema' as const,
  name: 'response',
  description: undefined,
  schema: SCHEMA,
  strict: undefined,
}

type Row = [name: string, asked: object, read: Partial<ChatRequest>, ...warnings: string[]]

const rows: Row[] = [
  ['reads the least', {}, {}],
  ['reads nulls as nothing', {
    ...{ system: null, temperature: null, tools: null, tool_choice: null, thinking: null },
    ...{
      stream: null,
      output_config: null,
      metadata: null,
      service_tier: null,
      stop_sequences: null,
    },
  }, {}],
  ['needs no limit', { max_tokens: undefined }, { outputLimit: undefined }],
  ['reads sampling', { temperature: 0.5, top_p: 0.9, top_k: 40 }, {
    temperature: 0.5,
    topP: 0.9,
    topK: 40,
  }],
  ['N19 reads stop sequences', { stop_sequences: ['a', 'b'] }, { stop: ['a', 'b'] }],
  ['reads a tool', { tools: [TOOL] }, { tools: [READ] }],
  ['reads a tool by its type', { tools: [{ ...TOOL, type: 'custom', strict: true }] }, {
    tools: [{ ...READ, strict: true }],
  }],
  ['reads a tool with everything that changes nothing', {
    tools: [{
      ...TOOL,
      cache_control: { type: 'ephemeral' },
      defer_loading: true,
      eager_input_streaming: true,
      input_examples: [{ a: 'b' }],
      allowed_callers: ['direct'],
    }],
  }, { tools: [READ] }],
  [
    "leaves out Anthropic's own tools, and tells",
    {
      tools: [
        { type: 'web_search_20250305', name: 'web_search', max_uses: 3 },
        TOOL,
        { type: 'bash_20250124', name: 'bash' },
        { type: 'mcp_toolset', mcp_server_name: 's' },
      ],
    },
    { tools: [READ] },
    "tools[0]: web_search_20250305 is Anthropic's own, left out",
    "tools[2]: bash_20250124 is Anthropic's own, left out",
    "tools[3]: mcp_toolset is Anthropic's own, left out",
  ],
  ['N14 reads the choice auto', { tool_choice: { type: 'auto' } }, {
    toolChoice: { type: 'auto' },
  }],
  ['N14 reads the choice none', { tool_choice: { type: 'none' } }, {
    toolChoice: { type: 'none' },
  }],
  ['N14 reads the choice any', { tools: [TOOL], tool_choice: { type: 'any' } }, {
    tools: [READ],
    toolChoice: { type: 'required' },
  }],
  ['N14 reads a named choice', { tools: [TOOL], tool_choice: { type: 'tool', name: 'f' } }, {
    tools: [READ],
    toolChoice: { type: 'function', name: 'f' },
  }],
  [
    "N14 reads the choice of a tool of Anthropic's own, which nobody is left to make",
    {
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      tool_choice: { type: 'tool', name: 'web_search' },
    },
    { toolChoice: { type: 'function', name: 'web_search' } },
    "tools[0]: web_search_20250305 is Anthropic's own, left out",
  ],
  ['N14 reads one call at a time', {
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  }, { toolChoice: { type: 'auto' }, parallelToolCalls: false }],
  ['N14 reads several calls at a time', {
    tool_choice: { type: 'auto', disable_parallel_tool_use: false },
  }, { toolChoice: { type: 'auto' }, parallelToolCalls: true }],
  ...[[1_024, 'low'], [2_000, 'low'], [4_096, 'low'], [4_097, 'medium'], [16_384, 'medium'], [
    16_385,
    'high',
  ], [31_999, 'high']].map(([budget, effort]): Row => [
    `N17 reads a budget of ${budget} as ${effort}`,
    { thinking: { type: 'enabled', budget_tokens: budget } },
    { reasoningEffort: effort as ChatRequest['reasoningEffort'] },
  ]),
  ['N17 reads no thinking', {
    thinking: { type: 'disabled' },
    output_config: { effort: 'high' },
  }, { reasoningEffort: 'none' }],
  ['N17 leaves adaptive thinking to the model', { thinking: { type: 'adaptive' } }, {}],
  ['reads an effort', { output_config: { effort: 'low' } }, { reasoningEffort: 'low' }],
  ['N17 reads an effort before a budget', {
    thinking: { type: 'enabled', budget_tokens: 2_000 },
    output_config: { effort: 'medium' },
  }, { reasoningEffort: 'medium' }],
  ...['xhigh', 'max'].map((effort): Row => [
    `reads the effort ${effort} as high, and tells`,
    { thinking: { type: 'adaptive' }, output_config: { effort } },
    { reasoningEffort: 'high' },
    'output_config.effort: sent as high',
  ]),
  ['reads a schema', { output_config: { format: FORMAT } }, { responseFormat: READ_FORMAT }],
  ['reads a schema in its older place', { output_format: FORMAT }, { responseFormat: READ_FORMAT }],
  ['reads the tier auto', { service_tier: 'auto' }, { serviceTier: 'auto' }],
  ['reads the tier standard_only', { service_tier: 'standard_only' }, { serviceTier: 'default' }],
  [
    'tells of a tier it does not know',
    { service_tier: 'batch' },
    {},
    'service_tier: not known, left out',
  ],
  ['accepts what changes nothing', {
    metadata: { user_id: 'user_1' },
    cache_control: { type: 'ephemeral' },
    diagnostics: { previous_message_id: null },
    speed: 'standard',
    anthropic_version: 'bedrock-2023-05-31',
    anthropic_beta: ['a'],
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  }, {}],
  [
    'tells what it cannot do',
    {
      container: 'c',
      mcp_servers: [{ type: 'url', url: 'https://e.x', name: 's' }],
      speed: 'fast',
      output_config: { task_budget: { type: 'tokens', total: 9 } },
      context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
    },
    {},
    'container: not known, left out',
    'mcp_servers: not known, left out',
    'speed: there is one only, left out',
    'output_config.task_budget: not known, left out',
    'context_management.edits[0]: nothing is edited',
  ],
]

const shown: [thinking: object | null | undefined, shows: boolean][] = [
  [undefined, false],
  [null, false],
  [{ type: 'disabled' }, false],
  [{ type: 'enabled', budget_tokens: 2_000 }, true],
  [{ type: 'adaptive' }, true],
  [{ type: 'between_tools' }, true],
  [{ type: 'adaptive', display: 'summarized' }, true],
  [{ type: 'adaptive', display: 'omitted' }, false],
]

describe('decodeRequest()', () => {
  for (const [name, asked, read, ...warnings] of rows) {
    it(name, () => {
      assert.deepEqual(decode(asked), { request: request(read), warnings })
    })
  }

  it('tells of each kind of block once', () => {
    const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }
    const { warnings } = decode({
      messages: [
        { role: 'assistant', content: [search, search, { type: 'redacted_thinking', data: 'x' }] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'a',
              content: [{ type: 'browser_state', tabs: [] }],
            },
            {
              type: 'document',
              source: { type: 'text', media_type: 'text/plain', data: 'x' },
              citations: { enabled: true },
            },
          ],
        },
      ],
    })
    assert.deepEqual(warnings, [
      'messages: server_tool_use is sent as text',
      'messages: redacted_thinking cannot be read, left out',
      'messages: citations are not given',
      'messages: browser_state is sent as text',
    ])
  })

  it('N14 refuses to choose a tool that is not there', () => {
    const asked = { tools: [TOOL], tool_choice: { type: 'tool', name: 'g' } }
    assert.throws(() => decode(asked), { code: 'invalid_request', param: 'tool_choice' })
  })

  it('refuses to keep a conversation', () => {
    const reason = 'thread_unsupported_request'
    for (const thread of [{ type: 'create' }, { type: 'continue', previous_message_id: 'msg_1' }]) {
      assert.throws(() => decode({ thread }), { code: 'unsupported_content', reason })
    }
    assert.doesNotThrow(() => decode({ thread: null }))
  })
})

describe('showsThinking()', () => {
  for (const [thinking, shows] of shown) {
    it(`is ${shows} for ${JSON.stringify(thinking)}`, () => {
      assert.equal(showsThinking(v.parse(MessagesRequest, body({ thinking }))), shows)
    })
  }
})
