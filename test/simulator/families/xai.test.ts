import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller, message } from '../caller.ts'
import { call, eventsFor, fragment, refusalOf, replyFor, say, text } from './shapes.ts'

const TWO = `${call('sqrt', '{"arg0":16}')}${call('add', '{"a":7}')}`
const NO_EFFORT = nested('This model does not support `reasoning_effort`')

const refused: [name: string, model: string, fields: object, expected: string | undefined][] = [
  ['rejects reasoningEffort', 'xai.grok-4', { reasoningEffort: 'LOW' }, NO_EFFORT],
  ['rejects it to a coder', 'xai.grok-code-fast-1', { reasoningEffort: 'LOW' }, NO_EFFORT],
  ['rejects it to Grok 3', 'xai.grok-3', { reasoningEffort: 'LOW' }, NO_EFFORT],
  ['rejects it to Grok 4.20', 'xai.grok-4.20-reasoning', { reasoningEffort: 'LOW' }, NO_EFFORT],
  ['lets Grok 4.7 think', 'xai.grok-4.7', { reasoningEffort: 'LOW' }, undefined],
  [
    'rejects to turn reasoning off in Grok 4.7',
    'xai.grok-4.7',
    { reasoningEffort: 'NONE' },
    nested(
      'This model does not support `reasoning_effort` value `none`. Supported values are: low, ' +
        'medium, high, xhigh',
    ),
  ],
  ['lets Grok 4.3 not think', 'xai.grok-4.3', { reasoningEffort: 'NONE' }, undefined],
  ['lets Grok 3 Mini think', 'xai.grok-3-mini', { reasoningEffort: 'LOW' }, undefined],
  [
    'rejects stop to a reasoner',
    'xai.grok-4-fast-reasoning',
    { stop: ['x'] },
    nested('Argument not supported on this model: stop'),
  ],
  ['accepts stop otherwise', 'xai.grok-4-fast-non-reasoning', { stop: ['x'] }, undefined],
  ['accepts either token field', 'xai.grok-4', { maxCompletionTokens: 9 }, undefined],
  [
    'rejects required names that are no properties',
    'xai.grok-4',
    tool({ type: 'object', properties: {}, required: ['pattern'] }),
    nested("required fields ['pattern'] are not defined in the schema properties"),
  ],
  [
    'rejects references',
    'xai.grok-4',
    tool({ type: 'object', properties: { a: { $ref: '#/$defs/A' } } }),
    nested('Invalid request content: Invalid function schema.'),
  ],
]

describe('XAI', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, model, fields, expected] of refused) {
    it(name, () => {
      assert.equal(refusalOf(model, { messages: [message('USER', 'Hi')], ...fields }), expected)
    })
  }

  it('streams text and a finish event without a message', async () => {
    assert.deepEqual(await eventsFor(caller, 'xai.grok-3', say('THE SUM.')), [
      text('THE'),
      text(' SUM.'),
      { finishReason: 'stop' },
    ])
  })

  it('streams complete calls, each at the first index', async () => {
    assert.deepEqual(await eventsFor(caller, 'xai.grok-3', TWO), [
      fragment({ id: 'call_#', name: 'sqrt', arguments: '{"arg0":16}' }),
      fragment({ id: 'call_#', name: 'add', arguments: '{"a":7}' }),
      { finishReason: 'tool_calls' },
    ])
  })

  it('streams the reasoning of Grok 3 Mini before its text', async () => {
    const events = await eventsFor(caller, 'xai.grok-3-mini', say('Yes.'))
    assert.deepEqual(events.slice(0, 2), [
      { index: 0, message: { role: 'ASSISTANT', reasoningContent: 'The' } },
      { index: 0, message: { role: 'ASSISTANT', reasoningContent: ' user' } },
    ])
    assert.deepEqual(events.slice(-2), [text('Yes.'), { finishReason: 'stop' }])
  })

  it('sends usage after the finish event on request', async () => {
    const more = { streamOptions: { isIncludeUsage: true } }
    const events = await eventsFor(caller, 'xai.grok-3', say('Yes.'), more)
    assert.deepEqual(events, [text('Yes.'), { finishReason: 'stop' }, {
      usage: {
        completionTokens: 1,
        promptTokens: 1,
        totalTokens: 2,
        completionTokensDetails: { acceptedPredictionTokens: 0, reasoningTokens: 0 },
        promptTokensDetails: { cachedTokens: 0 },
      },
    }])
  })

  it('counts reasoning tokens separately from completion tokens', async () => {
    const reply = await replyFor(caller, 'xai.grok-3-mini', say('Yes.'))
    assert.deepEqual(reply, {
      modelId: 'xai.grok-3-mini',
      modelVersion: '1.0.0',
      chatResponse: {
        apiFormat: 'GENERIC',
        timeCreated: '2026-11-22T12:00:00.000Z',
        choices: [{
          index: 0,
          message: {
            role: 'ASSISTANT',
            content: [{ type: 'TEXT', text: 'Yes.' }],
            reasoningContent: 'The user said 0 words. Answer them.',
          },
          finishReason: 'stop',
          logprobs: {},
        }],
        usage: {
          completionTokens: 1,
          promptTokens: 1,
          totalTokens: 9,
          completionTokensDetails: { acceptedPredictionTokens: 0, reasoningTokens: 7 },
          promptTokensDetails: { cachedTokens: 0 },
        },
      },
    })
  })
})

function nested(error: string): string {
  return `400 ${JSON.stringify({ code: 'Client specified an invalid argument', error })}`
}

function tool(parameters: object): object {
  return { tools: [{ type: 'FUNCTION', name: 'f', parameters }] }
}
