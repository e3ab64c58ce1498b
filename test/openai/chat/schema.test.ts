import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { ChatCompletionRequest } from '../../../src/openai/chat/schema.ts'
import { body } from './request.ts'

const SAYS = { role: 'user', content: 'Hi' }
const CALL = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }

const accepted: [name: string, payload: object][] = [
  ['unknown members', { foo: 1, messages: [{ ...SAYS, cache_control: {} }] }],
  ['a user message without content', { messages: [{ role: 'user' }] }],
  ['M04 calls without content', {
    messages: [SAYS, { role: 'assistant', content: null, tool_calls: [CALL] }],
  }],
  ['an assistant message without reasoning', {
    messages: [SAYS, { role: 'assistant', content: 'x' }],
  }],
  ['reasoning in any form', {
    messages: [SAYS, {
      role: 'assistant',
      content: 'x',
      reasoning_content: 1,
      reasoning: [],
      reasoning_details: [{}],
    }],
  }],
  ['T29 a thought signature', {
    messages: [SAYS, {
      role: 'assistant',
      tool_calls: [{ ...CALL, extra_content: { google: { thought_signature: 's' } } }],
    }],
  }],
  ['a call without id and arguments', {
    messages: [SAYS, { role: 'assistant', tool_calls: [{ function: { name: 'f' } }] }],
  }],
  ['arguments that are not a string', {
    messages: [SAYS, {
      role: 'assistant',
      tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }],
    }],
  }],
  ['M15 a tool result in parts', {
    messages: [SAYS, {
      role: 'tool',
      tool_call_id: 'a',
      content: [{ type: 'text', text: 'ok' }],
    }],
  }],
  ['M21 the old function result', { messages: [{ role: 'function', name: 'f', content: '1' }] }],
  ['T09 a tool of any kind', { tools: [{ type: 'custom', custom: {} }, { type: 'web_search' }] }],
  ['a system message without content', { messages: [{ role: 'system' }, SAYS] }],
  ['an image in a system message', {
    messages: [{ role: 'system', content: [{ type: 'image_url', image_url: 'data:' }] }],
  }],
  ['an unknown role in an earlier message', { messages: [{ role: 'bot', content: 1 }, SAYS] }],
  ['a part of an unknown type', { messages: [{ role: 'user', content: [{ type: 'new' }] }] }],
  ['the minimum of every number', { model: 'm', max_tokens: 1, top_logprobs: 0, n: 1 }],
  ['the maximum of alternatives', { top_logprobs: 20 }],
  ['the largest seed', { seed: Number.MAX_SAFE_INTEGER }],
]

const rejected: [name: string, payload: object, path: string][] = [
  ['M26 no messages', { messages: [] }, 'messages'],
  ['M26 messages that are missing', { messages: undefined }, 'messages'],
  ['M26 an unknown role', { messages: [{ role: 'bot', content: 'x' }] }, 'messages.0.role'],
  ['M26 a message that is not an object', { messages: ['x'] }, 'messages.0'],
  ['an image without its URL in the newest user message', {
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }],
  }, 'messages.0.content'],
  ['P33 no model', { model: undefined }, 'model'],
  ['P33 an empty name of a model', { model: '' }, 'model'],
  ['P33 a model that is not a string', { model: 1 }, 'model'],
  ...[0, -1, '10', 1.5].flatMap((limit): [string, object, string][] => [
    [`P06 the limit ${JSON.stringify(limit)}`, { max_tokens: limit }, 'max_tokens'],
    [
      `P06 the newer limit ${JSON.stringify(limit)}`,
      { max_completion_tokens: limit },
      'max_completion_tokens',
    ],
  ]),
  ['an infinite number', { temperature: Infinity }, 'temperature'],
  ['zero choices', { n: 0 }, 'n'],
  ['a seed that JavaScript would round', { seed: 2 ** 53 }, 'seed'],
  ['too many alternatives', { top_logprobs: 21 }, 'top_logprobs'],
  ['a list of biases', { logit_bias: [1] }, 'logit_bias'],
  ['a bias that is not a number', { logit_bias: { 1: 'x' } }, 'logit_bias.1'],
  ['stop sequences that are not strings', { stop: [1] }, 'stop'],
  ['an unknown effort', { reasoning_effort: 'most' }, 'reasoning_effort'],
  ['a function without a name', {
    tools: [{ type: 'function', function: { name: '' } }],
  }, 'tools.0.function.name'],
  ['a tool without a function', { tools: [{ type: 'function' }] }, 'tools.0.function'],
  ['a tool without a type', { tools: [{ function: { name: 'f' } }] }, 'tools.0.type'],
  ['parameters that are not an object', {
    tools: [{ type: 'function', function: { name: 'f', parameters: [] } }],
  }, 'tools.0.function.parameters'],
  ['an unknown choice', { tool_choice: 'any' }, 'tool_choice'],
  ['an unknown format', { response_format: { type: 'xml' } }, 'response_format.type'],
  ['metadata that is a list', { metadata: [] }, 'metadata'],
  ['stream as a string', { stream: 'true' }, 'stream'],
]

describe('ChatCompletionRequest', () => {
  for (const [name, payload] of accepted) {
    it(`accepts ${name}`, () => {
      assert.deepEqual(v.safeParse(ChatCompletionRequest, body(payload)).issues, undefined)
    })
  }

  for (const [name, payload, path] of rejected) {
    it(`rejects ${name}`, () => {
      const { issues = [] } = v.safeParse(ChatCompletionRequest, body(payload), {
        abortPipeEarly: true,
      })
      assert.deepEqual(issues.map((issue) => v.getDotPath(issue)), [path])
    })
  }

  it('passes on objects with foreign keys unchanged', () => {
    const parameters = JSON.parse('{"__proto__":{"type":"string"},"constructor":1}')
    const tools = [{ type: 'function', function: { name: 'f', parameters } }]
    const [tool] = v.parse(ChatCompletionRequest, body({ tools })).tools ?? []
    assert.ok(tool && 'function' in tool)
    assert.equal(tool.function.parameters, parameters)
  })

  it('ignores top-level keys that every object has', () => {
    const payload = JSON.parse('{"__proto__":{"stream":true},"constructor":{},"prototype":{}}')
    const read = v.parse(ChatCompletionRequest, { ...body(), ...payload })
    assert.equal(Object.getPrototypeOf(read), Object.prototype)
    assert.equal(read.stream, false)
  })
})
