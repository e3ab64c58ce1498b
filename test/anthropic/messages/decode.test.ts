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

type Row = [name: string, payload: object, read: Partial<ChatRequest>, ...warnings: string[]]

const rows: Row[] = [
  ['decodes a minimal request', {}, {}],
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
  ['decodes a request without a limit', { max_tokens: undefined }, { outputLimit: undefined }],
  ['decodes sampling parameters', { temperature: 0.5, top_p: 0.9, top_k: 40 }, {
    temperature: 0.5,
    topP: 0.9,
    topK: 40,
  }],
  ['N19 decodes stop sequences', { stop_sequences: ['a', 'b'] }, { stop: ['a', 'b'] }],
  ['decodes a tool', { tools: [TOOL] }, { tools: [READ] }],
  ['decodes a tool with type and strict', { tools: [{ ...TOOL, type: 'custom', strict: true }] }, {
    tools: [{ ...READ, strict: true }],
  }],
  ['ignores members of a tool that have no effect', {
    tools: [{
      ...TOOL,
      cache_control: { type: 'ephemeral' },
      defer_loading: true,
      eager_input_streaming: true,
      allowed_callers: ['direct'],
    }],
  }, { tools: [READ] }],
  [
    'R-A9 warns of examples',
    {
      tools: [{ ...TOOL, input_examples: [{ a: 'b' }] }, { ...TOOL, input_examples: [] }],
    },
    { tools: [READ, READ] },
    'tools[0].input_examples: not supported, left out',
  ],
  [
    "drops Anthropic's own tools with a warning",
    {
      tools: [
        { type: 'web_search_20250305', name: 'web_search', max_uses: 3 },
        TOOL,
        { type: 'web_fetch_20250910', name: 'web_fetch' },
        { type: 'mcp_toolset', mcp_server_name: 's' },
      ],
    },
    { tools: [READ] },
    'tools[0]: web_search_20250305 runs at Anthropic only, left out',
    'tools[2]: web_fetch_20250910 runs at Anthropic only, left out',
    'tools[3]: mcp_toolset runs at Anthropic only, left out',
  ],
  ['N14 decodes the choice auto', { tool_choice: { type: 'auto' } }, {
    toolChoice: { type: 'auto' },
  }],
  ['N14 decodes the choice none', { tool_choice: { type: 'none' } }, {
    toolChoice: { type: 'none' },
  }],
  ['N14 decodes the choice any', { tools: [TOOL], tool_choice: { type: 'any' } }, {
    tools: [READ],
    toolChoice: { type: 'required' },
  }],
  ['N14 decodes a named choice', { tools: [TOOL], tool_choice: { type: 'tool', name: 'f' } }, {
    tools: [READ],
    toolChoice: { type: 'function', name: 'f' },
  }],
  [
    "N14 decodes the choice of one of Anthropic's own tools, when no tool is left",
    {
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      tool_choice: { type: 'tool', name: 'web_search' },
    },
    { toolChoice: { type: 'auto' } },
    'tools[0]: web_search_20250305 runs at Anthropic only, left out',
    'tool_choice: web_search is not supported, sent as auto',
  ],
  ['N14 decodes disabled parallel calls', {
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  }, { toolChoice: { type: 'auto' }, parallelToolCalls: false }],
  ['N14 decodes enabled parallel calls', {
    tool_choice: { type: 'auto', disable_parallel_tool_use: false },
  }, { toolChoice: { type: 'auto' }, parallelToolCalls: true }],
  ...[[1_024, 'low'], [2_000, 'low'], [4_096, 'low'], [4_097, 'medium'], [16_384, 'medium'], [
    16_385,
    'high',
  ], [31_999, 'high']].map(([budget, effort]): Row => [
    `N17 decodes a budget of ${budget} as ${effort}`,
    { thinking: { type: 'enabled', budget_tokens: budget } },
    { reasoningEffort: effort as ChatRequest['reasoningEffort'] },
  ]),
  ['N17 decodes disabled thinking', {
    thinking: { type: 'disabled' },
    output_config: { effort: 'high' },
  }, { reasoningEffort: 'none' }],
  ['N17 leaves adaptive thinking to the model', { thinking: { type: 'adaptive' } }, {}],
  ['decodes an effort', { output_config: { effort: 'low' } }, { reasoningEffort: 'low' }],
  ['N17 prefers an effort to a budget', {
    thinking: { type: 'enabled', budget_tokens: 2_000 },
    output_config: { effort: 'medium' },
  }, { reasoningEffort: 'medium' }],
  ...(['xhigh', 'max'] as const).map((effort): Row => [
    `decodes the effort ${effort}`,
    { thinking: { type: 'adaptive' }, output_config: { effort } },
    { reasoningEffort: effort },
  ]),
  ['decodes a schema', { output_config: { format: FORMAT } }, { responseFormat: READ_FORMAT }],
  ['decodes a schema in output_format', { output_format: FORMAT }, { responseFormat: READ_FORMAT }],
  ['decodes the tier auto', { service_tier: 'auto' }, { serviceTier: 'auto' }],
  ['decodes the tier standard_only', { service_tier: 'standard_only' }, { serviceTier: 'default' }],
  [
    'warns of an unknown tier',
    { service_tier: 'batch' },
    {},
    'service_tier: not known, left out',
  ],
  ['accepts members that have no effect', {
    metadata: { user_id: 'user_1' },
    cache_control: { type: 'ephemeral' },
    diagnostics: { previous_message_id: null },
    speed: 'standard',
    anthropic_version: 'bedrock-2023-05-31',
    anthropic_beta: ['a'],
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  }, {}],
  [
    'warns of members it does not support',
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
    'speed: only one speed, left out',
    'output_config.task_budget: not known, left out',
    'context_management.edits[0]: not supported, left out',
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
  for (const [name, payload, read, ...warnings] of rows) {
    it(name, () => {
      assert.deepEqual(decode(payload), { request: request(read), toolsets: [], warnings })
    })
  }

  it('warns of each kind of block once', () => {
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
      'messages: redacted_thinking is encrypted, left out',
      'messages: citations are not supported',
      'messages: browser_state is sent as text',
    ])
  })

  it('N14 rejects the choice of an unknown tool', () => {
    const payload = { tools: [TOOL], tool_choice: { type: 'tool', name: 'g' } }
    assert.throws(() => decode(payload), { code: 'invalid_request', param: 'tool_choice' })
  })

  it('rejects a thread', () => {
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
