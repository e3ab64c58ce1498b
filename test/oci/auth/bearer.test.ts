import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collect } from '../../chat/collect.ts'
import type {
  AssistantMessage,
  ChatReply,
  ChatRequest,
  ResponseFormat,
  Tool,
} from '../../../src/chat/model.ts'
import { genAiApiKey } from '../../../src/oci/auth/genai-api-key.ts'
import { createOciClient, type OciClient } from '../../../src/oci/client.ts'
import { createClock } from '../../../src/oci/http/clock.ts'
import { createSender } from '../../../src/oci/http/send.ts'
import { createSimulator } from '../../../src/simulator/app.ts'
import { ENDPOINTS } from '../../../src/simulator/catalogue.ts'
import { PROJECT } from '../../oci-names.ts'
import { createCall, createContext } from '../context.ts'
import { request, text, user } from '../formats/generic/request.ts'
import { createPlatform } from '../platform.ts'

const KEY = 'sk-simulated'
const RESPONSES = '/openai/v1/responses'
const CHAT = '/openai/v1/chat/completions'
const MODELS = [
  ['xai.grok-4', RESPONSES],
  ['google.gemini-2.5-pro', RESPONSES],
  ['openai.gpt-oss-120b', RESPONSES],
  ['meta.llama-3.3-70b-instruct', CHAT],
] as const
const WEATHER: Tool = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { city: { $ref: '#/$defs/City' } },
    required: ['city', 'ghost'],
    additionalProperties: false,
    $defs: { City: { type: 'string', minLength: 1 } },
  },
  strict: false,
}
const TIME: Tool = { ...WEATHER, name: 'get_time', description: 'The time in a city' }

describe('createOciClient() with a bearer key', () => {
  for (const [model, path] of MODELS) {
    it(`chats with ${model}, buffered and streamed, on ${path}`, async () => {
      const { both, paths } = open()
      const reply = await both({ model, messages: [user([text('Hello')])] })
      assert.match(reply.choices[0]?.text ?? '', /Hello/)
      assert.equal(reply.choices[0]?.finishReason, 'stop')
      assert.ok((reply.usage?.total ?? 0) > 0)
      assert.deepEqual(paths, [path, path])
    })

    it(`lets ${model} call one and several tools and sends the results`, async () => {
      const { both } = open()
      const asked = { model, tools: [WEATHER, TIME] }
      const question = user([text('get_weather and get_time of Paris')])
      const several = await both({ ...asked, messages: [question] })
      const calls = several.choices[0]?.toolCalls ?? []
      assert.deepEqual(calls.map(({ name }) => name), ['get_weather', 'get_time'])
      assert.equal(several.choices[0]?.finishReason, 'tool-calls')
      assert.equal(typeof JSON.parse(calls[0]?.arguments ?? '').city, 'string')
      const one = await both({
        ...asked,
        messages: [question],
        toolChoice: { type: 'function', name: 'get_time' },
      })
      assert.deepEqual(one.choices[0]?.toolCalls.map(({ name }) => name), ['get_time'])
      const turn: AssistantMessage = {
        ...{ role: 'assistant', content: [], reasoning: undefined, refusal: undefined },
        ...{ toolCalls: calls, name: undefined },
      }
      const results = calls.map(({ id }, index) => ({
        role: 'tool' as const,
        toolCallId: id,
        content: [text(index === 0 ? 'sunny' : '12:00')],
      }))
      const { choices } = await both({ ...asked, messages: [question, turn, ...results] })
      assert.match(choices[0]?.text ?? '', /12:00/)
      assert.equal(choices[0]?.finishReason, 'stop')
    })

    it(`gets several JSON answers from ${model}`, async () => {
      const { both, paths } = open()
      const responseFormat: ResponseFormat = {
        type: 'json-schema',
        name: 'city',
        description: undefined,
        schema: WEATHER.parameters,
        strict: undefined,
      }
      const messages = [user([text('Paris')])]
      const reply = await both({ model, messages, responseFormat, choices: 2 })
      assert.deepEqual(reply.choices.map(({ index }) => index), [0, 1])
      for (const choice of reply.choices) {
        assert.deepEqual(Object.keys(JSON.parse(choice.text)), ['city'])
      }
      assert.equal(paths.length, path === RESPONSES ? 4 : 2)
    })
  }

  it('switches to chat completions for a model that Responses does not serve, and remembers it', async () => {
    const { client, paths } = open()
    const model = ENDPOINTS.find(({ model }) => model.name.startsWith('meta.'))?.id ?? ''
    for (let round = 0; round < 3; round++) {
      const call = { ...createCall(), requestId: `request${round}` }
      const { value } = await client.chat(request({ model }), call)
      assert.match(value.choices[0]?.text ?? '', /Hi/)
    }
    assert.deepEqual(paths, [RESPONSES, CHAT, RESPONSES, CHAT, CHAT])
    const quirk = { name: 'use format CHAT_COMPLETIONS', confirmed: true, expiresIn: 3600 }
    assert.deepEqual(client.quirks(), [[model, [quirk]]])
  })

  it('switches to Responses for a model that chat completions does not serve, and remembers it', async () => {
    const { client, paths } = open({ 'openai.gpt-5.5-pro': { format: 'CHAT_COMPLETIONS' } })
    const asked = request({ model: 'openai.gpt-5.5-pro', messages: [user([text('Hello')])] })
    for (let round = 0; round < 3; round++) {
      const { value } = await client.chat(asked, { ...createCall(), requestId: `r${round}` })
      assert.match(value.choices[0]?.text ?? '', /Hello/)
    }
    assert.deepEqual(paths, [CHAT, RESPONSES, CHAT, RESPONSES, RESPONSES])
    const quirk = { name: 'use format RESPONSES', confirmed: true, expiresIn: 3600 }
    assert.deepEqual(client.quirks(), [['openai.gpt-5.5-pro', [quirk]]])
  })

  it("returns OCI's error for a model that neither endpoint serves", async () => {
    const { client, paths } = open()
    const asked = request({ model: 'cohere.command-a-03-2025' })
    await assert.rejects(client.chat(asked, createCall()), {
      code: 'invalid_request',
      message: /bearer key.*neither Responses nor chat completions.*Unsupported OpenAI operation/,
    })
    assert.deepEqual(paths, [RESPONSES, CHAT])
    assert.deepEqual(client.quirks(), [])
    await assert.rejects(client.chat(request({ model: 'xai.typo' }), createCall()), {
      code: 'model_not_found',
      message: /Cannot find the model "xai\.typo": The model `xai\.typo` does not exist/,
    })
  })

  it('sends the project, both compartment headers and no envelope of the actions', async () => {
    const { client, bodies, headers } = open()
    await client.chat(request({ model: 'xai.grok-4' }), createCall())
    assert.deepEqual(Object.keys(bodies[0] ?? {}).toSorted(), [
      'input',
      'max_output_tokens',
      'model',
      'store',
    ])
    assert.equal(headers[0]?.get('authorization'), `Bearer ${KEY}`)
    assert.equal(headers[0]?.get('OpenAI-Project'), PROJECT)
    assert.equal(headers[0]?.get('opc-compartment-id'), headers[0]?.get('CompartmentId'))
  })
})

interface Opened {
  client: OciClient
  /** Gets a buffered and a streamed answer, which must be equal except for generated ids. */
  both(part: Partial<ChatRequest>): Promise<ChatReply>
  paths: string[]
  bodies: Record<string, unknown>[]
  headers: Headers[]
}

function open(profiles: Record<string, { format: 'CHAT_COMPLETIONS' }> = {}): Opened {
  const [paths, bodies, headers]: [string[], Record<string, unknown>[], Headers[]] = [[], [], []]
  const simulator = createSimulator({
    publicKeys: new Map(),
    bearerKeys: new Set([KEY]),
    requireProject: true,
    eventDelay: 0,
  })
  const platform = createPlatform({
    async fetch(url, init) {
      const sent = new Request(url, init)
      paths.push(new URL(url).pathname)
      headers.push(sent.headers)
      bodies.push(await sent.clone().json())
      return await simulator.fetch(sent)
    },
  })
  const clock = createClock(platform.now)
  const client = createOciClient(createContext({
    platform,
    scheme: 'bearer',
    project: PROJECT,
    models: new Map(Object.entries(profiles)),
    send: createSender({ credential: genAiApiKey(KEY), clock, platform, responseTimeout: 0 }),
  }))
  async function both(part: Partial<ChatRequest>): Promise<ChatReply> {
    const asked = request(part)
    const { value: whole } = await client.chat(asked, createCall())
    const streamed = await collect((await client.streamChat(asked, createCall())).value)
    assert.deepEqual(withoutIds(streamed), withoutIds(whole))
    return whole
  }
  return { client, both, paths, bodies, headers }
}

function withoutIds({ choices, usage }: ChatReply): object {
  return {
    usage,
    choices: choices.map((choice) => ({
      ...choice,
      toolCalls: choice.toolCalls.map(({ name, arguments: json }) => ({ name, json })),
    })),
  }
}
