import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { saying } from './upstream.ts'

const GPT = 'openai.gpt-4.1'
const GROK = 'xai.grok-3'
const LLAMA = 'meta.llama-3.3-70b-instruct'
const GEMINI = 'google.gemini-2.5-flash'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const NO_PARAMETERS = { type: 'object', properties: {} }

const gateway = await openTestGateway()

type Case = [name: string, model: string, request: object, sent: object, ...warnings: string[]]

const definitions: Case[] = [
  [
    'T01 sends a function without the nested object',
    GPT,
    { tools: [tool('f', { description: 'd', parameters: NO_PARAMETERS })] },
    { tools: [up('f', NO_PARAMETERS, 'd')] },
  ],
  ['T02 T03 adds neither a missing description nor missing parameters', GPT, {
    tools: [tool('f')],
  }, { tools: [up('f')] }],
  ...['auto', 'required', 'none'].map((choice): Case => [
    `T04 sends tool_choice ${choice}`,
    GPT,
    { tools: [tool('f')], tool_choice: choice },
    { tools: [up('f')], toolChoice: { type: choice.toUpperCase() } },
  ]),
  [
    'T05 sends a named tool_choice without the nested object',
    GPT,
    {
      tools: [tool('f'), tool('g')],
      tool_choice: { type: 'function', function: { name: 'g' } },
    },
    { tools: [up('f'), up('g')], toolChoice: { type: 'FUNCTION', name: 'g' } },
  ],
  ...[{}, { type: ['object', 'null'] }].map((parameters): Case => [
    `T03 completes the parameters ${JSON.stringify(parameters)} to an object schema`,
    GPT,
    { tools: [tool('f', { parameters })] },
    { tools: [up('f', { type: 'object' })] },
  ]),
  ['T08 sends no strict', GPT, { tools: [tool('f', { strict: true })] }, { tools: [up('f')] }],
  [
    'T09 leaves out tools that are not functions and warns',
    GPT,
    {
      tools: [
        { type: 'web_search_preview' },
        tool('f'),
        { type: 'custom', custom: {} },
      ],
    },
    { tools: [up('f')] },
    'tools[0]: web_search_preview is not supported, left out',
    'tools[2]: custom is not supported, left out',
  ],
  [
    'T24 keeps the first of two tools with the same name and warns',
    GPT,
    { tools: [tool('f', { description: 'one' }), tool('f', { description: 'two' })] },
    { tools: [up('f', NO_PARAMETERS, 'one')] },
    'tools: duplicate "f" left out',
  ],
]

describe('POST /v1/chat/completions', () => {
  for (const [name, model, request, { ...sent }, ...warnings] of definitions) {
    it(name, async () => {
      const answer = await gateway.ask({ model, messages: MESSAGES, ...request })
      const wire = answer.sent.map(({ tools, toolChoice }) =>
        toolChoice === undefined ? { tools } : { tools, toolChoice }
      )
      assert.deepEqual(wire, [sent])
      assert.deepEqual(answer.warnings, warnings)
    })
  }
})

type SchemaCase = [name: string, models: string[], schema: object, sent: object]

const ALL = [GPT, GROK, LLAMA, GEMINI]
const STRICT = [LLAMA, GEMINI]
const city = { type: 'string', description: 'a city' }
const schemas: SchemaCase[] = [
  ...['$defs', 'definitions'].map((place): SchemaCase => [
    `T10 inlines references to ${place}`,
    [GROK, ...STRICT],
    { ...props({ a: { $ref: `#/${place}/A` } }), [place]: { A: city } },
    props({ a: city }),
  ]),
  [
    'T10 inlines references to other properties',
    [GROK, ...STRICT],
    props({ a: { $ref: '#/properties/x' }, x: city }),
    props({ a: city, x: city }),
  ],
  [
    'T10 keeps references for models that support them',
    [GPT],
    { ...props({ a: { $ref: '#/$defs/A' } }), $defs: { A: city } },
    { ...props({ a: { $ref: '#/$defs/A' } }), $defs: { A: city } },
  ],
  [
    'T12 keeps properties with the names of keywords',
    ALL,
    props({
      title: city,
      const: city,
      default: city,
      'x-id': city,
      $schema: city,
      $ref: city,
      required: city,
      type: city,
    }),
    props({
      title: city,
      const: city,
      default: city,
      'x-id': city,
      $schema: city,
      $ref: city,
      required: city,
      type: city,
    }),
  ],
  [
    'T13 sends one type to models without type lists',
    [LLAMA],
    props({ a: { type: ['string', 'null'] } }),
    props({ a: { type: 'string' } }),
  ],
  [
    'T13 sends Gemini "nullable" for a type list with null',
    [GEMINI],
    props({ a: { type: ['string', 'null'] } }),
    props({ a: { type: 'string', nullable: true } }),
  ],
  [
    'T13 keeps a type list for openai.*',
    [GPT],
    props({ a: { type: ['string', 'null'] } }),
    props({ a: { type: ['string', 'null'] } }),
  ],
  [
    'T14 drops exclusiveMinimum for google.*',
    [GEMINI],
    props({ a: { type: 'number', exclusiveMinimum: 0 } }),
    props({ a: { type: 'number' } }),
  ],
  [
    'T14 keeps exclusiveMinimum for openai.*',
    [GPT],
    props({ a: { type: 'number', exclusiveMinimum: 0 } }),
    props({ a: { type: 'number', exclusiveMinimum: 0 } }),
  ],
  [
    'T15 drops keywords that Gemini refuses',
    [GEMINI],
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...props({ a: { type: 'string', default: null, not: { enum: ['x'] } } }),
      additionalProperties: false,
      patternProperties: { '^x': city },
      if: { required: ['a'] },
      then: { required: ['a'] },
    },
    props({ a: { type: 'string' } }),
  ],
  [
    'T15 keeps those keywords for openai.*',
    [GPT],
    { ...props({ a: { type: 'string', default: null } }), additionalProperties: false },
    { ...props({ a: { type: 'string', default: null } }), additionalProperties: false },
  ],
  [
    'T16 drops required names without a property',
    ALL,
    { ...props({ a: city }), required: ['a', 'ghost'] },
    { ...props({ a: city }), required: ['a'] },
  ],
  [
    'T18 replaces a union with null with the other type',
    [LLAMA],
    props({ a: { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'a city' } }),
    props({ a: city }),
  ],
  [
    'T18 sends Gemini "nullable" for a union with null',
    [GEMINI],
    props({ a: { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'a city' } }),
    props({ a: { ...city, nullable: true } }),
  ],
  [
    'T19 keeps a union for models that support it',
    [GPT, GROK],
    props({ a: { anyOf: [props({ x: city }), props({ y: city })] } }),
    props({ a: { anyOf: [props({ x: city }), props({ y: city })] } }),
  ],
  [
    'T20 sends const as enum',
    STRICT,
    props({ a: { type: 'string', const: 'a' } }),
    props({ a: { type: 'string', enum: ['a'] } }),
  ],
]

describe('tool schemas of POST /v1/chat/completions', () => {
  for (const [name, models, schema, sent] of schemas) {
    for (const model of models) {
      it(`${name}: ${model}`, async () => {
        assert.deepEqual(await sentSchema(model, schema), sent)
      })
    }
  }

  for (const model of [GROK, LLAMA, GEMINI]) {
    it(`T11 limits the depth of a recursive schema: ${model}`, async () => {
      const node = { type: 'object', properties: { next: { $ref: '#/$defs/Node' } } }
      const sent = await sentSchema(model, {
        ...props({ a: { $ref: '#/$defs/Node' } }),
        $defs: { Node: node },
      })
      assert.doesNotMatch(JSON.stringify(sent), /\$ref|\$defs/)
      const depth = JSON.stringify(sent).split('"next"').length - 1
      assert.ok(depth >= 1 && depth <= 4, `${depth} levels`)
    })
  }

  for (const model of STRICT) {
    it(`T17 adds items of type string to an array without items: ${model}`, async () => {
      const sent = await sentSchema(model, props({ a: { type: 'array' } }))
      assert.deepEqual(sent, props({ a: { type: 'array', items: { type: 'string' } } }))
    })

    it(`T19 keeps all branches of an unsupported union: ${model}`, async () => {
      const sent = JSON.stringify(
        await sentSchema(
          model,
          props({ a: { anyOf: [props({ alpha: city }), props({ beta: { type: 'integer' } })] } }),
        ),
      )
      assert.match(sent, /alpha/)
      assert.match(sent, /beta/)
    })
  }

  async function sentSchema(model: string, parameters: object): Promise<unknown> {
    const { sent } = await gateway.ask({
      model,
      messages: MESSAGES,
      tools: [tool('f', { parameters })],
    })
    assert.equal(sent.length, 1)
    const [{ tools }] = sent as [{ tools: [{ parameters: unknown }] }]
    return tools[0].parameters
  }
})

describe('tool calls of POST /v1/chat/completions', () => {
  for (const name of ['mcp.server:do thing', 'x'.repeat(80)]) {
    it(`T23 returns the original tool name ${name.slice(0, 20)}, streamed or not`, async () => {
      const body = {
        model: GPT,
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: null, tool_calls: [call('c1', name, '{}')] },
          { role: 'tool', tool_call_id: 'c1', content: 'ok' },
          { role: 'user', content: 'Again' },
        ],
        tools: [tool(name)],
        tool_choice: { type: 'function', function: { name } },
      }
      const { sent, reply } = await gateway.ask(body)
      const { messages } = await gateway.stream(body)
      assert.deepEqual(namesOf([reply.choices[0]?.message, ...messages]), [name, name])
      const [safe = ''] = new Set(JSON.stringify(sent).match(/(?<="name":")[^"]*/g))
      assert.match(safe, /^[A-Za-z0-9_-]{1,64}$/)
      assert.equal(JSON.stringify(sent).split(`"name":"${safe}"`).length - 1, 3)
    })
  }

  const histories: [name: string, json: string, sent: string, ...warnings: string[]][] = [
    [
      'T25 replaces arguments that are not JSON with {} and warns',
      "{'a': 1}",
      '{}',
      'messages[1]: arguments of call 1 are not JSON, sent as {}',
    ],
    ['T25 sends {} for missing arguments', '', '{}'],
    ['T26 decodes arguments that are encoded twice', '"{\\"a\\":1}"', '{"a":1}'],
    [
      'T27 keeps the names of arguments',
      '{"snake_case":1,"camelCase":2,"with-dash":3}',
      '{"snake_case":1,"camelCase":2,"with-dash":3}',
    ],
  ]
  for (const [name, json, expected, ...warnings] of histories) {
    for (const model of [GPT, LLAMA, GROK, GEMINI]) {
      it(`${name}: ${model}`, async () => {
        const { sent, ...answer } = await gateway.ask({
          model,
          messages: history(call('c1', 'f', json)),
        })
        assert.deepEqual(sentCalls(sent), [[{
          type: 'FUNCTION',
          id: 'c1',
          name: 'f',
          arguments: expected,
        }]])
        assert.deepEqual(answer.warnings, warnings)
      })
    }
  }

  it('T27 returns arguments byte for byte', async () => {
    const json = '{ "snake_case": 1, "camelCase": "\\u00e9", "with-dash": [ ] }'
    const content = `[[sim:tool=f:${btoa(json).replaceAll('+', '-').replaceAll('/', '_')}]]`
    for (const model of ALL) {
      const body = { model, messages: [{ role: 'user', content }], tools: [tool('f')] }
      const { reply } = await gateway.ask(body)
      const { messages } = await gateway.stream(body)
      const returned = [reply.choices[0]?.message, ...messages].map((message) =>
        message?.tool_calls?.map((call) => call.function.arguments)
      )
      assert.deepEqual(returned, [[json], [json]], model)
    }
  })

  it('T28 replaces ids that are too long, invalid or not unique', async () => {
    const long = 'c'.repeat(70)
    const { sent } = await gateway.ask({
      model: GPT,
      messages: [
        ...history(call(long, 'f', '{}')),
        ...history(call('a|b', 'f', '{}')),
        ...history(call('same', 'f', '{}')),
        ...history(call('same', 'f', '{}')),
      ],
    })
    const messages = sent[0]?.['messages'] as {
      toolCallId?: string
      toolCalls?: { id: string }[]
    }[]
    const calls = messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id))
    const results = messages.flatMap(({ toolCallId }) => toolCallId ?? [])
    assert.equal(new Set(calls).size, 4)
    assert.deepEqual(results, calls)
    for (const id of calls) assert.match(id, /^[A-Za-z0-9_-]{1,64}$/)
    assert.equal(calls[2], 'same')
  })

  for (const model of [GPT, GEMINI]) {
    it(`T29 accepts a thought signature and sends none to ${model}`, async () => {
      const signed = { extra_content: { google: { thought_signature: 'c2lnbmVk' } } }
      const { sent } = await gateway.ask({
        model,
        messages: history({ ...call('c1', 'f', '{}'), ...signed }),
      })
      assert.doesNotMatch(JSON.stringify(sent), /c2lnbmVk|signature/)
    })
  }

  it('T31 sends Llama parallel calls one by one after a refusal and remembers it', async () => {
    const fresh = await openTestGateway()
    const body = { model: LLAMA, messages: history(call('a', 'f', '{}'), call('b', 'f', '{}')) }
    const first = await fresh.ask(body)
    assert.deepEqual(sentCalls(first.sent).map((turn) => turn.length), [2, 1, 1])
    await fresh.ask(body)
    const second = await fresh.ask(body)
    assert.deepEqual(sentCalls(second.sent).map((turn) => turn.length), [1, 1])
    assert.deepEqual(roles(second.sent), ['USER', 'ASSISTANT', 'TOOL', 'ASSISTANT', 'TOOL'])
    assert.equal(first.sent.length, 2)
  })

  it('T31 leaves isParallelToolCalls out after OCI refuses it', async () => {
    const fresh = await openTestGateway()
    const body = {
      model: LLAMA,
      messages: MESSAGES,
      tools: [tool('f')],
      parallel_tool_calls: true,
    }
    const rounds = [await fresh.ask(body), await fresh.ask(body), await fresh.ask(body)]
    const requests = rounds.flatMap(({ sent }) => sent)
    assert.deepEqual(requests.map((request) => request['isParallelToolCalls']), [
      ...[true, undefined],
      ...[true, undefined],
      undefined,
    ])
  })

  it('P27 keeps the tool calls of a history without tools', async () => {
    const { sent } = await gateway.ask({
      model: GPT,
      messages: history(call('a', 'f', '{}')),
      tools: [],
    })
    assert.deepEqual(roles(sent), ['USER', 'ASSISTANT', 'TOOL'])
    assert.deepEqual([sent[0]?.['tools'], sent[0]?.['toolChoice']], [undefined, undefined])
  })

  it('T05 rejects a tool_choice that names an unknown tool', async () => {
    const { status, error, calls } = await gateway.fail({
      model: GPT,
      messages: MESSAGES,
      tools: [tool('f')],
      tool_choice: { type: 'function', function: { name: 'g' } },
    })
    assert.deepEqual(
      { status, param: error.param, code: error.code, calls },
      { status: 400, param: 'tool_choice', code: 'invalid_request', calls: [] },
    )
    assert.match(error.message, /"g"/)
  })

  it('T04 sends no tools for tool_choice none when the model does not support toolChoice', async () => {
    const { ask } = await openTestGateway({
      config: { models: { 'acme.*': { unsupportedParameters: ['toolChoice'] } } },
      upstream: saying({ content: [{ type: 'TEXT', text: 'Ho' }] }),
    })
    const { sent } = await ask({
      model: 'acme.a',
      messages: MESSAGES,
      tools: [tool('f')],
      tool_choice: 'none',
    })
    assert.deepEqual([sent[0]?.['tools'], sent[0]?.['toolChoice']], [undefined, undefined])
  })
})

function tool(name: string, rest: object = {}): object {
  return { type: 'function', function: { name, ...rest } }
}

function up(name: string, parameters: object = NO_PARAMETERS, description?: string): object {
  return { type: 'FUNCTION', name, ...(description && { description }), parameters }
}

function props(properties: Record<string, object>): object {
  return { type: 'object', properties }
}

function call(id: string, name: string, json: string): object {
  return { id, type: 'function', function: { name, arguments: json } }
}

/** A question, its tool calls and their results. */
function history(...calls: object[]): object[] {
  return [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: null, tool_calls: calls },
    ...calls.map((call) => ({ role: 'tool', tool_call_id: idOf(call), content: 'ok' })),
  ]
}

function idOf(call: object): unknown {
  return 'id' in call ? call.id : undefined
}

function namesOf(
  messages: readonly ({ tool_calls?: { function: { name: string } }[] } | undefined)[],
): (string | undefined)[] {
  return messages.map((message) => message?.tool_calls?.[0]?.function.name)
}

interface UpMessage {
  role: string
  toolCalls?: object[]
}

/** The calls of each message with tool calls. */
function sentCalls(sent: readonly Record<string, unknown>[]): object[][] {
  return messagesOf(sent).flatMap(({ toolCalls }) => toolCalls ? [toolCalls] : [])
}

function roles(sent: readonly Record<string, unknown>[]): string[] {
  return messagesOf(sent).map(({ role }) => role)
}

/** The simulator has checked the shape against its field table. */
function messagesOf(sent: readonly Record<string, unknown>[]): UpMessage[] {
  return sent.flatMap(({ messages }) => messages as UpMessage[])
}
