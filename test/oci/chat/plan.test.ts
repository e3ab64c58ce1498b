import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bodyOf, COMPARTMENT, plan } from '../context.ts'
import { text, user } from '../formats/generic/request.ts'
import { profile } from '../profile.ts'
import type { Message } from '../../../src/chat/model.ts'
import { planChat } from '../../../src/oci/chat/plan.ts'
import { runAtOnce } from '../../../src/steps.ts'
import { request } from '../formats/generic/request.ts'

/** A tool call and its result. */
const CALLED: readonly Message[] = [
  {
    role: 'assistant',
    content: [],
    reasoning: undefined,
    refusal: undefined,
    toolCalls: [{ id: 'call_1', name: 'tool0', arguments: '{}' }],
    name: undefined,
  },
  { role: 'tool', toolCallId: 'call_1', content: [text('done')] },
]

describe('planChat()', () => {
  it('encodes the compartment, the request and the model', () => {
    assert.deepEqual(bodyOf(plan()), {
      compartmentId: COMPARTMENT,
      servingMode: { servingType: 'ON_DEMAND', modelId: 'acme.one' },
      chatRequest: {
        apiFormat: 'GENERIC',
        messages: [{ role: 'USER', content: [{ type: 'TEXT', text: 'Hi' }] }],
        maxTokens: 4000,
      },
    })
  })

  it('uses the serving mode of a dedicated endpoint', () => {
    const model = 'ocid1.generativeaiendpoint.oc1.us-chicago-1.a'
    const target = { model, profile: profile(), compartmentId: 'ocid1.compartment.oc1..b' }
    const { compartmentId, servingMode } = bodyOf(runAtOnce(planChat(request(), target, false)))
    assert.deepEqual({ compartmentId, servingMode }, {
      compartmentId: 'ocid1.compartment.oc1..b',
      servingMode: { servingType: 'DEDICATED', endpointId: model },
    })
  })

  it('P08 P09 requests a stream, always with usage', () => {
    const { chatRequest } = bodyOf(plan({}, {}, true))
    assert.deepEqual(chatRequest, {
      apiFormat: 'GENERIC',
      messages: [{ role: 'USER', content: [{ type: 'TEXT', text: 'Hi' }] }],
      isStream: true,
      streamOptions: { isIncludeUsage: true },
      maxTokens: 4000,
    })
  })

  it('M24 encodes the body as UTF-8', () => {
    const planned = plan({ messages: [user([text('日本 \ud83d')])] })
    assert.equal(
      planned.body.length,
      new TextEncoder().encode(JSON.stringify(bodyOf(planned))).length,
    )
    assert.match(JSON.stringify(bodyOf(planned)), /日本 \ufffd/)
  })

  it('P12 P20 records the choices and alternatives', () => {
    const { choices, alternatives } = plan({ choices: 2, logprobs: 3 })
    assert.deepEqual({ choices, alternatives }, { choices: 2, alternatives: 3 })
  })

  it('P12 expects one choice of each call if the model returns one', () => {
    const { calls, choices, warnings, ...planned } = plan({ choices: 2 }, {
      multipleChoices: false,
    })
    assert.deepEqual({ calls, choices, warnings }, { calls: 2, choices: 1, warnings: [] })
    assert.deepEqual(bodyOf({ calls, choices, warnings, ...planned }), bodyOf(plan()))
  })

  it('P21 expects one choice and no alternatives by default', () => {
    const { choices, alternatives } = plan({ logprobs: 0 })
    assert.deepEqual({ choices, alternatives }, { choices: 1, alternatives: 0 })
  })

  it('expects no alternatives for logprobs 0', () => {
    assert.equal(plan().alternatives, 0)
  })

  it('S32 searches the text for tool calls if the profile says so and there are tools', () => {
    const tool = { name: 'f', description: undefined, parameters: undefined, strict: false }
    const looks = [
      plan({ tools: [tool] }, { parseToolCallsFromText: true }),
      plan({ tools: [] }, { parseToolCallsFromText: true }),
      plan({ tools: [tool] }, { parseToolCallsFromText: false }),
      plan({ tools: [tool] }, { parseToolCallsFromText: true, tools: false }),
    ].map(({ parseToolCallsFromText }) => parseToolCallsFromText)
    assert.deepEqual(looks, [true, false, false, false])
  })

  it('expects one choice if the model does not support several', () => {
    const { choices, warnings } = plan({ choices: 2 }, { unsupportedParameters: ['choices'] })
    assert.deepEqual({ choices, warnings }, {
      choices: 1,
      warnings: ['n: not supported by acme.one, left out'],
    })
  })

  it('warns about repairs first, then about omitted parameters', () => {
    const messages = [user([]), user([text('Hi')])]
    const { warnings } = plan({ messages, seed: 1 }, { unsupportedParameters: ['seed'] })
    assert.deepEqual(warnings, [
      'messages[0]: user message without content, left out',
      'seed: not supported by acme.one, left out',
    ])
  })

  it('M07 rejects a user message without content', () => {
    assert.throws(() => plan({ messages: [user([])] }), {
      name: 'ApiError',
      code: 'invalid_request',
      param: 'messages[0].content',
    })
  })

  it('T23 sends safe names of tools, and maps them back', () => {
    const tool = { name: 'mcp.server:do', description: undefined, parameters: undefined }
    const { names } = plan({ tools: [{ ...tool, strict: false }] })
    const safe = names.encode('mcp.server:do')
    assert.match(safe, /^[A-Za-z0-9_-]{1,64}$/)
    assert.equal(names.decode(safe), 'mcp.server:do')
  })

  for (
    const format of ['GENERIC', 'COHERE', 'COHEREV2', 'CHAT_COMPLETIONS', 'RESPONSES'] as const
  ) {
    it(`F2: works on each message and each tool in a step of its own (${format})`, () => {
      const countSteps = (messages: number, tools: number, before: readonly Message[] = []) => {
        const large = request({
          messages: [...before, ...Array.from({ length: messages }, () => user([text('Hi')]))],
          tools: Array.from({ length: tools }, (_, at) => ({
            name: `tool${at}`,
            description: undefined,
            parameters: { type: 'object' },
            strict: false,
          })),
        })
        const target = { model: 'acme.one', profile: profile({ format }), compartmentId: 'c' }
        return [...planChat(large, target, false)].length
      }
      const base = countSteps(1, 1)
      assert.ok(base >= 5, `${base} steps`)
      assert.equal(countSteps(101, 1) - base, 100)
      assert.equal(countSteps(1, 101) - base, 100)
      // With tool calls, each message is repaired, then encoded.
      assert.equal(countSteps(101, 1, CALLED) - countSteps(1, 1, CALLED), 200)
    })
  }
})
