import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { checkFields } from '../../src/simulator/check-fields.ts'
import { type FuzzedRequest, fuzzedRequests } from '../fuzz/conversations.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { readStream } from './read-stream.ts'
import type { Completion, ErrorBody, Message } from './wire.ts'
import { runsOf } from '../property-runs.ts'

/** One model of each family that OCI treats differently. */
const FAMILIES = [
  'meta.llama-3.3-70b-instruct',
  'meta.llama-4-maverick-17b-128e-instruct-fp8',
  'xai.grok-3-mini',
  'xai.grok-4',
  'openai.gpt-5',
  'openai.gpt-4.1',
  'openai.gpt-oss-120b',
  'google.gemini-2.5-flash',
  'google.gemini-2.5-pro',
  'cohere.command-r-plus-08-2024',
  'cohere.command-a-03-2025',
  'cohere.command-a-vision-07-2025',
  'cohere.command-a-reasoning-08-2025',
]
/** For each model. The properties are about the translation, not about the runtime's streams. */
const RUNS = runsOf(25)

/** The error of OCI for a number out of range, which only OCI can check. */
const REFUSED_BY_OCI = /^Invalid '\w+': must be between/

describe('any request', () => {
  for (const model of FAMILIES) {
    it(`to ${model} is answered or rejected by the gateway, and sends only valid fields`, async () => {
      const gateway = await openTestGateway()
      await fc.assert(
        fc.asyncProperty(fuzzedRequests([model]).map(withoutSearch), async (request) => {
          const before = gateway.calls.length
          const response = await post(gateway, request)
          const text = await response.text()
          const calls = gateway.calls.slice(before)
          for (const { json } of calls) assert.equal(checkFields('ChatDetails', json), undefined)
          if (response.status === 200) return
          const { error }: ErrorBody = JSON.parse(text)
          assert.ok(response.status >= 400 && response.status < 500, text)
          checkError(error, response.status)
          if (!REFUSED_BY_OCI.test(error.message)) assert.equal(calls.length, 0, text)
        }),
        RUNS,
      )
    })

    it(`to ${model} has the same answer streamed and not streamed`, async () => {
      const gateway = await openTestGateway()
      await fc.assert(
        fc.asyncProperty(fuzzedRequests([model]).map(withoutSearch), async (request) => {
          const body = { ...request, stream_options: { include_usage: true } }
          const whole = await post(gateway, { ...body, stream: false })
          const pieces = await post(gateway, { ...body, stream: true })
          assert.equal(pieces.status, whole.status)
          if (whole.status !== 200) {
            assert.deepEqual(withoutIds(await pieces.json()), withoutIds(await whole.json()))
            return
          }
          const { choices, usage }: Completion = await whole.json()
          const { messages, finishReasons, ...folded } = await readStream(pieces, body)
          assert.deepEqual(
            { messages: messages.map(withoutCallIds), finishReasons, usage: folded.usage },
            {
              messages: choices.map(({ message }) => withoutCallIds(message)),
              finishReasons: choices.map(({ finish_reason }) => finish_reason),
              usage,
            },
          )
        }),
        RUNS,
      )
    })
  }
})

/** A web search is relayed to OCI's OpenAI endpoint, where it serves the model. */
function withoutSearch(request: FuzzedRequest): FuzzedRequest {
  const isRelayed = !/^(?:meta|cohere)\./.test(request.model)
  return isRelayed ? { ...request, web_search_options: undefined } : request
}

function post({ fetch }: TestGateway, request: FuzzedRequest): Promise<Response> {
  return fetch('/v1/chat/completions', { method: 'POST', body: JSON.stringify(request) })
}

const TYPES = new Map([
  [400, 'invalid_request_error'],
  [404, 'not_found_error'],
  [413, 'invalid_request_error'],
])

function checkError({ message, type, param, code }: ErrorBody['error'], status: number): void {
  assert.ok(message.length > 0)
  assert.equal(type, TYPES.get(status))
  assert.ok(param === null || param.length > 0)
  assert.match(code, /^[a-z_]+$/)
}

/** OCI creates new ids for each answer. */
function withoutCallIds({ tool_calls, ...message }: Message): Message {
  if (!tool_calls) return message
  return { ...message, tool_calls: tool_calls.map((call) => ({ ...call, id: '' })) }
}

function withoutIds({ error }: ErrorBody): object {
  return { ...error, message: error.message.replace(/ \(opc-request-id: .*\)$/, '') }
}
