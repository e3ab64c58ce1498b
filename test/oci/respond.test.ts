import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type CallContext, createTrace } from '../../src/oci/call.ts'
import { decodeFailure } from '../../src/oci/http/error.ts'
import type { ProfileOverride } from '../../src/oci/models/profiles.ts'
import type { OpenAiOperation } from '../../src/oci/http/openai-endpoint.ts'
import type { ResolvedModel } from '../../src/oci/models/resolve.ts'
import { respond } from '../../src/oci/respond.ts'
import type { OutgoingCall } from '../../src/oci/http/send.ts'
import type { Scheme } from '../../src/oci/models/endpoint-choice.ts'
import { createCall, createContext } from './context.ts'

const CHAT = '/chat/completions'
const RESPONSES = '/responses'
const EMBEDDINGS = '/embeddings'
const UNSUPPORTED = { code: '400', message: 'Unsupported OpenAI operation' }
const MULTI_AGENT = {
  error: { message: 'Multi Agent requests are not allowed on chat completions' },
}
const TOOLS = { tools: [{ type: 'function', function: { name: 'f' } }] }

const EMPTY = { value: {}, warnings: [], opcRequestId: undefined }

interface Setup {
  scheme?: Scheme
  profile?: ProfileOverride
  /** OCI's rejection for each path; other paths succeed. */
  reject?: Partial<Record<OpenAiOperation, [status: number, body: object]>>
}

describe('respond()', () => {
  type Case = [path: OpenAiOperation, model: string, setup: Setup, passes: boolean, body?: object]
  const BEARER = { scheme: 'bearer' } as const
  const OPENAI = { profile: { endpoint: 'openai' } } as const
  const cases: Case[] = [
    [CHAT, 'xai.grok-4', {}, false],
    [CHAT, 'xai.grok-4', OPENAI, true],
    [CHAT, 'xai.grok-4', BEARER, true],
    [CHAT, 'meta.llama-3.3-70b-instruct', BEARER, true],
    [CHAT, 'openai.gpt-audio', {}, true],
    [CHAT, 'xai.grok-4.20-multi-agent-0309', {}, false],
    [CHAT, 'xai.grok-4.20-multi-agent-0309', BEARER, false],
    [CHAT, 'openai.gpt-5.5-pro', OPENAI, false],
    [CHAT, 'google.gemini-2.5-pro', BEARER, true],
    [CHAT, 'google.gemini-2.5-pro', BEARER, false, TOOLS],
    [CHAT, 'google.gemini-2.5-pro', OPENAI, false, TOOLS],
    [CHAT, 'google.gemini-2.5-pro', BEARER, true, { tools: [] }],
    [CHAT, 'xai.grok-4', BEARER, true, TOOLS],
    [RESPONSES, 'xai.grok-4', {}, false],
    [RESPONSES, 'xai.grok-4', OPENAI, true],
    [RESPONSES, 'xai.grok-4', BEARER, true],
    [RESPONSES, 'google.gemini-2.5-pro', BEARER, true, TOOLS],
    [RESPONSES, 'xai.grok-4.20-multi-agent-0309', {}, true],
    [RESPONSES, 'xai.grok-4', { profile: { format: 'RESPONSES' } }, true],
    [RESPONSES, 'meta.llama-3.3-70b-instruct', BEARER, false],
    [RESPONSES, 'openai.gpt-audio', {}, false],
    [EMBEDDINGS, 'cohere.embed-v4.0', {}, false],
    [EMBEDDINGS, 'cohere.embed-v4.0', OPENAI, true],
    [EMBEDDINGS, 'cohere.embed-v4.0', BEARER, true],
  ]
  for (const [path, model, setup, passes, body = {}] of cases) {
    const how = JSON.stringify({ ...setup, ...body })
    it(`${passes ? 'relays' : 'translates'} ${path} of ${model}: ${how}`, async () => {
      const { ask, calls } = open(setup)
      assert.equal(await ask(path, model, body), passes ? 'relayed' : 'translated')
      assert.deepEqual(calls.map(({ url }) => url.pathname), passes ? [`/openai/v1${path}`] : [])
    })
  }

  it('E10 switches to the actions for an unsupported operation; two requests confirm it', async () => {
    for (const rejection of [[400, UNSUPPORTED], [404, { code: '404', message: 'No' }]] as const) {
      const { ask, calls, oci, quirksOf } = open({
        ...OPENAI,
        reject: { [RESPONSES]: [...rejection] },
      })
      const model = 'meta.llama-3.3-70b-instruct'
      for (let round = 0; round < 3; round++) {
        assert.equal(await ask(RESPONSES, model), 'translated')
      }
      assert.equal(calls.length, 2)
      assert.equal(await ask(CHAT, model), 'relayed')
      assert.deepEqual(quirksOf(model), [`no ${RESPONSES} on OCI's OpenAI endpoint`])
      assert.equal(oci.quirks.of(model).length, 1)
    }
  })

  it('F5: learns no endpoint from a 404 about an object that the client named', async () => {
    const rejections: [message: string, body: object, isTranslated: boolean][] = [
      ["Prompt with id 'pmpt_x' not found.", { prompt: { id: 'pmpt_x' } }, false],
      ['Requested resource not found.', { prompt: { id: 'pmpt_x' } }, true],
      ['Requested resource not found.', { input: [{ content: [{ file_id: 'f' }] }] }, true],
    ]
    for (const [message, body, isTranslated] of rejections) {
      const { ask, calls, quirksOf } = open({
        ...OPENAI,
        reject: { [RESPONSES]: [404, { code: '404', message }] },
      })
      for (let round = 0; round < 3; round++) {
        const response = ask(RESPONSES, 'xai.grok-4', body)
        if (isTranslated) assert.equal(await response, 'translated')
        else await assert.rejects(response, { code: 'model_not_found' })
      }
      assert.equal(calls.length, 3)
      assert.deepEqual(quirksOf('xai.grok-4'), [])
    }
  })

  it('E11 switches to Responses; two requests confirm it', async () => {
    const { ask, calls, quirksOf } = open({ ...OPENAI, reject: { [CHAT]: [400, MULTI_AGENT] } })
    for (let round = 0; round < 3; round++) {
      assert.equal(await ask(CHAT, 'xai.grok-9'), 'translated')
    }
    assert.equal(calls.length, 2)
    assert.deepEqual(quirksOf('xai.grok-9'), ['use format RESPONSES'])
    assert.equal(await ask(RESPONSES, 'xai.grok-9'), 'relayed')
  })

  it('B4: switches to Responses if an error names them', async () => {
    const message = "Unsupported parameter: 'temperature'. Please use /v1/responses instead."
    const { ask, quirksOf } = open({ ...OPENAI, reject: { [CHAT]: [400, { message }] } })
    assert.equal(await ask(CHAT, 'xai.grok-9'), 'translated')
    assert.deepEqual(quirksOf('xai.grok-9'), ['use format RESPONSES'])
  })

  it("B3: passes a request's quirks to its own translation, unconfirmed", async () => {
    const { oci } = open({ ...OPENAI, reject: { [CHAT]: [400, MULTI_AGENT] } })
    const trace = createTrace()
    const exchange = {
      model: 'xai.grok-9',
      openAi: { path: CHAT, body: {} },
      decode: () => Promise.resolve({}),
    } as const
    await respond(exchange, () => Promise.resolve(EMPTY), oci, { ...createCall(), trace })
    const names = trace.quirks.get('xai.grok-9')?.map(({ name }) => name)
    assert.deepEqual(names, ['use format RESPONSES'])
    assert.deepEqual(oci.quirks.entries(), [])
  })

  it('avoids Responses for a translated request after their rejection', async () => {
    const model = 'openai.gpt-5.5-pro'
    const unserved = `no ${RESPONSES} on OCI's OpenAI endpoint`
    const signed = open({ reject: { [RESPONSES]: [404, { code: '404', message: 'No' }] } })
    assert.equal(await signed.ask(RESPONSES, model), 'translated')
    assert.deepEqual(signed.quirksOf(model), [unserved, 'use format GENERIC'])
    const bearer = open({ ...BEARER, reject: { [RESPONSES]: [400, UNSUPPORTED] } })
    for (let round = 0; round < 3; round++) {
      assert.equal(await bearer.ask(RESPONSES, 'xai.grok-4'), 'translated')
    }
    assert.deepEqual(bearer.quirksOf('xai.grok-4'), [unserved, 'use format CHAT_COMPLETIONS'])
    assert.equal(bearer.calls.length, 2)
  })

  it('translates with a bearer key what chat completions do not support', async () => {
    const { ask, quirksOf } = open({ ...BEARER, reject: { [CHAT]: [400, UNSUPPORTED] } })
    const unserved = `no ${CHAT} on OCI's OpenAI endpoint`
    assert.equal(await ask(CHAT, 'xai.grok-4'), 'translated')
    assert.deepEqual(quirksOf('xai.grok-4'), [unserved])
    assert.equal(await ask(CHAT, 'meta.new'), 'translated')
    assert.deepEqual(quirksOf('meta.new'), [unserved, 'use format RESPONSES'])
  })

  it('throws if no other endpoint is reachable', async () => {
    const { ask } = open({ ...BEARER, reject: { [EMBEDDINGS]: [400, UNSUPPORTED] } })
    await assert.rejects(ask(EMBEDDINGS, 'cohere.embed-v4.0'), { code: 'invalid_request' })
    const lost = { error: { message: "Response with id 'resp_1' not found." } }
    const { ask: askAgain } = open({ ...BEARER, reject: { [RESPONSES]: [404, lost] } })
    await assert.rejects(askAgain(RESPONSES, 'xai.grok-4'), { code: 'previous_response_not_found' })
  })

  it('relays once what an action rejected for its content parts', async () => {
    const { ask, calls } = open({ reject: { [CHAT]: [404, { code: '404', message: 'No' }] } })
    const message = 'Content blocks are expected to be either text or image_url type.'
    const failure = await decodeFailure(Response.json({ message }, { status: 400 }), {})
    await assert.rejects(ask(CHAT, 'xai.grok-4', {}, failure), { code: 'model_not_found' })
    await assert.rejects(ask(CHAT, 'xai.grok-3', {}, new Error('other')), { message: 'other' })
    assert.equal(calls.length, 1)
  })
})

function open({ scheme, profile, reject = {} }: Setup) {
  const calls: OutgoingCall[] = []
  const oci = createContext({
    scheme,
    models: new Map(profile ? [['*', profile]] : []),
    async send(call) {
      calls.push(call)
      const rejection = Object.entries(reject).find(([path]) => call.url.pathname.endsWith(path))
        ?.[1]
      if (!rejection) return Response.json({ object: 'x' })
      const [status, body] = rejection
      throw await decodeFailure(Response.json(body, { status }), call)
    },
  })
  let requests = 0
  /** Returns how a request was sent; `failure` is the error of its translation. */
  const ask = async (path: OpenAiOperation, model: string, body = {}, failure?: unknown) => {
    const exchange = {
      model,
      openAi: { path, body: { ...body, model } },
      decode: () => Promise.resolve({}),
    }
    const translate = (
      _request: object,
      known: ResolvedModel,
      { trace, requestId }: CallContext,
    ) => {
      if (failure !== undefined) return Promise.reject(failure)
      // A chat records the quirks that have helped.
      oci.quirks.record(known.model, trace?.quirks.get(known.model) ?? [], requestId)
      return Promise.resolve(EMPTY)
    }
    const call = { ...createCall(), requestId: `request${++requests}` }
    return (await respond(exchange, translate, oci, call)).value.type
  }
  const quirksOf = (model: string) =>
    oci.quirks.entries().filter(([name]) => name === model)
      .flatMap(([, quirks]) => quirks.map(({ name }) => name))
  return { ask, calls, oci, quirksOf }
}
