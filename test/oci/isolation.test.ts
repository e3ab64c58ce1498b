import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { collect } from '../chat/collect.ts'
import type { ChatRequest } from '../../src/chat/model.ts'
import { ApiError } from '../../src/errors.ts'
import { createOciClient, type OciClient } from '../../src/oci/client.ts'
import type { CallContext } from '../../src/oci/call.ts'
import { decodeFailure } from '../../src/oci/http/error.ts'
import type { ProfileOverride } from '../../src/oci/models/profiles.ts'
import { dataOf, finish, piece, text as say } from '../cases/upstream.ts'
import { createContext } from './context.ts'
import { request, text, user } from './formats/generic/request.ts'
import { runsOf } from '../property-runs.ts'

const MODEL = 'acme.one'
/** The formats of OCI's native endpoint, and the two of its OpenAI endpoint. */
const FORMATS = ['GENERIC', 'COHERE', 'COHEREV2', 'CHAT_COMPLETIONS', 'RESPONSES'] as const
type Format = typeof FORMATS[number]

/** How OCI answers, as the content of a request selects. */
const CONTENTS = [
  ...['empty', 'error', 'USER_CANCEL', 'MALFORMED_FUNCTION_CALL', 'ERROR_LIMIT', 'fine'],
  ...['400', '404', '409', '413', '422', '500', '502', 'inside', 'broken', 'disconnects', 'tool'],
] as const
type Content = typeof CONTENTS[number]

describe('isolation of clients', () => {
  for (const format of FORMATS) {
    it(`F5: no behavior of a client costs another one's request a second call: ${format}`, async () => {
      const step = fc.record({
        content: fc.constantFrom(...CONTENTS),
        streamed: fc.boolean(),
        times: fc.integer({ min: 1, max: 12 }),
      })
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { maxLength: 6 }),
          fc.boolean(),
          async (steps, streamed) => {
            const gateway = open(format)
            for (const { content, streamed, times } of steps) {
              for (let count = 0; count < times; count++) {
                await gateway.ask('a', content, streamed).catch(() => {})
              }
            }
            const before = gateway.calls()
            assert.equal(await gateway.ask('b', 'fine', streamed), 'Hello')
            assert.equal(gateway.calls(), before + 1)
            assert.equal(gateway.lastTemperature(), 0.5)
          },
        ),
        runsOf(60),
      )
    })
  }

  it('F5: an outage that several clients meet opens the circuit for all', async () => {
    const gateway = open('GENERIC')
    for (const client of ['a', 'b', 'c', 'd']) {
      for (let count = 0; count < 5; count++) {
        await gateway.ask(client, '500', false).catch(() => {})
      }
    }
    const before = gateway.calls()
    await assert.rejects(gateway.ask('e', 'fine', false), { reason: 'circuit_open' })
    assert.equal(gateway.calls(), before)
  })

  it('F5: a client whose content keeps failing gets its own circuit opened', async () => {
    const gateway = open('GENERIC')
    for (let count = 0; count < 10; count++) await gateway.ask('a', '500', true).catch(() => {})
    await assert.rejects(gateway.ask('a', 'fine', true), { reason: 'circuit_open' })
    assert.equal(await gateway.ask('b', 'fine', true), 'Hello')
  })

  it('B1: empty answers do not use up the retries of others', async () => {
    const gateway = open('GENERIC')
    for (let count = 0; count < 20; count++) {
      assert.equal(await gateway.ask('a', 'empty', true), '')
    }
    assert.equal(gateway.calls(), 60)
    await assert.rejects(gateway.ask('b', '503', true), { attempts: 3 })
  })

  it('F5: failures of one client do not use up the retries of others', async () => {
    const gateway = open('GENERIC')
    for (let count = 0; count < 20; count++) await gateway.ask('a', '500', true).catch(() => {})
    await assert.rejects(gateway.ask('b', '503', true), { attempts: 3 })
  })
})

function open(format: Format) {
  let calls = 0
  let lastTemperature: unknown
  let requests = 0
  const override: ProfileOverride = { format, inputs: ['text'] }
  const client = createOciClient(createContext({
    models: new Map([[MODEL, override]]),
    async send(call, signal) {
      calls++
      const body = new TextDecoder().decode(call.body)
      const content = CONTENTS.find((content) => body.includes(`do:${content}`))
      lastTemperature = /"temperature":([\d.]+)/.exec(body)?.[1]
      signal.throwIfAborted()
      const isStream = /"(isStream|stream)":true/.test(body)
      const response = answer(content ?? statusIn(body), format, isStream)
      if (!response.ok) throw await decodeFailure(response, call)
      return response
    },
  }))
  return {
    calls: () => calls,
    lastTemperature: () => Number(lastTemperature),
    ask: (name: string, content: Content | '503', streamed: boolean) =>
      ask(client, { name, content, streamed, requestId: `request${++requests}` }),
  }
}

function statusIn(body: string): '503' | 'fine' {
  return body.includes('do:503') ? '503' : 'fine'
}

interface TestRequest {
  name: string
  content: Content | '503'
  streamed: boolean
  requestId: string
}

/** Sends a request and returns the text of the answer. */
async function ask(
  client: OciClient,
  { name, content, streamed, requestId }: TestRequest,
): Promise<string> {
  const controller = new AbortController()
  const call: CallContext = { signal: controller.signal, requestId, client: name }
  const chat = requestOf(content)
  if (!streamed) return (await client.chat(chat, call)).value.choices[0]?.text ?? ''
  const { value } = await client.streamChat(chat, call)
  if (content === 'disconnects') {
    const events = value[Symbol.asyncIterator]()
    await events.next()
    controller.abort(new ApiError('client_closed', 'left'))
    await events.return?.()
    throw controller.signal.reason
  }
  return (await collect(value)).choices[0]?.text ?? ''
}

function requestOf(content: Content | '503'): ChatRequest {
  const tools = content === 'tool'
    ? [{ name: 'temperature', description: undefined, parameters: undefined, strict: false }]
    : []
  const messages = [user([text(`do:${content}`)])]
  return request({ model: MODEL, messages, tools, temperature: 0.5 })
}

function answer(content: Content | '503', format: Format, isStream: boolean): Response {
  switch (content) {
    case '400':
    case '404':
    case '409':
    case '413':
    case '422':
    case '500':
    case '502':
    case '503':
      return Response.json({ code: content, message: 'No' }, { status: Number(content) })
    case 'tool':
      return Response.json({ message: 'temperature is not supported' }, { status: 400 })
    case 'inside':
      return isStream
        ? stream({ code: '500', message: 'No' })
        : Response.json({ error: { code: 500, message: 'No' } })
    case 'broken':
      return isStream ? stream(...pieces(format, 'Hel')) : new Response('{"half":')
    case 'disconnects':
    case 'fine':
      return ended(format, isStream, 'Hello', 'stop')
    case 'empty':
      return ended(format, isStream, '', 'stop')
    default:
      return ended(format, isStream, '', content)
  }
}

function stream(...payloads: object[]): Response {
  const headers = { 'content-type': 'text/event-stream' }
  return new Response(payloads.map(dataOf).join(''), { headers })
}

/** Creates an answer in a format, complete or streamed. */
function ended(format: Format, isStream: boolean, words: string, reason: string): Response {
  if (isStream) return stream(...pieces(format, words), ...endings(format, words, reason))
  return Response.json(whole(format, words, reason))
}

function pieces(format: Format, words: string): object[] {
  if (words === '') return []
  switch (format) {
    case 'GENERIC':
      return [piece(say(words))]
    case 'COHERE':
      return [{ apiFormat: 'COHERE', text: words }]
    case 'COHEREV2':
      return [{ apiFormat: 'COHEREV2', message: messageOf(words) }]
    case 'CHAT_COMPLETIONS':
      return [{ choices: [{ index: 0, delta: { content: words } }] }]
    case 'RESPONSES':
      return [
        { type: 'response.output_item.added', output_index: 0, item: itemOf('') },
        { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: words },
      ]
  }
}

function endings(format: Format, words: string, reason: string): object[] {
  switch (format) {
    case 'GENERIC':
      return [finish(reason)]
    case 'COHERE':
      return [{ apiFormat: 'COHERE', text: words, chatHistory: [], finishReason: reason }]
    case 'COHEREV2':
      return [{ apiFormat: 'COHEREV2', message: { role: 'ASSISTANT' }, finishReason: reason }]
    case 'CHAT_COMPLETIONS':
      return [{ choices: [{ index: 0, delta: {}, finish_reason: reason }] }]
    case 'RESPONSES':
      return [responseEnd(words, reason)]
  }
}

function responseEnd(words: string, reason: string): object {
  return reason === 'stop'
    ? { type: 'response.completed', response: responseOf(words, 'completed') }
    : { type: 'response.failed', response: responseOf(words, 'failed') }
}

function whole(format: Format, words: string, reason: string): object {
  switch (format) {
    case 'GENERIC': {
      const choice = { index: 0, message: messageOf(words), finishReason: reason }
      return { chatResponse: { apiFormat: 'GENERIC', choices: [choice] } }
    }
    case 'COHERE':
      return { chatResponse: { apiFormat: 'COHERE', text: words, finishReason: reason } }
    case 'COHEREV2': {
      const message = messageOf(words)
      return { chatResponse: { apiFormat: 'COHEREV2', message, finishReason: reason } }
    }
    case 'CHAT_COMPLETIONS': {
      const message = { role: 'assistant', content: words }
      return { choices: [{ index: 0, message, finish_reason: reason }] }
    }
    case 'RESPONSES':
      return responseOf(words, reason === 'stop' ? 'completed' : 'failed')
  }
}

function messageOf(words: string): object {
  return { role: 'ASSISTANT', content: words === '' ? [] : [{ type: 'TEXT', text: words }] }
}

function responseOf(words: string, status: string): object {
  return { object: 'response', status, error: null, output: words === '' ? [] : [itemOf(words)] }
}

function itemOf(words: string): object {
  const content = words === '' ? [] : [{ type: 'output_text', text: words, annotations: [] }]
  return { type: 'message', role: 'assistant', id: 'msg_1', content }
}
