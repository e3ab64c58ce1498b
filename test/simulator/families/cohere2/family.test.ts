import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller, message } from '../../caller.ts'
import { cohereEventsFor, cohereReplyFor, second, sendCohere } from '../cohere-shapes.ts'
import { call, refusalOf, say } from '../shapes.ts'

type Case = [name: string, model: string, request: object, expected: string | undefined]

const COMMAND = 'cohere.command-a-03-2025'
const THINKER = 'cohere.command-a-reasoning-08-2025'
const SEER = 'cohere.command-a-vision-07-2025'
const HELLO = say('Hello there.')
const FORMAT = '400 Please pass in correct format of request.'
const EMPTY = '400 Message content cannot be empty'
const IMAGE = { type: 'IMAGE_URL', imageUrl: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
const TEXT = { type: 'TEXT', text: 'Hi' }
const TOOL = tool('f', { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] })
const OPEN = "400 invalid request: An assistant message with 'tool_calls' must be followed by " +
  "tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have " +
  'response messages: b'
const ORPHAN =
  "400 Invalid parameter: 'toolCallId' of 'b' not found in 'toolCalls' of previous message."

const refused: Case[] = [
  ['requires a message', THINKER, { messages: [] }, FORMAT],
  ['rejects no content', THINKER, turn({ role: 'USER', content: [] }), EMPTY],
  ['rejects an empty text', THINKER, turn(message('USER', '')), EMPTY],
  ['rejects a call without content', THINKER, { messages: round(['a'], ['a'], []) }, EMPTY],
  ['accepts a call with a blank', THINKER, { messages: round(['a'], ['a']) }, undefined],
  ['accepts answers in any order', THINKER, { messages: round(['a', 'b'], ['b', 'a']) }, undefined],
  ['rejects a call without an answer', THINKER, { messages: round(['a', 'b'], ['a']) }, OPEN],
  ['rejects a result without a call', THINKER, { messages: round(['a'], ['a', 'b']) }, ORPHAN],
  [
    'rejects a call without arguments',
    THINKER,
    { messages: round(['a'], ['a'], [TEXT], '') },
    FORMAT,
  ],
  ['accepts a image', SEER, turn({ role: 'USER', content: [TEXT, IMAGE] }), undefined],
  [
    'accepts a image from the web',
    SEER,
    turn({ role: 'USER', content: [{ ...IMAGE, imageUrl: { url: 'https://example.com/a.png' } }] }),
    undefined,
  ],
  [
    'rejects what is no image',
    SEER,
    turn({ role: 'USER', content: [{ ...IMAGE, imageUrl: { url: 'data:image/png,a' } }] }),
    '400 invalid request: invalid image url',
  ],
  [
    'rejects a second image',
    SEER,
    { messages: [0, 1].map(() => ({ role: 'USER', content: [IMAGE] })) },
    '400 invalid request: at most 1 image is supported, got 2',
  ],
  ['accepts an image', THINKER, turn({ role: 'USER', content: [IMAGE] }), undefined],
  [
    'rejects an image for a model without image input',
    COMMAND,
    turn({ role: 'USER', content: [IMAGE] }),
    '400 Content type IMAGE_URL is not supported with this model.',
  ],
  [
    'rejects a image of the system',
    SEER,
    turn({ role: 'SYSTEM', content: [IMAGE] }),
    '400 Content type IMAGE_URL is not supported for SYSTEM.',
  ],
  [
    'rejects THINKING parts of the user',
    THINKER,
    turn({ role: 'USER', content: [{ type: 'THINKING', thinking: 'Hm' }] }),
    '400 Content type THINKING is not supported for USER.',
  ],
  [
    'accepts a document',
    THINKER,
    turn({ role: 'USER', content: [{ type: 'DOCUMENT', document: { text: 'A' } }] }),
    undefined,
  ],
  [
    'accepts a dash in a name',
    THINKER,
    asked({ tools: [tool('a-b', { type: 'object' })] }),
    undefined,
  ],
  [
    'rejects a dot in a name',
    THINKER,
    asked({ tools: [tool('a.b', { type: 'object' })] }),
    "400 invalid request: invalid tool name 'a.b'",
  ],
  [
    'rejects parameters that are no object',
    THINKER,
    asked({ tools: [tool('f', { type: 'string' })] }),
    "400 invalid request: parameters of tool 'f' must be of type object",
  ],
  [
    'rejects tools for models without tool use',
    SEER,
    asked({ tools: [TOOL] }),
    '400 Tools are not supported with this model.',
  ],
  [
    'rejects a choice without tools',
    THINKER,
    asked({ toolsChoice: 'NONE' }),
    '400 invalid request: tool_choice requires tools',
  ],
  [
    'rejects thinking for models without reasoning',
    COMMAND,
    asked({ thinking: { type: 'ENABLED' } }),
    '400 invalid request: thinking is not supported with this model',
  ],
  ['accepts it that there are none', COMMAND, asked({ thinking: { type: 'DISABLED' } }), undefined],
  [
    'rejects a fever',
    THINKER,
    asked({ temperature: 1.5 }),
    '400 invalid request: temperature must be between 0 and 1 inclusive.',
  ],
  [
    'rejects 4,001 tokens',
    THINKER,
    asked({ maxTokens: 4001 }),
    '400 invalid request: max_tokens must be at most 4000.',
  ],
]

/** Requests that the SDK's field table does not allow. */
const unknown: [name: string, fields: object][] = [
  ['toolChoice', { toolChoice: { type: 'AUTO' } }],
  ['toolsChoice AUTO', { toolsChoice: 'AUTO' }],
  ['flat tools', { tools: [{ type: 'FUNCTION', name: 'f' }] }],
  ['JSON_SCHEMA', { responseFormat: { type: 'JSON_SCHEMA' } }],
  ['IMAGE parts', turn({ role: 'USER', content: [{ type: 'IMAGE', imageUrl: { url: 'a' } }] })],
  ['the history of the first version', { chatHistory: [] }],
]

describe('COHERE_V2', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, model, request, expected] of refused) {
    it(name, () => assert.equal(refusalOf(model, request, 'COHEREV2'), expected))
  }

  for (const [name, fields] of unknown) {
    it(`does not know ${name}`, async () => {
      const response = await sendCohere(caller, COMMAND, second('Hi', fields))
      assert.equal((await response.json()).message, FORMAT.slice('400 '.length))
    })
  }

  it('streams text', async () => {
    assert.deepEqual(await cohereEventsFor(caller, COMMAND, second(HELLO)), [
      said({ content: [{ type: 'TEXT', text: 'Hello' }] }),
      said({ content: [{ type: 'TEXT', text: ' there.' }] }),
      { ...said({}), finishReason: 'COMPLETE' },
    ])
  })

  it('sends usage with the last event, or after it by directive', async () => {
    const more = { streamOptions: { isIncludeUsage: true } }
    const usage = { completionTokens: 2, promptTokens: 1, totalTokens: 3 }
    const on = await cohereEventsFor(caller, COMMAND, second(HELLO, more))
    assert.deepEqual(on.at(-1), { ...said({}), finishReason: 'COMPLETE', usage })
    const late = second(`${HELLO}[[sim:usage-after]]`, more)
    const after = await cohereEventsFor(caller, COMMAND, late)
    assert.deepEqual(after.slice(-2), [
      { ...said({}), finishReason: 'COMPLETE' },
      { apiFormat: 'COHEREV2', usage },
    ])
  })

  it('streams reasoning, a plan and complete calls', async () => {
    const request = second(call('f', '{"a":1}'))
    assert.deepEqual((await cohereEventsFor(caller, THINKER, request)).slice(6), [
      said({ content: [{ type: 'THINKING', thinking: ' them.' }] }),
      ...['I', ' will', ' use', ' f.'].map((toolPlan) => said({ toolPlan })),
      said({ toolCalls: [nested('f_#', 'f', '{"a":1}')] }),
      { ...said({}), finishReason: 'TOOL_CALL' },
    ])
  })

  it('streams calls in fragments by directive', async () => {
    const request = second(`${say('')}${call('f', '{"a":"bcdef"}')}[[sim:fragments]]`)
    assert.deepEqual(await cohereEventsFor(caller, COMMAND, request), [
      said({ toolCalls: [nested('f_#', 'f', '')] }),
      said({ toolCalls: [{ type: 'FUNCTION', function: { arguments: '{"a":"bcd' } }] }),
      said({ toolCalls: [{ type: 'FUNCTION', function: { arguments: 'ef"}' } }] }),
      { ...said({}), finishReason: 'TOOL_CALL' },
    ])
  })

  it('sends the last delta or the whole text with the last event by directive', async () => {
    const [rides, repeats] = await Promise.all(
      ['finish-text', 'repeat-text'].map((directive) =>
        cohereEventsFor(caller, COMMAND, second(`${HELLO}[[sim:${directive}]]`))
      ),
    )
    const lastWith = (text: string) => ({
      ...said({ content: [{ type: 'TEXT', text }] }),
      finishReason: 'COMPLETE',
    })
    assert.deepEqual(rides, [
      said({ content: [{ type: 'TEXT', text: 'Hello' }] }),
      lastWith(' there.'),
    ])
    assert.deepEqual(repeats?.at(-1), lastWith('Hello there.'))
  })

  it('answers without streaming, with nulls by directive', async () => {
    const usage = { completionTokens: 2, promptTokens: 1, totalTokens: 3 }
    const content = [{ type: 'TEXT', text: 'Hello there.' }]
    const reply = { apiFormat: 'COHEREV2', id: '#', finishReason: 'COMPLETE', usage }
    assert.deepEqual(await cohereReplyFor(caller, COMMAND, second(HELLO)), {
      ...reply,
      message: { role: 'ASSISTANT', content },
    })
    const request = second(`${HELLO}[[sim:nulls]]`)
    assert.deepEqual(await cohereReplyFor(caller, COMMAND, request), {
      ...reply,
      message: { role: 'ASSISTANT', content, toolPlan: null, toolCalls: null, citations: null },
    })
  })

  it('returns reasoning in separate parts unless disabled', async () => {
    const thoughtful = await cohereReplyFor(caller, THINKER, second(HELLO))
    assert.deepEqual(contentOf(thoughtful).map(({ type }) => type), ['THINKING', 'TEXT'])
    const request = second(HELLO, { thinking: { type: 'DISABLED' } })
    const hasty = await cohereReplyFor(caller, THINKER, request)
    assert.deepEqual(contentOf(hasty).map(({ type }) => type), ['TEXT'])
  })

  it('follows the tool choices REQUIRED and NONE', async () => {
    const kinds = await Promise.all(
      [{ toolsChoice: 'REQUIRED' }, {}, { toolsChoice: 'NONE' }].map(async (more) =>
        JSON.stringify(
          await cohereReplyFor(caller, COMMAND, second('Hi', { tools: [TOOL], ...more })),
        )
          .includes('"toolCalls"')
      ),
    )
    assert.deepEqual(kinds, [true, false, false])
  })

  it('cites tools and documents unless citations are off', async () => {
    const messages = [message('USER', 'Go'), ...round(['a'], ['a']).slice(1)]
    const documents = [{ id: 'd', text: 'D' }]
    const reply = await cohereReplyFor(caller, COMMAND, { ...second(''), messages, documents })
    const at = { text: 'done', contentIndex: 0, type: 'TEXT_CONTENT', start: 80, end: 84 }
    assert.deepEqual(citationsOf(reply), [
      { ...at, sources: [{ type: 'DOCUMENT', document: { id: 'd', document: documents[0] } }] },
      { ...at, sources: [{ type: 'TOOL', tool: { id: 'a', toolOutput: { output: 'done' } } }] },
    ])
    const off = { ...second(''), messages, documents, citationOptions: { mode: 'OFF' } }
    assert.equal(citationsOf(await cohereReplyFor(caller, COMMAND, off)), undefined)
  })

  it('describes images and returns log probabilities', async () => {
    const messages = [{ role: 'USER', content: [TEXT, IMAGE] }]
    const request = { ...second(''), messages, isLogProbsEnabled: true }
    const reply = JSON.stringify(await cohereReplyFor(caller, SEER, request))
    assert.match(reply, /You sent image 1 of 1 \(8 bytes\) and said: Hi/)
    assert.match(reply, /"logProbabilities":\[\{"tokenIds":\[4\],"text":"This"/)
  })
})

function asked(fields: object): object {
  return { messages: [message('USER', 'Hi')], ...fields }
}

function turn(fields: object): object {
  return { messages: [fields] }
}

function tool(name: string, parameters: object): object {
  return { type: 'FUNCTION', function: { name, description: 'F', parameters } }
}

function round(
  called: readonly string[],
  answered: readonly string[],
  content: object[] = [{ type: 'TEXT', text: ' ' }],
  json = '{}',
): object[] {
  return [
    message('USER', 'Go'),
    { role: 'ASSISTANT', content, toolCalls: called.map((id) => nested(id, 'f', json)) },
    ...answered.map((toolCallId) => ({ ...message('TOOL', 'done'), toolCallId })),
  ]
}

function nested(id: string, name: string, json: string): object {
  return { id, type: 'FUNCTION', function: { name, arguments: json } }
}

function said(fields: object): object {
  return { apiFormat: 'COHEREV2', message: { role: 'ASSISTANT', ...fields } }
}

interface Reply {
  message: { content: { type: string }[]; citations?: object[] }
}

/** The replies of these tests are parsed JSON with messages. */
function contentOf(reply: unknown): { type: string }[] {
  return (reply as Reply).message.content
}

function citationsOf(reply: unknown): object[] | undefined {
  return (reply as Reply).message.citations
}
