import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeReply } from '../../../../src/oci/formats/cohere2/decode.ts'
import { options } from '../generic/stream.ts'

describe('decodeReply()', () => {
  it('K07 K08 K14 reads reasoning, text, plan, calls and finish reason', () => {
    const chatResponse = {
      apiFormat: 'COHEREV2',
      id: '4c1f0c8e-0000-4000-8000-000000000000',
      message: {
        role: 'ASSISTANT',
        content: [{ type: 'THINKING', thinking: 'hm' }, { type: 'TEXT', text: 'So' }],
        toolPlan: 'Plan. ',
        toolCalls: [
          { id: 'c1', type: 'FUNCTION', function: { name: 'f', arguments: '{"a":1}' } },
          { type: 'FUNCTION', name: 'g', arguments: { b: 2 } },
        ],
        citations: null,
      },
      finishReason: 'TOOL_CALL',
      usage: { completionTokens: 3, promptTokens: 1620, totalTokens: 1623 },
    }
    const { choices, usage } = decodeReply({ chatResponse }, options())
    assert.deepEqual(choices, [{
      index: 0,
      text: 'Plan. So',
      reasoning: 'hm',
      refusal: '',
      toolCalls: [
        { id: 'c1', name: 'f', arguments: '{"a":1}' },
        { id: 'call0', name: 'g', arguments: '{"b":2}' },
      ],
      annotations: [],
      logprobs: [],
      finishReason: 'tool-calls',
    }])
    assert.deepEqual([usage?.prompt, usage?.completion, usage?.total], [1620, 3, 1623])
  })

  it('accepts missing optional members', () => {
    const message = { role: 'ASSISTANT', content: null, toolPlan: null, toolCalls: null }
    const chatResponse = { message, finishReason: 'COMPLETE', usage: null, logProbabilities: null }
    assert.deepEqual(decodeReply({ chatResponse }, options()), {
      choices: [{
        index: 0,
        text: '',
        reasoning: '',
        refusal: '',
        toolCalls: [],
        annotations: [],
        logprobs: [],
        finishReason: 'stop',
      }],
      usage: undefined,
      serviceTier: undefined,
      created: undefined,
    })
  })

  it('K14 throws for an error as finish reason', () => {
    const chatResponse = { message: {}, finishReason: 'ERROR', errorMessage: 'broken' }
    assert.throws(() => decodeReply({ chatResponse }, options()), {
      code: 'upstream_unavailable',
      message: 'The model failed to complete the reply: broken',
    })
  })

  it('throws for a response without a message', () => {
    assert.throws(() => decodeReply({ chatResponse: { finishReason: 'COMPLETE' } }, options()), {
      code: 'upstream_invalid_response',
      message: "OCI's response has no message",
    })
  })
})
