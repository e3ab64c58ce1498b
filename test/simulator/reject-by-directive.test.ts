import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller, message } from './caller.ts'
import { first, second, sendCohere } from './families/cohere-shapes.ts'
import { round } from './families/shapes.ts'

type Case = [name: string, model: string, directives: string, fields: object, message: string]

const META = 'meta.llama-3.3-70b-instruct'
const XAI = 'xai.grok-3'
const OPENAI = 'openai.gpt-4.1'
const GOOGLE = 'google.gemini-2.5-flash'
const TOOLS = { tools: [{ type: 'FUNCTION', name: 'f' }] }
const SCHEMA = {
  responseFormat: { type: 'JSON_SCHEMA', jsonSchema: { name: 'a', schema: { type: 'object' } } },
}
const TOP_P = {
  error: {
    message: "Unsupported parameter: 'top_p' is not supported with this model.",
    type: 'invalid_request_error',
    param: 'top_p',
    code: 'unsupported_parameter',
  },
}
const NO_FORMAT =
  "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
const NO_SYSTEM = 'System role is not supported together with tools on this model.'
const NO_PARALLEL = 'Parallel tool call is not supported yet.'
const SYSTEM = { messages: [message('SYSTEM', 'Be brief'), message('USER', 'Hi')] }

const refused: Case[] = [
  [
    'a parameter, as Llama does',
    META,
    'refuse=seed',
    { seed: 1 },
    "Invalid 'seed': Unsupported parameter: 'seed' is not supported with this model.",
  ],
  [
    'a parameter, as Grok does',
    XAI,
    'refuse=topP',
    { topP: 1 },
    JSON.stringify({
      code: 'Client specified an invalid argument',
      error: 'Argument not supported on this model: topP',
    }),
  ],
  ['a parameter, as GPT does', OPENAI, 'refuse=topP', { topP: 1 }, JSON.stringify(TOP_P)],
  [
    'a parameter, as Gemini does',
    GOOGLE,
    'refuse=seed',
    { seed: 1 },
    JSON.stringify({
      error: {
        code: 400,
        message: 'seed is not supported for this model',
        status: 'INVALID_ARGUMENT',
      },
    }),
  ],
  ["a parameter by the vendor's name", OPENAI, 'refuse=top_p', { topP: 1 }, JSON.stringify(TOP_P)],
  [
    'one parameter of several',
    META,
    'refuse=seed refuse=n',
    { numGenerations: 2 },
    "Invalid 'numGenerations': Unsupported parameter: 'numGenerations' is not supported with " +
    'this model.',
  ],
  [
    'a stream',
    XAI,
    'refuse-stream',
    { isStream: true },
    'Streaming is not supported with this model.',
  ],
  ['a schema', XAI, 'refuse-format', SCHEMA, NO_FORMAT],
  ['a system with tools', XAI, 'refuse-system-with-tools', { ...TOOLS, ...SYSTEM }, NO_SYSTEM],
  [
    'to call in parallel',
    XAI,
    'refuse-parallel',
    { ...TOOLS, isParallelToolCalls: true },
    NO_PARALLEL,
  ],
  [
    'parallel calls of the past',
    XAI,
    'refuse-parallel',
    { messages: [...round(['a', 'b'], ['a', 'b']), message('USER', 'Go [[sim:refuse-parallel]]')] },
    NO_PARALLEL,
  ],
  [
    'with a short prefix',
    OPENAI,
    'refuse=topP layer=prefix',
    { topP: 1 },
    `Error in calling the model: ${JSON.stringify(TOP_P)}`,
  ],
  [
    'in JSON within JSON',
    OPENAI,
    'refuse=topP layer=double',
    { topP: 1 },
    JSON.stringify(JSON.stringify(TOP_P)),
  ],
  [
    'in both',
    OPENAI,
    'refuse=topP layer=both',
    { topP: 1 },
    `Error in calling the model: ${JSON.stringify(JSON.stringify(TOP_P))}`,
  ],
  [
    'plainly, made into JSON',
    XAI,
    'refuse-format layer=prefix',
    SCHEMA,
    `Error in calling the model: ${
      JSON.stringify({
        error: { message: NO_FORMAT, type: 'invalid_request_error', param: null, code: null },
      })
    }`,
  ],
]

const taken: [name: string, model: string, directives: string, fields: object][] = [
  ['the parameter', OPENAI, 'refuse=topP', { temperature: 1 }],
  ['the schema', XAI, 'refuse-format', { responseFormat: { type: 'JSON_OBJECT' } }],
  ['the system', XAI, 'refuse-system-with-tools', TOOLS],
  ['the tools', XAI, 'refuse-system-with-tools', SYSTEM],
  ['the stream', XAI, 'refuse-stream', {}],
  ['parallel calls', XAI, 'refuse-parallel', { messages: round(['a'], ['a']) }],
]

describe('rejectByDirective()', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, model, directives, fields, expected] of refused) {
    it(`rejects ${name}`, async () => {
      const response = await ask(caller, model, directives, fields)
      assert.deepEqual([response.status, await response.json()], [
        400,
        { code: '400', message: expected },
      ])
    })
  }

  for (const [name, model, directives, fields] of taken) {
    it(`accepts a request without ${name}`, async () => {
      assert.equal((await ask(caller, model, directives, fields)).status, 200)
    })
  }

  it("rejects with Cohere's errors in both formats", async () => {
    const bodies = [first, second].map((request) => request('Hi [[sim:refuse=topP]]', { topP: 1 }))
    const answers = await Promise.all(
      bodies.map((body) => sendCohere(caller, 'cohere.command-a-03-2025', body)),
    )
    const message = "invalid request: parameter 'top_p' is not supported with this model"
    const expected = { code: '400', message }
    assert.deepEqual(await Promise.all(answers.map((answer) => answer.json())), [
      expected,
      expected,
    ])
  })

  it('rejects parallel calls in the history in both Cohere formats', async () => {
    const model = 'cohere.command-a-03-2025.sim-refuse-parallel'
    const parameters = {}
    const calls = ['f', 'g'].map((name) => ({ name, parameters }))
    const toolResults = calls.map((call) => ({ call, outputs: [{ output: 'done' }] }))
    const called = { role: 'CHATBOT', message: ' ', toolCalls: calls }
    const chatHistory = [{ role: 'USER', message: 'Go' }, called]
    const ids = ['a', 'b']
    const toolCalls = ids.map((id) => ({
      ...{ id, type: 'FUNCTION', function: { name: 'f', arguments: '{}' } },
    }))
    const messages = [
      ...[message('USER', 'Go'), { ...message('ASSISTANT', ' '), toolCalls }],
      ...ids.map((toolCallId) => ({ ...message('TOOL', 'done'), toolCallId })),
    ]
    const answers = await Promise.all(
      [first('', { chatHistory, toolResults }), second('', { messages })]
        .map(async (body) => (await (await sendCohere(caller, model, body)).json()).message),
    )
    assert.deepEqual(answers, [NO_PARALLEL, NO_PARALLEL])
  })

  it("answers only in OpenAI's format", async () => {
    const response = await ask(caller, OPENAI, 'refuse=topP layer=direct', { topP: 1 })
    assert.deepEqual([response.status, await response.json()], [400, TOP_P])
  })

  it("reads the directives of a model's name, with times", async () => {
    const model = `${XAI}.sim-refuse-seed.times-1`
    const messages = [message('USER', 'Hi')]
    const answers = [
      await caller.chat(model, { messages, seed: 1 }),
      await caller.chat(model, { messages, seed: 1 }),
    ]
    assert.deepEqual(answers.map(({ status }) => status), [400, 200])
  })
})

/** Adds the directives to the model's name if the test provides messages. */
function ask(
  caller: Caller,
  model: string,
  directives: string,
  fields: object,
): Promise<Response> {
  const inName = directives.replaceAll('=', '-').replaceAll(' ', '.')
  if ('messages' in fields) return caller.chat(`${model}.sim-${inName}`, fields)
  const messages = [message('USER', `Hi [[sim:${directives}]]`)]
  return caller.chat(model, { messages, ...fields })
}
