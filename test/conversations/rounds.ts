import fc from 'fast-check'

/** A call of a tool and its result, whose text contains the marker. `id` is unique. */
export interface Round {
  kind: string
  elements(id: string, marker: string): readonly object[]
}

const PNG = 'data:image/png;base64,iVBORw0KGgo='
const NAMES = ['get_weather', 'get_time', 'unknown_tool', 'mcp.server:do thing']

const name = fc.constantFrom(...NAMES)
const CODE_EXECUTION = { type: 'server_tool_use', name: 'code_execution' }

/** Rounds of chat completions. */
export const CHAT_ROUNDS: fc.Arbitrary<Round> = fc.oneof(
  fc.tuple(name, fc.constantFrom<Wrap>(asText, asParts('text')), fc.boolean()).map((
    [name, wrap, hasText],
  ): Round => ({
    kind: 'function',
    elements: (id, marker) => [
      {
        role: 'assistant',
        content: hasText ? 'Let me see' : null,
        tool_calls: [{ id, type: 'function', function: { name, arguments: '{"city":"Rome"}' } }],
      },
      { role: 'tool', tool_call_id: id, content: wrap(marker) },
    ],
  })),
  name.map((name): Round => ({
    kind: 'custom',
    elements: (id, marker) => [
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id, type: 'custom', custom: { name, input: 'ls' } }],
      },
      { role: 'tool', tool_call_id: id, content: marker },
    ],
  })),
  fc.constant<Round>({
    kind: 'function_call',
    elements: (id, marker) => {
      const name = `old_${id}`
      return [
        { role: 'assistant', content: null, function_call: { name, arguments: '{}' } },
        { role: 'function', name, content: marker },
      ]
    },
  }),
)

/** Rounds of Responses: function and custom calls, and calls of tools with a type of their own. */
export const RESPONSES_ROUNDS: fc.Arbitrary<Round> = fc.oneof(
  fc.tuple(name, fc.constantFrom<Wrap>(asText, asParts('input_text'), withImage)).map((
    [name, wrap],
  ): Round => ({
    kind: 'function_call',
    elements: (call_id, marker) => [
      { type: 'function_call', call_id, name, arguments: '{"city":"Rome"}' },
      { type: 'function_call_output', call_id, output: wrap(marker) },
    ],
  })),
  fc.tuple(name, fc.constantFrom<Wrap>(asText, asParts('input_text'))).map((
    [name, wrap],
  ): Round => ({
    kind: 'custom_tool_call',
    elements: (call_id, marker) => [
      { type: 'custom_tool_call', call_id, name, input: 'ls' },
      { type: 'custom_tool_call_output', call_id, output: wrap(marker) },
    ],
  })),
  fc.constantFrom<Round>(
    {
      kind: 'shell_call',
      elements: (call_id, marker) => [
        { type: 'shell_call', call_id, action: { commands: ['ls'] }, status: 'completed' },
        {
          type: 'shell_call_output',
          call_id,
          output: [{ stdout: marker, stderr: '', outcome: { type: 'exit', exit_code: 0 } }],
        },
      ],
    },
    {
      kind: 'local_shell_call',
      elements: (call_id, output) => [
        {
          type: 'local_shell_call',
          id: `lsh_${call_id}`,
          call_id,
          action: { type: 'exec', command: ['ls'], env: {} },
          status: 'completed',
        },
        { type: 'local_shell_call_output', id: call_id, output },
      ],
    },
    {
      kind: 'apply_patch_call',
      elements: (call_id, output) => [
        {
          type: 'apply_patch_call',
          call_id,
          operation: { type: 'delete_file', path: 'a.txt' },
          status: 'completed',
        },
        { type: 'apply_patch_call_output', call_id, status: 'completed', output },
      ],
    },
    {
      kind: 'mcp_call',
      elements: (id, output) => [
        { type: 'mcp_call', id, name: 'get', server_label: 'a', arguments: '{}', output },
      ],
    },
    {
      kind: 'code_interpreter_call',
      elements: (id, logs) => [
        {
          type: 'code_interpreter_call',
          id,
          code: 'print(1)',
          container_id: 'c',
          outputs: [{ type: 'logs', logs }],
          status: 'completed',
        },
      ],
    },
    {
      kind: 'file_search_call',
      elements: (id, text) => [
        { type: 'file_search_call', id, queries: ['a'], status: 'completed', results: [{ text }] },
      ],
    },
    {
      kind: 'program',
      elements: (call_id, result) => [
        { type: 'program', id: `pr_${call_id}`, call_id, code: 'x', fingerprint: 'f' },
        { type: 'program_output', id: `po_${call_id}`, call_id, result, status: 'completed' },
      ],
    },
  ),
)

/** Rounds of Anthropic's Messages: tools of the client and of Anthropic. */
export const MESSAGES_ROUNDS: fc.Arbitrary<Round> = fc.oneof(
  fc.tuple(name, fc.constantFrom<Wrap>(asText, asParts('text'), withAnthropicImage), fc.boolean())
    .map(([name, wrap, is_error]): Round => ({
      kind: 'tool_use',
      elements: (id, marker) => [
        { role: 'assistant', content: [{ type: 'tool_use', id, name, input: { city: 'Rome' } }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: id, content: wrap(marker), is_error }],
        },
      ],
    })),
  fc.constantFrom<Round>(
    serverRound('mcp', { type: 'mcp_tool_use', server_name: 'a', name: 'get' }, (marker) => ({
      type: 'mcp_tool_result',
      is_error: false,
      content: [{ type: 'text', text: marker }],
    })),
    serverRound('code execution', CODE_EXECUTION, (stdout) => ({
      type: 'code_execution_tool_result',
      content: { type: 'code_execution_result', stdout, stderr: '', return_code: 0, content: [] },
    })),
    serverRound('web search', { type: 'server_tool_use', name: 'web_search' }, (title) => ({
      type: 'web_search_tool_result',
      content: [{
        type: 'web_search_result',
        title,
        url: 'https://example.com',
        encrypted_content: 'abc',
        page_age: null,
      }],
    })),
  ),
)

/** The content of a result with a text. */
type Wrap = (text: string) => unknown

function asText(text: string): unknown {
  return text
}

function asParts(type: string): Wrap {
  return (text) => [{ type, text: 'Result:' }, { type, text }]
}

function withImage(text: string): unknown {
  return [{ type: 'input_image', image_url: PNG, detail: 'auto' }, { type: 'input_text', text }]
}

function withAnthropicImage(text: string): unknown {
  const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' }
  return [{ type: 'image', source }, { type: 'text', text }]
}

/** Anthropic's own tools: the result is in the same message. */
function serverRound(kind: string, call: object, resultOf: (marker: string) => object): Round {
  return {
    kind,
    elements: (id, marker) => [{
      role: 'assistant',
      content: [
        { ...call, id, input: {} },
        { ...resultOf(marker), tool_use_id: id },
      ],
    }],
  }
}
