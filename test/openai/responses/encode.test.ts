import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Choice } from '../../../src/chat/model.ts'
import { encodeReply } from '../../../src/openai/responses/encode.ts'
import { choice, reply, usage } from '../chat/reply.ts'
import { frame, ID, OWN } from './frame.ts'

const CALL = { id: 'a', name: 'f', arguments: '{"x":1}' }

type Case = [name: string, part: Partial<Choice>, output: object[]]

const cases: Case[] = [
  ['a text', { text: 'Hi' }, [message(0, [text('Hi')])]],
  ['reasoning before the text', { reasoning: 'Hm', text: 'Hi' }, [
    { id: `rs_${OWN}_0`, type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] },
    message(1, [text('Hi')]),
  ]],
  ['a refusal', { refusal: 'No' }, [message(0, [{ type: 'refusal', refusal: 'No' }])]],
  ['a text and a refusal', { text: 'Hi', refusal: 'No' }, [
    message(0, [text('Hi'), { type: 'refusal', refusal: 'No' }]),
  ]],
  ['an empty reply as an empty text', {}, [message(0, [text('')])]],
  ['calls without a text', { toolCalls: [CALL], finishReason: 'tool-calls' }, [
    functionCall(0, { name: 'f', arguments: '{"x":1}' }),
  ]],
  ['a text before the calls', { text: 'Hi', toolCalls: [CALL, { ...CALL, id: 'b' }] }, [
    message(0, [text('Hi')]),
    functionCall(1, { name: 'f', arguments: '{"x":1}' }),
    functionCall(2, { name: 'f', call_id: 'b', arguments: '{"x":1}' }),
  ]],
  ['a call of a tool in a namespace', { toolCalls: [{ ...CALL, name: 'crm__f' }] }, [
    functionCall(0, { name: 'f', namespace: 'crm', arguments: '{"x":1}' }),
  ]],
  [
    'a call of a custom tool',
    { toolCalls: [{ ...CALL, name: 'patch', arguments: '{"input":"a\\n\\"b\\""}' }] },
    [customCall('a\n"b"')],
  ],
  ['arguments of a custom tool that are not JSON', {
    toolCalls: [{ ...CALL, name: 'patch', arguments: '*** Begin' }],
  }, [customCall('*** Begin')]],
  ['JSON of another shape', { toolCalls: [{ ...CALL, name: 'patch', arguments: '{"input":1}' }] }, [
    customCall('{"input":1}'),
  ]],
  ['sources', {
    text: 'Hi',
    annotations: [{ url: 'https://a.example', title: undefined, start: 0, end: 2 }],
  }, [message(0, [{
    ...text('Hi'),
    annotations: [{
      type: 'url_citation',
      url: 'https://a.example',
      title: '',
      start_index: 0,
      end_index: 2,
    }],
  }])]],
  ['probabilities', {
    text: 'Hi',
    logprobs: [{ token: 'Hi', logprob: -0.5, top: [{ token: 'é', logprob: -1 }] }],
  }, [message(0, [{
    ...text('Hi'),
    logprobs: [{
      token: 'Hi',
      logprob: -0.5,
      bytes: [72, 105],
      top_logprobs: [{ token: 'é', logprob: -1, bytes: [195, 169] }],
    }],
  }])]],
  ['a truncated text', { reasoning: 'Hm', text: 'H', finishReason: 'length' }, [
    { id: `rs_${OWN}_0`, type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] },
    { ...message(1, [text('H')]), status: 'incomplete' },
  ]],
  ['the last call of a truncated reply as incomplete', {
    text: 'Hi',
    toolCalls: [{ ...CALL, arguments: '{"x' }],
    finishReason: 'length',
  }, [
    message(0, [text('Hi')]),
    { ...functionCall(1, { name: 'f', arguments: '{"x' }), status: 'incomplete' },
  ]],
  ['no text for a reply that was filtered at once', { finishReason: 'content-filter' }, []],
]

const FRAME = frame([
  { type: 'function', name: 'f', namespace: undefined },
  { type: 'function', name: 'f', namespace: 'crm' },
  { type: 'custom', name: 'patch', namespace: undefined },
])

describe('encodeReply()', () => {
  for (const [name, part, output] of cases) {
    it(`encodes ${name}`, () => {
      const response = encodeReply(reply({ choices: [choice(part)] }), FRAME)
      assert.deepEqual(response.output, output)
    })
  }

  it('has its identity and repeats the request', () => {
    const { output: _output, ...rest } = encodeReply(reply(), FRAME)
    assert.deepEqual(rest, {
      ...{ id: ID, object: 'response', created_at: 1_700_000_000, model: 'oci/m' },
      ...{ status: 'completed', completed_at: 1_700_000_002, error: null, background: false },
      ...{ incomplete_details: null, usage: null, service_tier: 'default', access_programs: null },
      ...{ instructions: null, max_output_tokens: null, max_tool_calls: null, metadata: {} },
      ...{ parallel_tool_calls: true, previous_response_id: null, prompt_cache_key: null },
      ...{ reasoning: { effort: null, summary: null }, safety_identifier: null, store: false },
      ...{ temperature: 1, top_p: 1, top_logprobs: 0, tool_choice: 'auto', tools: [] },
      ...{ text: { format: { type: 'text' }, verbosity: 'medium' }, truncation: 'disabled' },
      ...{ frequency_penalty: 0, presence_penalty: 0 },
    })
  })

  it('encodes existing counts, and 0 for missing details', () => {
    const counted = reply({ usage: usage({ cached: 2, reasoning: 3 }), serviceTier: 'priority' })
    const { usage: encoded, service_tier: tier } = encodeReply(counted, FRAME)
    assert.equal(tier, 'priority')
    assert.deepEqual(encoded, {
      input_tokens: 5,
      input_tokens_details: { cached_tokens: 2, cache_write_tokens: 0 },
      output_tokens: 7,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 12,
    })
  })

  it('N07 has the reason of an incomplete reply', () => {
    const ends = (['length', 'content-filter', 'stop'] as const).map((finishReason) => {
      const response = encodeReply(reply({ choices: [choice({ finishReason })] }), FRAME)
      return [response.status, response.incomplete_details?.reason, response.completed_at]
    })
    assert.deepEqual(ends, [
      ['incomplete', 'max_output_tokens', null],
      ['incomplete', 'content_filter', null],
      ['completed', undefined, 1_700_000_002],
    ])
  })
})

function message(at: number, content: object[]): object {
  return {
    id: `msg_${OWN}_${at}`,
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content,
  }
}

function text(text: string): object {
  return { type: 'output_text', annotations: [], logprobs: [], text }
}

function functionCall(at: number, part: object): object {
  const id = `fc_${OWN}_${at}`
  return { id, type: 'function_call', status: 'completed', call_id: 'a', ...part }
}

function customCall(input: string): object {
  const id = `ctc_${OWN}_0`
  return { id, type: 'custom_tool_call', status: 'completed', call_id: 'a', name: 'patch', input }
}
