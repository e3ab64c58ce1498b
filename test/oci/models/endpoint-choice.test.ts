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

const UNSUPPORTED = rejection(400, 'Unsupported OpenAI operation')
const UNKNOWN = rejection(404, 'Authorization failed or requested resource not found.')
const MULTI_AGENT = rejection(400, 'Multi Agent requests are not allowed on chat completions')

describe('withReachableFormat()', () => {
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
    it(`selects ${signed} for ${model}, and ${bearer} with a bearer key`, () => {
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
    [
      'E11 switches from chat completions to Responses',
      MULTI_AGENT,
      ask('CHAT_COMPLETIONS'),
      'RESPONSES',
    ],
    ['E11 switches from an action to Responses', MULTI_AGENT, ask('GENERIC'), 'RESPONSES'],
    [
      "E11 recognizes OpenAI's own text with any status",
      rejection(404, 'This is not a chat model and thus not supported in the v1/chat/completions'),
      ask('CHAT_COMPLETIONS'),
      'RESPONSES',
    ],
    ...[
      'reasoning_effort with tools is not supported. Please use /v1/responses instead.',
      'Unsupported parameter: temperature. Use the Responses API.',
      'This model is only supported in v1/responses and not in v1/chat/completions.',
      'Tools are only available with the Responses API',
    ].map((message): Case => [
      `B4: switches to Responses: ${message}`,
      rejection(400, message),
      ask('GENERIC'),
      'RESPONSES',
    ]),
    [
      'B4: switches from Responses to chat completions',
      rejection(400, 'seed is not supported here. Please use /v1/chat/completions instead.'),
      ask('RESPONSES'),
      'CHAT_COMPLETIONS',
    ],
    ['does not switch to the same format', MULTI_AGENT, ask('RESPONSES'), undefined],
    [
      'does not switch to a format that was tried',
      MULTI_AGENT,
      { format: 'GENERIC', tried: ['RESPONSES'] },
      undefined,
    ],
    ['E10 switches from Responses to the actions', UNSUPPORTED, ask('RESPONSES'), 'GENERIC'],
    [
      'E10 switches from chat completions to the actions',
      UNKNOWN,
      ask('CHAT_COMPLETIONS'),
      'GENERIC',
    ],
    [
      "E10 switches to Cohere's format",
      UNSUPPORTED,
      { format: 'RESPONSES', vendor: 'cohere' },
      'COHERE',
    ],
    ['infers no endpoint from an unknown model of an action', UNKNOWN, ask('GENERIC'), undefined],
    ['switches to chat completions with a bearer key', UNSUPPORTED, {
      format: 'RESPONSES',
      scheme: 'bearer',
    }, 'CHAT_COMPLETIONS'],
    [
      'switches to Responses with a bearer key',
      UNKNOWN,
      { format: 'CHAT_COMPLETIONS', scheme: 'bearer' },
      'RESPONSES',
    ],
    [
      'switches once',
      UNKNOWN,
      { format: 'CHAT_COMPLETIONS', scheme: 'bearer', tried: ['RESPONSES'] },
      undefined,
    ],
    ['infers nothing from another rejection', rejection(400, 'No'), ask('RESPONSES'), undefined],
  ]
  for (const [name, body, { format, vendor = 'acme', tried = [], scheme }, next] of cases) {
    it(name, () => {
      const known = profile({ format, vendor })
      const quirk = inferEndpoint(body, known, new Set([format, ...tried]), scheme)
      assert.equal(quirk?.change(known).format, next)
      assert.equal(quirk?.name, next && `use format ${next}`)
    })
  }
})

describe('isUnavailable()', () => {
  const cases: [name: string, body: ErrorBody, expected: boolean][] = [
    ['an operation that is not supported', UNSUPPORTED, true],
    ['a model that does not exist', UNKNOWN, true],
    ['an unknown name', rejection(404, 'Entity with key x.y not found'), true],
    ['an unknown response', rejection(404, "Response with id 'resp_1' not found."), false],
    ['a prompt', rejection(404, "Prompt with id 'pmpt_1' not found."), false],
    ['a file', rejection(404, 'No such file: file-1'), false],
    ['an unknown item', rejection(404, "Item with id 'msg_1' not found."), false],
    ['a project', rejection(404, 'Project ocid1.x does not exist'), false],
    ['a model that only Responses serves', MULTI_AGENT, false],
    ['another rejection', rejection(400, 'No'), false],
    ['a failure', rejection(500, 'Unsupported OpenAI operation'), false],
  ]
  for (const [name, body, expected] of cases) {
    it(`returns ${expected} for ${name}`, () => assert.equal(isUnavailable(body), expected))
  }
})

describe('isForOpenAi()', () => {
  const message = 'Content blocks are expected to be either text or image_url type.'
  it('recognizes content that the actions reject', () => {
    assert.equal(isForOpenAi(decodeError(rejection(400, message), {})), true)
    assert.equal(isForOpenAi(decodeError(rejection(500, message), {})), false)
    assert.equal(isForOpenAi(decodeError(rejection(400, 'No'), {})), false)
    assert.equal(isForOpenAi(new Error(message)), false)
  })
})

describe('explainUnavailable()', () => {
  it("explains a model without a reachable endpoint, with OCI's text", () => {
    const error = decodeError(UNSUPPORTED, {}, { opcRequestId: 'A' })
    const explained = explainUnavailable(error, 'cohere.x', 'bearer')
    assert.ok(explained instanceof ApiError)
    assert.match(
      explained.message,
      /^"cohere\.x" is not available with a bearer key.*OpenAI operation$/,
    )
    assert.deepEqual([explained.code, explained.param, explained.opcRequestId], [
      'invalid_request',
      'model',
      'A',
    ])
    assert.equal(explainUnavailable(error, 'cohere.x', 'signature'), error)
  })

  it('keeps other errors', () => {
    for (const error of [decodeError(UNKNOWN, {}), new Error('x')]) {
      assert.equal(explainUnavailable(error, 'm', 'bearer'), error)
    }
  })
})

function ask(format: Format): { format: Format } {
  return { format }
}

function rejection(status: number, message: string): ErrorBody {
  return { status, code: String(status), message, param: undefined }
}
