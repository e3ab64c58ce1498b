import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller } from '../../caller.ts'
import { cohereEventsFor, cohereReplyFor, first } from '../cohere-shapes.ts'
import { call, refusalOf, say } from '../shapes.ts'

type Case = [name: string, request: object, expected: string | undefined]

const MODEL = 'cohere.command-a-03-2025'
const OLD_MODEL = 'cohere.command-r-08-2024'
const HELLO = say('Hello there.')
const CALL = { name: 'f', parameters: { a: 1 } }
const OTHER_CALL = { name: 'f', parameters: { a: 2 } }
const TOOL = { name: 'f', description: 'F', parameterDefinitions: { a: { type: 'int' } } }
const WEATHER = {
  name: 'get_weather',
  description: 'Weather for a city',
  parameterDefinitions: {
    city: { type: 'str', isRequired: true },
    days: { type: 'int', isRequired: true },
    places: { type: 'List[str]', isRequired: true },
    note: { type: 'str' },
  },
}
const NO_MESSAGE =
  '400 invalid request: message must be at least 1 token long or tool results must be specified.'
const BOTH = '400 cannot specify both message and tool_results in multistep mode'
const AFTER_RESULTS =
  '400 invalid request: cannot specify message if the last entry in chat history contains tool ' +
  'results'
const MUTE = '400 invalid request: all elements in history must have a message'
const STRAY =
  "400 invalid request: tool result for 'f' does not answer a tool call of the previous message"
const OPEN = "400 invalid request: An assistant message with 'tool_calls' must be followed by " +
  "tool messages responding to each 'tool_call_id'. No response for: f"
const CRASH = '500 Internal Server Error'

const history: Case[] = [
  ['accepts a message', first('Hi'), undefined],
  ['requires a message', first(''), NO_MESSAGE],
  ['requires results where there are none', first('', { toolResults: [] }), NO_MESSAGE],
  ['accepts results of the last turn', answered([CALL], [CALL]), undefined],
  ['accepts results in any order', answered([CALL, OTHER_CALL], [OTHER_CALL, CALL]), undefined],
  ['rejects a message beside results', { ...answered([CALL], [CALL]), message: 'So?' }, BOTH],
  [
    'accepts both in a single step',
    { ...answered([CALL], [CALL]), message: 'So?', isForceSingleStep: true },
    undefined,
  ],
  [
    'accepts results without a history in a single step',
    first('So?', { toolResults: results([CALL]), isForceSingleStep: true }),
    undefined,
  ],
  ['rejects results without calls', first('', { toolResults: results([CALL]) }), STRAY],
  ['rejects results of another call', answered([CALL], [CALL, OTHER_CALL]), STRAY],
  ['rejects two results of one call', answered([CALL], [CALL, CALL]), STRAY],
  ['accepts an earlier round', first('So?', { chatHistory: [...round(), bot('3')] }), undefined],
  ['rejects a message after results', first('So?', { chatHistory: round() }), AFTER_RESULTS],
  [
    'rejects a user after results',
    first('So?', { chatHistory: [...round(), user('Well?'), bot('3')] }),
    AFTER_RESULTS,
  ],
  [
    'rejects results apart from each other',
    first('So?', { chatHistory: [user('Go'), bot(' ', [CALL, OTHER_CALL]), ...apart(), bot('3')] }),
    STRAY,
  ],
  ['rejects a silent user', first('Hi', { chatHistory: [user('')] }), MUTE],
  ['rejects a silent system', first('Hi', { chatHistory: [turn('SYSTEM', '')] }), MUTE],
  ['rejects a call without a message', answered([CALL], [CALL], ''), MUTE],
  [
    'rejects a call without the key',
    first('', {
      chatHistory: [user('Go'), { role: 'CHATBOT', toolCalls: [CALL] }],
      toolResults: results([CALL]),
    }),
    MUTE,
  ],
  ['rejects a call without a result', answered([CALL, OTHER_CALL], [CALL]), OPEN],
  ['rejects twins with one result', answered([CALL, CALL], [CALL]), OPEN],
  [
    'rejects a call without a result',
    first('So?', { chatHistory: [user('Go'), bot(' ', [CALL])] }),
    OPEN,
  ],
]

const tools: Case[] = [
  ['accepts a tool', withTool({}), undefined],
  ['rejects a dash in a name', withTool({ name: 'a-b' }), badTool("invalid tool name 'a-b'")],
  ['rejects a digit first', withTool({ name: '2b' }), badTool("invalid tool name '2b'")],
  [
    'requires a description',
    withTool({ description: '' }),
    badTool("tool 'f' must have a description"),
  ],
  ['does not survive List', withType('List'), CRASH],
  ['does not survive Dict', withType('Dict'), CRASH],
  ['accepts a list', withType('list'), undefined],
  ['accepts List of something', withType('List[int]'), undefined],
  [
    'rejects a list of nothing known',
    withType('List[thing]'),
    badTool("parameter 'f.a' has the invalid type 'List[thing]'"),
  ],
  [
    'rejects the types of JSON Schema',
    withType('string'),
    badTool("parameter 'f.a' has the invalid type 'string'"),
  ],
]

const limits: Case[] = [
  ['accepts the coldest', first('Hi', { temperature: 0, topK: 0, topP: 1 }), undefined],
  ['rejects a fever', first('Hi', { temperature: 1.1 }), outside('temperature', '0 and 1')],
  ['accepts the widest', first('Hi', { topK: 500 }), undefined],
  ['rejects a wider one', first('Hi', { topK: 501 }), outside('k', '0 and 500')],
  ['rejects a bonus', first('Hi', { presencePenalty: -1 }), outside('presence_penalty', '0 and 1')],
  ['rejects no tokens', first('Hi', { maxTokens: 0 }), badTool('max_tokens must be at least 1.')],
  ['accepts 4,000 tokens', first('Hi', { maxTokens: 4000 }), undefined],
  [
    'rejects 4,001 tokens',
    first('Hi', { maxTokens: 4001 }),
    badTool('max_tokens must be at most 4000.'),
  ],
]

const GROUPS: [name: string, cases: Case[]][] = [
  ['history', history],
  ['tools', tools],
  ['limits', limits],
]

describe('COHERE', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [group, cases] of GROUPS) {
    for (const [name, request, expected] of cases) {
      it(`${group}: ${name}`, () => assert.equal(refusalOf(MODEL, request, 'COHERE'), expected))
    }
  }

  it('accepts a call without a result for older models', () => {
    assert.equal(refusalOf(OLD_MODEL, answered([CALL, OTHER_CALL], [CALL]), 'COHERE'), undefined)
  })

  it('streams text and repeats it in the last event', async () => {
    const streamOptions = { isIncludeUsage: true }
    const events = await cohereEventsFor(caller, MODEL, first(HELLO, { streamOptions }))
    assert.deepEqual(events, [
      { apiFormat: 'COHERE', text: 'Hello' },
      { apiFormat: 'COHERE', text: ' there.' },
      {
        ...closing('Hello there.', [user(HELLO), bot('Hello there.')]),
        usage: { completionTokens: 2, promptTokens: 1, totalTokens: 3 },
      },
    ])
  })

  it('streams a plan, then calls, then both again', async () => {
    const asked = call('f', '{"a":1}')
    const plan = 'I will use f.'
    assert.deepEqual(await cohereEventsFor(caller, MODEL, first(asked)), [
      ...['I', ' will', ' use', ' f.'].map((text) => ({ apiFormat: 'COHERE', text })),
      { apiFormat: 'COHERE', toolCalls: [CALL] },
      { ...closing(plan, [user(asked), bot(plan, [CALL])]), toolCalls: [CALL] },
    ])
  })

  it('sends usage after the last event by directive', async () => {
    const more = { streamOptions: { isIncludeUsage: true } }
    const events = await cohereEventsFor(caller, MODEL, first('Hi [[sim:usage-after empty]]', more))
    const usage = { completionTokens: 0, promptTokens: 3, totalTokens: 3 }
    assert.deepEqual(events.at(-1), { apiFormat: 'COHERE', usage })
  })

  it('sends everything with the last event by directive', async () => {
    const events = await cohereEventsFor(caller, MODEL, first(`${HELLO}[[sim:finish-text]]`))
    const asked = user(`${HELLO}[[sim:finish-text]]`)
    assert.deepEqual(events, [closing('Hello there.', [asked, bot('Hello there.')])])
  })

  it('answers without streaming', async () => {
    assert.deepEqual(await cohereReplyFor(caller, MODEL, first(HELLO, { isEcho: true })), {
      ...closing('Hello there.', [user(HELLO), bot('Hello there.')]),
      prompt: HELLO,
      usage: { completionTokens: 2, promptTokens: 1, totalTokens: 3 },
    })
  })

  it('calls several tools, with arguments of their Python types', async () => {
    const request = first('f and get_weather for "Rome", 3 days', { tools: [TOOL, WEATHER] })
    const reply = await cohereReplyFor(caller, MODEL, request)
    assert.deepEqual(fieldOf(reply, 'toolCalls'), [
      { name: 'f', parameters: {} },
      { name: 'get_weather', parameters: { city: 'Rome', days: 3, places: ['sample places'] } },
    ])
  })

  it('keeps the question during tool calls and cites the results', async () => {
    const reply = await cohereReplyFor(caller, MODEL, {
      ...answered([CALL], [CALL]),
      tools: [TOOL],
    })
    const said = `This is the simulator speaking as ${MODEL}. The tools answered: one`
    assert.deepEqual(reply, {
      ...closing(said, [
        ...[user('Go'), bot(' ', [CALL])],
        { role: 'TOOL', toolResults: results([CALL]) },
        bot(said),
      ]),
      citations: [{ start: 80, end: 83, text: 'one', documentIds: ['f:0:0'] }],
      usage: { completionTokens: 11, promptTokens: 7, totalTokens: 18 },
    })
  })

  it('follows the directives of the question in its history', async () => {
    const chatHistory = [user('Go [[sim:no-usage]]'), bot(' ', [CALL])]
    const request = first('', { chatHistory, toolResults: results([CALL]) })
    assert.equal(fieldOf(await cohereReplyFor(caller, MODEL, request), 'usage'), undefined)
  })

  it('cites documents, without ids by directive', async () => {
    const documents = [{ id: 'a', text: 'A' }, { text: 'B' }]
    const named = await cohereReplyFor(caller, MODEL, first(HELLO, { documents }))
    assert.deepEqual(fieldOf(named, 'citations'), [
      { start: 6, end: 12, text: 'there.', documentIds: ['a'] },
      { start: 6, end: 12, text: 'there.', documentIds: ['doc_1'] },
    ])
    assert.deepEqual(fieldOf(named, 'documents'), documents)
    const nameless = first(`${HELLO}[[sim:no-ids]]`, { documents: [{}] })
    const reply = await cohereReplyFor(caller, MODEL, nameless)
    assert.deepEqual(fieldOf(reply, 'citations'), [{ start: 6, end: 12, text: 'there.' }])
  })

  it('answers with JSON of a schema', async () => {
    const schema = { type: 'object', properties: { a: { type: 'integer' } } }
    const responseFormat = { type: 'JSON_OBJECT', schema }
    const reply = await cohereReplyFor(caller, MODEL, first('Hi', { responseFormat }))
    assert.equal(fieldOf(reply, 'text'), '{"a":1}')
  })

  it('follows its preamble and the system turns of its history', async () => {
    const chatHistory = [turn('SYSTEM', 'Reply PONG')]
    const replies = await Promise.all([
      cohereReplyFor(caller, MODEL, first('Hi', { preambleOverride: 'Reply PONG' })),
      cohereReplyFor(caller, MODEL, first('Hi', { chatHistory })),
    ])
    assert.deepEqual(replies.map((reply) => fieldOf(reply, 'text')), ['PONG', 'PONG'])
  })

  it('returns MAX_TOKENS for a truncated call and omits it', async () => {
    const request = first(call('f', '{"a": 1}'), { maxTokens: 6 })
    const reply = await cohereReplyFor(caller, MODEL, request)
    assert.deepEqual(
      [fieldOf(reply, 'finishReason'), fieldOf(reply, 'toolCalls')],
      ['MAX_TOKENS', undefined],
    )
  })

  it('returns an error message if a filter stopped the answer', async () => {
    const reply = await cohereReplyFor(caller, MODEL, first('Hi [[sim:content-filter]]'))
    assert.deepEqual(
      [fieldOf(reply, 'finishReason'), fieldOf(reply, 'errorMessage')],
      ['ERROR_TOXIC', 'The generation was stopped'],
    )
  })
})

function closing(text: string, chatHistory: object[]): object {
  return { apiFormat: 'COHERE', text, chatHistory, finishReason: 'COMPLETE' }
}

function user(text: string): object {
  return turn('USER', text)
}

function turn(role: string, text: string): object {
  return { role, message: text }
}

function bot(text: string, toolCalls?: object[]): object {
  return { role: 'CHATBOT', message: text, ...(toolCalls ? { toolCalls } : {}) }
}

function results(calls: object[]): object[] {
  return calls.map((call) => ({ call, outputs: [{ output: 'one' }] }))
}

function answered(calls: object[], answers: object[], text = ' '): object {
  const chatHistory = [user('Go'), bot(text, calls)]
  return first('', { chatHistory, toolResults: results(answers) })
}

function round(): object[] {
  return [user('Go'), bot(' ', [CALL]), { role: 'TOOL', toolResults: results([CALL]) }]
}

function apart(): object[] {
  return [CALL, OTHER_CALL].map((call) => ({ role: 'TOOL', toolResults: results([call]) }))
}

function withTool(fields: object): object {
  return first('Hi', { tools: [{ ...TOOL, ...fields }] })
}

function withType(type: string): object {
  return withTool({ parameterDefinitions: { a: { type } } })
}

function badTool(problem: string): string {
  return `400 invalid request: ${problem}`
}

function outside(name: string, range: string): string {
  return `400 invalid request: ${name} must be between ${range} inclusive.`
}

function fieldOf(value: unknown, name: string): unknown {
  assert.ok(typeof value === 'object' && value !== null)
  return new Map(Object.entries(value)).get(name)
}
