import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller, message } from '../caller.ts'
import { call, eventsFor, fragment, refusalOf, replyFor, round, say, text } from './shapes.ts'

const MODEL = 'meta.llama-3.3-70b-instruct'
const TWO = `${call('sqrt', '{"arg0": "16"}')}${call('add', '{"a": "7"}')}`
const IMAGE = { type: 'IMAGE', imageUrl: { url: 'data:image/png;base64,iVBORw0KGgo=' } }

const refused: [name: string, model: string, request: object, expected: string | undefined][] = [
  [
    'rejects maxCompletionTokens',
    MODEL,
    { messages: [message('USER', 'Hi')], maxCompletionTokens: 5 },
    "400 Invalid 'maxCompletionTokens': Unsupported parameter: 'maxCompletionTokens' is not " +
    "supported with this model. Use 'maxTokens' instead.",
  ],
  [
    'rejects parallel calls in a history',
    MODEL,
    { messages: round(['a', 'b'], ['a', 'b']) },
    '400 Parallel tool call is not supported yet.',
  ],
  [
    'rejects to be asked for parallel calls',
    MODEL,
    {
      messages: [message('USER', 'Hi')],
      tools: [{ type: 'FUNCTION', name: 'f' }],
      isParallelToolCalls: true,
    },
    '400 Parallel tool call is not supported yet.',
  ],
  [
    'rejects DEVELOPER',
    MODEL,
    { messages: [message('DEVELOPER', 'Be brief'), message('USER', 'Hi')] },
    '400 Invalid role: DEVELOPER is not supported with this model.',
  ],
  [
    'rejects a image to a model that is blind',
    MODEL,
    { messages: [{ role: 'USER', content: [IMAGE] }] },
    '400 Content type IMAGE is not supported with this model.',
  ],
  [
    'rejects a second image to Llama 3.2',
    'meta.llama-3.2-90b-vision-instruct',
    { messages: [{ role: 'USER', content: [IMAGE, IMAGE] }] },
    '400 At most 1 image(s) may be provided',
  ],
  [
    'accepts two images with Llama 4',
    'meta.llama-4-maverick-17b-128e-instruct-fp8',
    { messages: [{ role: 'USER', content: [IMAGE, IMAGE] }] },
    undefined,
  ],
  ['accepts one call without text', MODEL, { messages: round(['a'], ['a']) }, undefined],
]

describe('META', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, model, request, expected] of refused) {
    it(name, () => assert.equal(refusalOf(model, request), expected))
  }

  it('streams text after an empty text', async () => {
    assert.deepEqual(await eventsFor(caller, MODEL, say('Hello there.')), [
      text(''),
      text('Hello'),
      text(' there.'),
      { message: { role: 'ASSISTANT' }, finishReason: 'stop' },
      '[DONE]',
    ])
  })

  it('streams calls in fragments, the last with the finish reason', async () => {
    assert.deepEqual(await eventsFor(caller, MODEL, TWO), [
      text(''),
      fragment({ id: 'chatcmpl-tool-#', name: 'sqrt' }),
      fragment({ arguments: '{"arg0": ' }),
      fragment({ arguments: '"16"}' }),
      fragment({ arguments: '' }),
      fragment({ id: 'chatcmpl-tool-#', name: 'add' }),
      fragment({ arguments: '{"a": "7"' }),
      fragment({ arguments: '}' }),
      {
        message: { role: 'ASSISTANT', toolCalls: [{ type: 'FUNCTION', arguments: '' }] },
        finishReason: 'tool_calls',
      },
      '[DONE]',
    ])
  })

  it('streams calls without ids by directive', async () => {
    const events = await eventsFor(caller, MODEL, `${call('sqrt', '{}')}[[sim:no-ids]]`)
    assert.deepEqual(events[1], fragment({ name: 'sqrt' }))
  })

  it('sends the last delta with the finish reason by directive', async () => {
    const events = await eventsFor(caller, MODEL, `${say('Hello ')}[[sim:finish-text]]`)
    assert.deepEqual(events, [
      text(''),
      {
        message: { role: 'ASSISTANT', content: [{ type: 'TEXT', text: 'Hello ' }] },
        finishReason: 'stop',
      },
      '[DONE]',
    ])
  })

  it('answers without streaming', async () => {
    assert.deepEqual(await replyFor(caller, MODEL, call('get_weather', '{"city": "Paris"}')), {
      modelId: MODEL,
      modelVersion: '1.0.0',
      chatResponse: {
        apiFormat: 'GENERIC',
        timeCreated: '2026-11-22T12:00:00.000Z',
        choices: [{
          index: 0,
          message: {
            role: 'ASSISTANT',
            toolCalls: [{
              type: 'FUNCTION',
              id: 'chatcmpl-tool-#',
              name: 'get_weather',
              arguments: '{"city": "Paris"}',
            }],
          },
          finishReason: 'tool_calls',
          logprobs: {},
        }],
        usage: { completionTokens: 3, promptTokens: 1, totalTokens: 4 },
      },
    })
  })
})
