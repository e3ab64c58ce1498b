import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { decodeError } from '../../../src/oci/http/error.ts'
import type { ErrorBody } from '../../../src/oci/http/error-body.ts'
import { modelProfile } from '../../../src/oci/models/profiles.ts'
import {
  explainUnavailable,
  inferEndpoint,
  isForOpenAi,
  isUnavailable,
  type Scheme,
  withReachableFormat,
} from '../../../src/oci/models/endpoint-choice.ts'
import { profile } from '../profile.ts'

type Format = ReturnType<typeof modelProfile>['format']

const UNSUPPORTED = refusal(400, 'Unsupported OpenAI operation')
const UNKNOWN = refusal(404, 'Authorization failed or requested resource not found.')
const SEVERAL_AGENTS = refusal(400, 'Multi Agent requests are not allowed on chat completions')

describe('withinReach()', () => {
  const models: [model: string, signed: Format, bearer: Format][] = [
    ['xai.grok-4', 'GENERIC', 'RESPONSES'],
    ['google.gemini-2.5-pro', 'GENERIC', 'RESPONSES'],
    ['meta.llama-3.3-70b-instruct', 'GENERIC', 'CHAT_COMPLETIONS'],
    ['cohere.command-a-03-2025', 'COHERE', 'RESPONSES'],
    ['openai.gpt-audio', 'CHAT_COMPLETIONS', 'CHAT_COMPLETIONS'],
    ['openai.gpt-5.5-pro', 'RESPONSES', 'RESPONSES'],
    ['openai.gpt-5.5', 'GENERIC', 'RESPONSES'],
    ['xai.grok-4.20-multi-agent-0309', 'RESPONSES', 'RESPONSES'],
  ]
  for (const [model, signed, bearer] of models) {
    it(`asks ${model} as ${signed}, with a bearer key as ${bearer}`, () => {
      const known = modelProfile(model)
      const formats = ([undefined, 'signature', 'bearer'] as const)
        .map((scheme) => withReachableFormat(known, scheme).format)
      assert.deepEqual(formats, [signed, signed, bearer])
    })
  }
})

describe('inferEndpoint()', () => {
  type Case = [
    name: string,
    body: ErrorBody,
    asked: { format: Format; vendor?: string; tried?: Format[]; scheme?: Scheme },
    next: Format | undefined,
  ]
  const cases: Case[] = [
    ['E11 turns to Responses from chat', SEVERAL_AGENTS, ask('CHAT_COMPLETIONS'), 'RESPONSES'],
    ['E11 turns to Responses from an action', SEVERAL_AGENTS, ask('GENERIC'), 'RESPONSES'],
    [
      "E11 does so at OpenAI's own words, whatever their status",
      refusal(404, 'This is not a chat model and thus not supported in the v1/chat/completions'),
      ask('CHAT_COMPLETIONS'),
      'RESPONSES',
    ],
    ...[
      'reasoning_effort with tools is not supported. Please use /v1/responses instead.',
      'Unsupported parameter: temperature. Use the Responses API.',
      'This model is only supported in v1/responses and not in v1/chat/completions.',
      'Tools are only available with the Responses API',
    ].map((message): Case => [
      `B4: turns to Responses: ${message}`,
      refusal(400, message),
      ask('GENERIC'),
      'RESPONSES',
    ]),
    [
      'B4: turns to chat completions from Responses',
      refusal(400, 'seed is not supported here. Please use /v1/chat/completions instead.'),
      ask('RESPONSES'),
      'CHAT_COMPLETIONS',
    ],
    ['does not turn where it is', SEVERAL_AGENTS, ask('RESPONSES'), undefined],
    [
      'does not turn to what was tried',
      SEVERAL_AGENTS,
      { format: 'GENERIC', tried: ['RESPONSES'] },
      undefined,
    ],
    ['E10 turns to the actions', UNSUPPORTED, ask('RESPONSES'), 'GENERIC'],
    ['E10 turns to them from chat', UNKNOWN, ask('CHAT_COMPLETIONS'), 'GENERIC'],
    ["E10 turns to Cohere's own", UNSUPPORTED, { format: 'RESPONSES', vendor: 'cohere' }, 'COHERE'],
    ['learns nothing of a way from an action', UNKNOWN, ask('GENERIC'), undefined],
    ['turns to chat with a bearer key', UNSUPPORTED, {
      format: 'RESPONSES',
      scheme: 'bearer',
    }, 'CHAT_COMPLETIONS'],
    [
      'turns to Responses with a bearer key',
      UNKNOWN,
      { format: 'CHAT_COMPLETIONS', scheme: 'bearer' },
      'RESPONSES',
    ],
    [
      'turns once',
      UNKNOWN,
      { format: 'CHAT_COMPLETIONS', scheme: 'bearer', tried: ['RESPONSES'] },
      undefined,
    ],
    ['learns nothing of another refusal', refusal(400, 'No'), ask('RESPONSES'), undefined],
  ]
  for (const [name, body, { format, vendor = 'acme', tried = [], scheme }, next] of cases) {
    it(name, () => {
      const known = profile({ format, vendor })
      const quirk = inferEndpoint(body, known, new Set([format, ...tried]), scheme)
      assert.equal(quirk?.change(known).format, next)
      assert.equal(quirk?.name, next && `ask as ${next}`)
    })
  }
})

describe('isUnserved()', () => {
  const cases: [name: string, body: ErrorBody, expected: boolean][] = [
    ['a vendor that is left out', UNSUPPORTED, true],
    ['a model that is not there', UNKNOWN, true],
    ['an unknown name', refusal(404, 'Entity with key x.y not found'), true],
    ['a lost response', refusal(404, "Response with id 'resp_1' not found."), false],
    ['a prompt', refusal(404, "Prompt with id 'pmpt_1' not found."), false],
    ['a file', refusal(404, 'No such file: file-1'), false],
    ['a lost item', refusal(404, "Item with id 'msg_1' not found."), false],
    ['a project', refusal(404, 'Project ocid1.x does not exist'), false],
    ['what only Responses have', SEVERAL_AGENTS, false],
    ['another refusal', refusal(400, 'No'), false],
    ['a failure', refusal(500, 'Unsupported OpenAI operation'), false],
  ]
  for (const [name, body, expected] of cases) {
    it(`says ${expected} of ${name}`, () => assert.equal(isUnavailable(body), expected))
  }
})

describe('isForOpenAi()', () => {
  const message = 'Content blocks are expected to be either text or image_url type.'
  it('knows what the actions do not take', () => {
    assert.equal(isForOpenAi(decodeError(refusal(400, message), {})), true)
    assert.equal(isForOpenAi(decodeError(refusal(500, message), {})), false)
    assert.equal(isForOpenAi(decodeError(refusal(400, 'No'), {})), false)
    assert.equal(isForOpenAi(new Error(message)), false)
  })
})

describe('explainUnserved()', () => {
  it("says in OCI's words what a bearer key does not lead to", () => {
    const error = decodeError(UNSUPPORTED, {}, { opcRequestId: 'A' })
    const explained = explainUnavailable(error, 'cohere.x', 'bearer')
    assert.ok(explained instanceof ApiError)
    assert.match(explained.message, /^Cannot ask "cohere\.x" with a bearer key.*OpenAI operation$/)
    assert.deepEqual([explained.code, explained.param, explained.opcRequestId], [
      'invalid_request',
      'model',
      'A',
    ])
    assert.equal(explainUnavailable(error, 'cohere.x', 'signature'), error)
  })

  it('leaves other errors alone', () => {
    for (const error of [decodeError(UNKNOWN, {}), new Error('x')]) {
      assert.equal(explainUnavailable(error, 'm', 'bearer'), error)
    }
  })
})

function ask(format: Format): { format: Format } {
  return { format }
}

function refusal(status: number, message: string): ErrorBody {
  return { status, code: String(status), message, param: undefined }
}
