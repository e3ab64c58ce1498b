import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ErrorCode } from '../../../src/errors.ts'
import { readReply } from '../../../src/oci/chat/read-reply.ts'
import { errorInside } from '../../../src/oci/http/error-in-answer.ts'
import { createReadContext, plan } from '../context.ts'
import { createPlatform } from '../platform.ts'

const SIGNAL = new AbortController().signal
const HEADERS = { 'opc-request-id': 'A/B' }

describe('readReply()', () => {
  it('reads an answer', async () => {
    const reply = await readReply(answer('stop'), plan(), createReadContext(), SIGNAL)
    assert.deepEqual(reply, {
      choices: [{
        index: 0,
        text: 'Hi',
        reasoning: '',
        refusal: '',
        toolCalls: [],
        annotations: [],
        logprobs: [],
        finishReason: 'stop',
      }],
      usage: undefined,
      serviceTier: undefined,
      created: undefined,
    })
  })

  it('P21 returns no alternatives if none were requested, even if OCI sends one', async () => {
    const logprobs = { tokens: ['Hi'], tokenLogprobs: [-1], topLogprobs: [{ Hi: -1 }] }
    const planned = plan({ logprobs: 0 })
    const reply = await readReply(
      answer('stop', { logprobs }),
      planned,
      createReadContext(),
      SIGNAL,
    )
    assert.deepEqual(reply.choices[0]?.logprobs, [{ token: 'Hi', logprob: -1, top: [] }])
  })

  it('S31 logs an unknown finish reason', async () => {
    const platform = createPlatform()
    const reply = await readReply(answer('weird'), plan(), createReadContext({ platform }), SIGNAL)
    assert.equal(reply.choices[0]?.finishReason, 'stop')
    assert.deepEqual(platform.lines, [
      { level: 'warn', event: 'unknown_finish_reason', model: 'acme.one', word: 'weird' },
    ])
  })

  const empty = [{ chatResponse: { choices: [] } }, {}, { code: '429' }, { message: 'x' }, []]
  for (const json of empty) {
    it(`R10 rejects an answer without choices: ${JSON.stringify(json)}`, async () => {
      const response = Response.json(json)
      await assert.rejects(readReply(response, plan(), createReadContext(), SIGNAL), {
        code: 'upstream_invalid_response',
      })
    })
  }

  const errors: [json: object, code: ErrorCode][] = [
    [{ code: '429', message: 'Slow down' }, 'rate_limit_exceeded'],
    [{ error: { message: 'no', code: 400 } }, 'invalid_request'],
    [{ error: 'no' }, 'upstream_unavailable'],
  ]
  for (const [json, code] of errors) {
    it(`X11 throws an error with status 200: ${JSON.stringify(json)}`, async () => {
      const response = Response.json(json, { headers: HEADERS })
      await assert.rejects(readReply(response, plan(), createReadContext(), SIGNAL), {
        name: 'ApiError',
        code,
        opcRequestId: 'A/B',
      })
    })
  }
})

const VENDORS_OWN = JSON.stringify({ code: 'rate_limit', error: 'Slow down' })

type Inside = [name: string, json: unknown, code: ErrorCode, message: string]

const inside: Inside[] = [
  [
    'uses the code',
    { code: '429', message: 'Slow down' },
    'rate_limit_exceeded',
    'Rate limit exceeded: Slow down',
  ],
  [
    "goes by OCI's code, not by the vendor's within",
    { code: '429', message: VENDORS_OWN },
    'rate_limit_exceeded',
    'Rate limit exceeded: Slow down',
  ],
  [
    'uses a code that is a number',
    { error: { code: 503, message: 'Busy' } },
    'upstream_unavailable',
    'OCI answered with status 503: Busy',
  ],
  [
    'uses a status',
    { status: 400, error: 'prompt is too long' },
    'context_length_exceeded',
    "This model's maximum context length is exceeded. prompt is too long",
  ],
  [
    'treats an unknown code as a failure of OCI',
    { code: 'InternalServerError', message: 'Oh' },
    'upstream_unavailable',
    'OCI answered with status 502: Oh',
  ],
  ...[7, 399, 600].map((code): Inside => [
    `takes ${code}, which is no failure's status, for a failure of OCI`,
    { code, message: 'Oh' },
    'upstream_unavailable',
    'OCI answered with status 502: Oh',
  ]),
  [
    'accepts the status 599',
    { code: 599, message: 'Oh' },
    'upstream_unavailable',
    'OCI answered with status 599: Oh',
  ],
  [
    "takes OpenAI's word for a status",
    { error: { code: 'rate_limit_exceeded', message: 'Slow' } },
    'rate_limit_exceeded',
    'Rate limit exceeded: Slow',
  ],
  [
    'prefers a number to a word',
    { code: 403, error: { code: 'rate_limit_exceeded', message: 'No' } },
    'permission_denied',
    'Cannot use OCI Generative AI: not permitted: No',
  ],
  [
    'reads an error with a code and a message',
    { error: { code: 'server_error', message: 'Oh' } },
    'upstream_unavailable',
    'OCI answered with status 502: Oh',
  ],
  [
    'reads an error that is not an object',
    'Oh',
    'upstream_unavailable',
    'OCI answered with status 502: "Oh"',
  ],
]

describe('errorInside()', () => {
  for (const [name, json, code, message] of inside) {
    it(`X11 ${name}`, () => {
      const error = errorInside(json, plan(), new Response('', { headers: HEADERS }))
      const { opcRequestId } = error
      assert.deepEqual({ code: error.code, message: error.message, opcRequestId }, {
        code,
        message,
        opcRequestId: 'A/B',
      })
    })
  }
})

function answer(finishReason: string, choice: object = {}): Response {
  const message = { role: 'ASSISTANT', content: [{ type: 'TEXT', text: 'Hi' }] }
  return Response.json({
    chatResponse: { choices: [{ index: 0, message, finishReason, ...choice }] },
  })
}
