import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { type ApiError, type ErrorCode, toApiError } from '../../../src/errors.ts'
import { type Action, callAction } from '../../../src/oci/actions/call-action.ts'
import { decodeFailure } from '../../../src/oci/http/error.ts'
import type { OutgoingCall } from '../../../src/oci/http/send.ts'
import { createCall, createContext } from '../context.ts'

const Schema = v.object({ n: v.number() })
const ACTION: Action<typeof Schema> = {
  name: 'embedText',
  body: { a: 1, left: undefined },
  answer: Schema,
  model: 'acme.embed',
}

describe('callAction()', () => {
  it('posts the body and reads the answer', async () => {
    const { answer, calls } = call(ok({ n: 1, more: true }))
    assert.deepEqual(await answer, {
      ...{ value: { n: 1 }, opcRequestId: 'id/1', warnings: [] },
      ...{ region: 'us-chicago-1', attempts: 1 },
    })
    const sent = calls.map(({ method, url, body, model, requestId }) => ({
      ...{ method, url: url.href, body: new TextDecoder().decode(body), model, requestId },
    }))
    assert.deepEqual(sent, [{
      method: 'POST',
      url: 'https://inference.example.com/20231130/actions/embedText',
      body: '{"a":1}',
      model: 'acme.embed',
      requestId: 'request1',
    }])
  })

  it('asks again where that may help, with the same bytes', async () => {
    const { answer, calls } = call(refusal(500), refusal(429), ok({ n: 2 }))
    assert.deepEqual((await answer).value, { n: 2 })
    assert.equal(calls.length, 3)
    assert.equal(new Set(calls.map(({ body }) => body)).size, 1)
  })

  const failures: [name: string, response: () => Response, code: ErrorCode, calls: number][] = [
    ['does not ask again where OCI refuses', refusal(400), 'invalid_request', 1],
    [
      'takes an error with status 200 for one',
      ok({ code: '400', message: 'no' }),
      'invalid_request',
      1,
    ],
    ['reads no other shape', ok({ m: 1 }), 'upstream_invalid_response', 1],
    ['reads no list', ok([]), 'upstream_invalid_response', 1],
    ['reads nothing but JSON', () => new Response('<html>'), 'upstream_invalid_response', 1],
  ]
  for (const [name, response, code, count] of failures) {
    it(name, async () => {
      const { answer, calls } = call(response)
      const error: ApiError = await answer.then(() => assert.fail('answered'), toApiError)
      assert.equal(error.code, code)
      assert.equal(calls.length, count)
    })
  }

  it('tells the id of an answer that nobody can read', async () => {
    const error = await call(ok({})).answer.then(() => assert.fail('answered'), toApiError)
    assert.equal(error.opcRequestId, 'id/1')
  })
})

/** Calls the action of an OCI that answers in turn. */
function call(...responses: (() => Response)[]) {
  const calls: OutgoingCall[] = []
  const oci = createContext({
    async send(outgoing) {
      const response = responses[calls.length]?.() ?? assert.fail('too many calls')
      calls.push(outgoing)
      if (!response.ok) throw await decodeFailure(response, outgoing)
      return response
    },
  })
  return { answer: callAction(ACTION, oci, createCall()), calls }
}

function ok(body: unknown): () => Response {
  return () => Response.json(body, { headers: { 'opc-request-id': 'id/1' } })
}

function refusal(status: number): () => Response {
  return () => Response.json({ code: String(status), message: 'no' }, { status })
}
