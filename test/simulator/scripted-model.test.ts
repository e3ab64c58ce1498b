import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { encodeBase64Url } from '../../src/simulator/base64.ts'
import { type Caller, createCaller, message } from './caller.ts'

interface Said {
  text: string | undefined
  calls: [name: string, json: string][]
  finish: string
}

const MODEL = 'openai.gpt-4.1'
const OPENING = `This is the simulator speaking as ${MODEL}.`
const WEATHER = tool('get_weather', 'Weather for a city', {
  city: { type: 'string' },
  unit: { enum: ['C', 'F'] },
  days: { type: 'integer', minimum: 2 },
})
const SQRT = tool('sqrt', 'The square root of a number', { n: { type: 'number' } })
const BASH = tool('exec', 'Runs a command', { command: { type: 'string' } })
const IMAGE = { type: 'IMAGE', imageUrl: { url: 'data:image/png;base64,iVBORw0KGgo=' } }

const ASIDE = '<<<BEGIN_CONTEXT>>>\nActive exec sessions: none\n<<<END_CONTEXT>>>'

const texts: [name: string, request: object, text: string, finish?: string][] = [
  ["repeats the user's text", user('Hi there'), `${OPENING} You said: Hi there`],
  [
    'keeps the text unchanged',
    user('exec("rm -rf /") 🦀'),
    `${OPENING} You said: exec("rm -rf /") 🦀`,
  ],
  ['follows a system prompt', {
    messages: [message('SYSTEM', 'Reply PONG'), message('USER', 'Ping')],
  }, 'PONG'],
  ['describes its images', {
    messages: [{ role: 'USER', content: [{ type: 'TEXT', text: 'Look' }, IMAGE] }],
  }, `${OPENING} You sent image 1 of 1 (8 bytes) and said: Look`],
  [
    'stops before a stop text',
    { ...user('one END two'), stop: ['END'] },
    `${OPENING} You said: one `,
  ],
  ['is truncated at its limit', { ...user('Hi'), maxTokens: 4 }, 'This is the simulator', 'length'],
  [
    'is truncated at twenty tokens without a limit',
    { ...user('a b c d e f g h i j k l m n'), maxTokens: undefined },
    `${OPENING} You said: a b c d e f g h i j k`,
    'length',
  ],
  ['answers in JSON', {
    ...user('Hi'),
    responseFormat: {
      type: 'JSON_SCHEMA',
      jsonSchema: {
        name: 'x',
        schema: { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'boolean' } } },
      },
    },
  }, '{"a":1,"b":true}'],
  [
    'answers with the text of a directive',
    user(`[[sim:say=${encodeBase64Url('Grüße\n')}]]`),
    'Grüße\n',
  ],
  [
    'is truncated by the content filter',
    user('Hi [[sim:content-filter]]'),
    'This is the simulator speaking',
    'content_filter',
  ],
  [
    'repeats the tool results',
    {
      messages: [message('USER', 'Weather?'), {
        role: 'ASSISTANT',
        toolCalls: [{ type: 'FUNCTION', id: 'a', name: 'get_weather', arguments: '{}' }],
      }, { ...message('TOOL', '18 C'), toolCallId: 'a' }],
      tools: [WEATHER],
    },
    `${OPENING} The tools answered: 18 C`,
  ],
  ["ignores text that the client added to the user's", {
    messages: [
      message('USER', 'Hello\n\nRuntime: agent=main | shell=exec'),
      message('USER', ASIDE),
    ],
    tools: [BASH],
  }, `${OPENING} You said: Hello`],
  [
    'repeats tool results and describes images before client text',
    {
      messages: [
        message('USER', 'Weather?'),
        {
          role: 'ASSISTANT',
          toolCalls: [{ type: 'FUNCTION', id: 'a', name: 'get_weather', arguments: '{}' }],
        },
        { ...message('TOOL', '18 C'), toolCallId: 'a' },
        { role: 'USER', content: [IMAGE] },
        message('USER', ASIDE),
      ],
      tools: [WEATHER, BASH],
    },
    `${OPENING} The tools answered, beside image 1 of 1 (8 bytes): 18 C`,
  ],
  [
    'answers without tools if none matches',
    { ...user('Hello'), tools: [SQRT] },
    `${OPENING} You said: Hello`,
  ],
  [
    'answers without tools if calls are disabled',
    { ...user('use sqrt'), tools: [SQRT], toolChoice: { type: 'NONE' } },
    `${OPENING} You said: use sqrt`,
  ],
]

const calls: [name: string, request: object, calls: Said['calls']][] = [
  [
    'calls the named tool',
    { ...user('use get_weather for Paris in f, 5 days'), tools: [SQRT, WEATHER] },
    [['get_weather', '{"city":"Paris","unit":"F","days":5}']],
  ],
  [
    'finds the matching tool',
    { ...user('How is the weather?'), tools: [SQRT, WEATHER] },
    [['get_weather', '{"city":"sample city","unit":"C","days":2}']],
  ],
  [
    'finds the tool by its description',
    { ...user('What is the square root of 16?'), tools: [WEATHER, SQRT] },
    [['sqrt', '{"n":16}']],
  ],
  [
    'calls several tools in the order of their mention',
    { ...user('sqrt of 9, then get weather'), tools: [WEATHER, SQRT] },
    [['sqrt', '{"n":9}'], ['get_weather', '{"city":"sample city","unit":"C","days":9}']],
  ],
  [
    'calls one tool if parallel calls are disabled',
    { ...user('sqrt, get_weather'), tools: [WEATHER, SQRT], isParallelToolCalls: false },
    [['sqrt', '{"n":1}']],
  ],
  [
    'calls some tool if required',
    { ...user('Hello'), tools: [SQRT, WEATHER], toolChoice: { type: 'REQUIRED' } },
    [['sqrt', '{"n":1}']],
  ],
  [
    'calls the required tool',
    { ...user('Hello'), tools: [SQRT, BASH], toolChoice: { type: 'FUNCTION', name: 'exec' } },
    [['exec', '{"command":"sample command"}']],
  ],
  [
    'uses a quoted command unchanged',
    { ...user('exec `ls -la; echo "$HOME"`'), tools: [BASH] },
    [['exec', '{"command":"ls -la; echo \\"$HOME\\""}']],
  ],
  [
    'makes the calls of directives',
    user(`[[sim:tool=a:${encodeBase64Url('{"x": 1}')} tool=b:e30]]`),
    [['a', '{"x": 1}'], ['b', '{}']],
  ],
  [
    'encodes arguments twice by directive',
    user('[[sim:tool=a:e30 double-encoded]]'),
    [['a', '"{}"']],
  ],
]

describe('generateAnswers()', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, request, text, finish = 'stop'] of texts) {
    it(name, async () => {
      assert.deepEqual(await ask(caller, request), { text, calls: [], finish })
    })
  }

  for (const [name, request, expected] of calls) {
    it(name, async () => {
      const said = { text: undefined, calls: expected, finish: 'tool_calls' }
      assert.deepEqual(await ask(caller, request), said)
    })
  }

  it('returns several answers in order', async () => {
    const request = { ...user('[[sim:say=YSBi]]'), numGenerations: 2, isStream: true, maxTokens: 9 }
    const response = await caller.chat('xai.grok-3', request)
    const events = (await response.text()).split('\n\n').filter(Boolean)
      .map((line) => JSON.parse(line.slice('data: '.length)))
    assert.deepEqual(
      events.map((
        { index, message, finishReason },
      ) => [index, message?.content[0].text ?? finishReason]),
      [[0, 'a'], [1, 'a'], [0, ' b'], [1, ' b'], [0, 'stop'], [1, 'stop']],
    )
  })

  it('returns log probabilities', async () => {
    const request = { ...user('[[sim:say=YSBiYw]]'), logProbs: 2, maxTokens: 9 }
    const { chatResponse } = await (await caller.chat('xai.grok-3', request)).json()
    assert.deepEqual(chatResponse.choices[0].logprobs, {
      tokens: ['a', ' bc'],
      tokenLogprobs: [-0.1, -0.3],
      topLogprobs: [{ a: '-0.1', 'a~1': '-1.1' }, { ' bc': '-0.3', ' bc~1': '-1.3' }],
      textOffset: [0, 1],
    })
  })
})

async function ask(caller: Caller, request: object): Promise<Said> {
  const response = await caller.chat(MODEL, { maxTokens: 200, ...request })
  const body = await response.json()
  assert.equal(response.status, 200, JSON.stringify(body))
  const [{ message, finishReason }] = body.chatResponse.choices
  const toolCalls: { name: string; arguments: string }[] = message.toolCalls ?? []
  return {
    text: message.content?.[0].text,
    calls: toolCalls.map(({ name, arguments: json }) => [name, json]),
    finish: finishReason,
  }
}

function user(text: string): object {
  return { messages: [message('USER', text)] }
}

function tool(name: string, description: string, properties: object): object {
  const parameters = { type: 'object', properties, required: Object.keys(properties) }
  return { type: 'FUNCTION', name, description, parameters }
}
