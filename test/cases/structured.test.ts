import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { refusing } from './upstream.ts'

const GPT = 'openai.gpt-4.1'
const LLAMA = 'meta.llama-3.3-70b-instruct'
const GEMINI = 'google.gemini-2.5-flash'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const SCHEMA = {
  type: 'object',
  properties: { title: { type: 'string' } },
  required: ['title'],
  additionalProperties: false,
}

type Case = [name: string, model: string, format: object, sent: object]

const cases: Case[] = [
  [
    'J01 sends a schema under its name',
    GPT,
    schemaFormat({ name: 'r', strict: true, schema: SCHEMA }),
    { type: 'JSON_SCHEMA', jsonSchema: { name: 'r', schema: SCHEMA, isStrict: true } },
  ],
  ['J02 sends the bare JSON mode', LLAMA, { type: 'json_object' }, { type: 'JSON_OBJECT' }],
  [
    'J02 asks openai.* for any object instead (design, "json_object on openai.*")',
    GPT,
    { type: 'json_object' },
    { type: 'JSON_SCHEMA', jsonSchema: { name: 'response', schema: { type: 'object' } } },
  ],
  [
    'J03 inlines references for Gemini',
    GEMINI,
    schemaFormat({
      name: 'r',
      schema: {
        type: 'object',
        properties: { a: { $ref: '#/$defs/A' } },
        $defs: { A: { type: 'string' } },
      },
    }),
    {
      type: 'JSON_SCHEMA',
      jsonSchema: {
        name: 'r',
        schema: { type: 'object', properties: { a: { type: 'string' } } },
      },
    },
  ],
  [
    'J04 names a schema that has no name',
    GPT,
    schemaFormat({ schema: SCHEMA }),
    { type: 'JSON_SCHEMA', jsonSchema: { name: 'response', schema: SCHEMA } },
  ],
  ...[LLAMA, 'xai.grok-3'].map((model): Case => [
    `J06 keeps a property called title for ${model}`,
    model,
    schemaFormat({ name: 'r', schema: SCHEMA }),
    { type: 'JSON_SCHEMA', jsonSchema: { name: 'r', schema: SCHEMA } },
  ]),
]

describe('POST /v1/chat/completions', () => {
  for (const [name, model, response_format, sent] of cases) {
    it(name, async () => {
      const { ask } = await openTestGateway()
      const { sent: [request], reply, warnings } = await ask({
        model,
        messages: MESSAGES,
        response_format,
      })
      assert.deepEqual(request?.['responseFormat'], sent)
      assert.deepEqual(warnings, [])
      assert.equal(typeof JSON.parse(reply.choices[0]?.message.content ?? ''), 'object')
    })
  }

  it('J05 tells the schema in words once it is refused, warns, and remembers', async () => {
    const message = 'JSON_SCHEMA is not supported with this model.'
    const { ask } = await openTestGateway({
      upstream: ({ json }) =>
        JSON.stringify(json).includes('"JSON_SCHEMA"')
          ? refusing(400, { code: '400', message })()
          : undefined,
    })
    const body = {
      model: LLAMA,
      messages: MESSAGES,
      response_format: schemaFormat({ name: 'r', schema: SCHEMA }),
    }
    const first = await ask(body)
    const second = await ask(body)
    const third = await ask(body)
    const formats = [...first.sent, ...second.sent, ...third.sent].map((request) =>
      request['responseFormat']
    )
    assert.deepEqual(formats.map((format) => Object(format).type), [
      ...['JSON_SCHEMA', 'JSON_OBJECT'],
      ...['JSON_SCHEMA', 'JSON_OBJECT'],
      'JSON_OBJECT',
    ])
    const told = JSON.stringify(first.sent[1]?.['messages'])
    assert.match(told, /"role":"SYSTEM"/)
    assert.ok(told.includes(JSON.stringify(JSON.stringify(SCHEMA)).slice(1, -1)))
    const warning = 'response_format: the schema is added to the prompt, not enforced'
    assert.deepEqual([first.warnings, second.warnings], [[warning], [warning]])
  })

  it('J07 prefers the tools to the format where both are refused, and warns', async () => {
    const message = 'Function calling with a response mime type application/json is unsupported'
    const { ask } = await openTestGateway({
      upstream: ({ json }) =>
        /"responseFormat"/.test(JSON.stringify(json))
          ? refusing(400, { code: '400', message })()
          : undefined,
    })
    const body = {
      model: GEMINI,
      messages: MESSAGES,
      tools: [{ type: 'function', function: { name: 'f' } }],
      response_format: { type: 'json_object' },
    }
    const first = await ask(body)
    const second = await ask(body)
    const third = await ask(body)
    const both = [...first.sent, ...second.sent, ...third.sent].map(({ tools, responseFormat }) => [
      tools !== undefined,
      responseFormat !== undefined,
    ])
    assert.deepEqual(both, [[true, true], [true, false], [true, true], [true, false], [
      true,
      false,
    ]])
    const warning = 'response_format: not supported by this model together with tools, left out'
    assert.deepEqual([first.warnings, third.warnings], [[warning], [warning]])
  })
})

function schemaFormat(json_schema: object): object {
  return { type: 'json_schema', json_schema }
}
