import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addEvent, type AnswerState, EMPTY_ANSWER } from '../../src/console/answer-events.ts'
import type { Api } from '../../src/console/client-request.ts'

function read(api: Api, events: readonly unknown[]): AnswerState {
  return events.reduce<AnswerState>(
    (answer, event) =>
      addEvent(api, answer, typeof event === 'string' ? event : JSON.stringify(event)),
    EMPTY_ANSWER,
  )
}

const ANSWER: AnswerState = {
  text: 'Hello',
  reasoning: 'Hm',
  toolCalls: [{ name: 'get', arguments: '{"a":1}' }],
  finish: 'stop',
  usage: { prompt: 9, completion: 5, cached: 2, reasoning: 1, cost: 0.01 },
  error: undefined,
}

const chunk = (delta: object, more: object = {}) => ({ choices: [{ delta, ...more }] })

describe('addEvent()', () => {
  it('reads a stream of Chat Completions', () => {
    const events = [
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning_content: 'Hm' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({ tool_calls: [{ index: 0, id: 'x', function: { name: 'get', arguments: '{"a"' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
      chunk({}, { finish_reason: 'stop' }),
      {
        choices: [],
        usage: {
          ...{ prompt_tokens: 9, completion_tokens: 5, cost: 0.01 },
          prompt_tokens_details: { cached_tokens: 2 },
          completion_tokens_details: { reasoning_tokens: 1 },
        },
      },
      '[DONE]',
    ]
    assert.deepEqual(read('chat', events), ANSWER)
  })

  it('reads a stream of Responses', () => {
    const events = [
      { type: 'response.created', response: { error: null } },
      { type: 'response.reasoning_summary_text.delta', delta: 'Hm' },
      { type: 'response.output_text.delta', delta: 'Hello' },
      { type: 'response.output_item.added', item: { type: 'message' } },
      { type: 'response.output_item.added', item: { type: 'function_call', name: 'get' } },
      { type: 'response.function_call_arguments.delta', delta: '{"a":1}' },
      {
        type: 'response.completed',
        response: {
          status: 'completed',
          usage: {
            ...{ input_tokens: 9, output_tokens: 5, cost: 0.01 },
            input_tokens_details: { cached_tokens: 2 },
            output_tokens_details: { reasoning_tokens: 1 },
          },
        },
      },
    ]
    assert.deepEqual(read('responses', events), { ...ANSWER, finish: 'completed' })
  })

  it('reads a stream of Messages', () => {
    const usage = { input_tokens: 7, cache_read_input_tokens: 2, output_tokens: 0 }
    const events = [
      { type: 'message_start', message: { usage } },
      { type: 'ping' },
      { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'Hm' } },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hello' } },
      { type: 'content_block_start', content_block: { type: 'tool_use', name: 'get' } },
      {
        type: 'content_block_delta',
        delta: { type: 'input_json_delta', partial_json: '{"a":1}' },
      },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        usage: { output_tokens: 5, cost: 0.01 },
      },
    ]
    assert.deepEqual(read('messages', events), {
      ...ANSWER,
      finish: 'end_turn',
      usage: { ...ANSWER.usage, reasoning: undefined },
    })
  })

  const errors: [api: Api, event: object][] = [
    ['chat', { error: { message: 'no' } }],
    ['responses', { type: 'error', message: 'no' }],
    ['responses', { type: 'response.failed', response: { error: { message: 'no' } } }],
    ['messages', { type: 'error', error: { type: 'api_error', message: 'no' } }],
  ]
  for (const [api, event] of errors) {
    it(`reads an error of ${api} and keeps the text: ${JSON.stringify(event)}`, () => {
      const text = { ...EMPTY_ANSWER, text: 'so far' }
      assert.deepEqual(addEvent(api, text, JSON.stringify(event)), { ...text, error: 'no' })
    })
  }

  it('ignores what it does not know', () => {
    for (const event of ['', 'x', '1', 'null', '[]', '{}', '{"choices":1}', '{"type":"new"}']) {
      for (const api of ['chat', 'responses', 'messages'] as const) {
        assert.deepEqual(addEvent(api, ANSWER, event), ANSWER, `${api} ${event}`)
      }
    }
  })
})
