import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ErrorBody, readErrorBody } from '../../../src/oci/http/error-body.ts'
import {
  applyToProfile,
  applyToRequest,
  inferQuirk,
} from '../../../src/oci/models/learned-quirks.ts'
import type { RefusableParameter } from '../../../src/oci/models/parameter-names.ts'
import type { ModelProfile, ProfileOverride } from '../../../src/oci/models/profiles.ts'
import type { LearnedQuirk } from '../../../src/oci/models/quirk.ts'
import type { ChatRequest } from '../../../src/chat/model.ts'
import { request } from '../formats/generic/request.ts'
import { profile } from '../profile.ts'

type Case = [
  name: string,
  rejection: Partial<ErrorBody>,
  /** The model's profile before. */
  known: Partial<ModelProfile>,
  quirk: string | undefined,
  /** The change of the profile. */
  change?: ProfileOverride,
]

const USE_COMPLETION = "Invalid 'maxTokens': Unsupported parameter: 'maxTokens' is not supported " +
  "with this model. Use 'maxCompletionTokens' instead."

const tokens: Case[] = [
  ['P17 infers the other token field', { message: USE_COMPLETION }, {}, 'use maxCompletionTokens', {
    tokenField: 'maxCompletionTokens',
  }],
  [
    "P17 infers it from the error's parameter",
    {
      code: 'unsupported_parameter',
      param: 'max_tokens',
    },
    {},
    'use maxCompletionTokens',
    { tokenField: 'maxCompletionTokens' },
  ],
  [
    'infers the token field in the other direction',
    {
      message: "Unsupported parameter: 'max_completion_tokens'",
    },
    { tokenField: 'maxCompletionTokens' },
    'use maxTokens',
    { tokenField: 'maxTokens' },
  ],
  [
    'P18 infers nothing from a rejection of the field that was not sent',
    { message: USE_COMPLETION },
    { tokenField: 'maxCompletionTokens' },
    undefined,
  ],
  [
    'infers no token field from a number that is too large',
    {
      message: 'max_tokens is not allowed to exceed 4000',
      param: 'max_tokens',
    },
    {},
    undefined,
  ],
  [
    'infers no token field from an invalid number',
    {
      code: 'invalid_value',
      message: 'max_tokens must be positive',
      param: 'max_tokens',
    },
    {},
    undefined,
  ],
  [
    'infers no token field from an error about another parameter',
    {
      message: "Unsupported parameter: 'seed' (beside max_tokens)",
      param: 'seed',
    },
    {},
    'without seed',
    { unsupportedParameters: ['seed'] },
  ],
]

const texts: Case[] = [
  [
    'infers a parameter from its name in Responses',
    {
      code: 'unsupported_parameter',
      param: 'reasoning.effort',
      message: "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
    },
    { format: 'RESPONSES' },
    'without reasoningEffort',
    { unsupportedParameters: ['reasoningEffort'] },
  ],
  [
    'T31 infers one tool call per turn',
    {
      message: 'Parallel tool call is not supported yet.',
    },
    {},
    'one tool call per turn',
    { parallelToolCalls: 'sequential' },
  ],
  [
    'T31 infers nothing if that is already applied',
    {
      message: 'Parallel tool call is not supported yet.',
    },
    { parallelToolCalls: 'sequential' },
    undefined,
  ],
  [
    'infers that a model does not stream',
    {
      message: 'Streaming is not supported for this model',
    },
    {},
    'no streaming',
    { streams: false },
  ],
  [
    'M23 infers system text as user text',
    {
      message: 'System messages and tools cannot be used together',
    },
    {},
    'system text as user text',
    { systemRole: 'user' },
  ],
  [
    'J07 infers that tools and a response format do not work together',
    {
      message: 'Function calling with a response mime type application/json is unsupported',
    },
    {},
    'tools without a response format',
    { toolsWithFormat: false },
  ],
  [
    'J05 infers the schema in the system text',
    {
      message: "response_format 'json_schema' is not supported by this model",
    },
    {},
    'schema in the system text',
    { jsonSchema: 'prompt' },
  ],
]

const parameters: [rejected: RefusableParameter, rejection: Partial<ErrorBody>][] = [
  ['reasoningEffort', {
    message: 'Model grok-code-fast-1 does not support parameter reasoningEffort.',
  }],
  ['presencePenalty', {
    message: 'Model grok-4-fast-reasoning does not support parameter presencePenalty.',
  }],
  ['stop', { message: 'Model xai.grok-4.20-reasoning does not support parameter stop.' }],
  ['temperature', {
    code: 'unsupported_value',
    message: "Unsupported value: 'temperature' does not support 0.7 with this model. Only the " +
      'default (1) value is supported.',
    param: 'temperature',
  }],
  ['verbosity', { message: "Unsupported parameter: 'text.verbosity' is not supported." }],
  ['verbosity', { code: 'unsupported_parameter', param: 'text.verbosity' }],
  ['temperature', { message: 'generation_config.temperature is not supported.' }],
  ['responseFormat', { code: 'unsupported_parameter', param: 'text.format' }],
  ['reasoningEffort', { message: "Unsupported parameter: 'reasoning.effort'" }],
  ['topP', { message: 'unknown parameter: top_p' }],
  ['topK', { code: 'unknown_parameter', message: 'top_k?' }],
  ['frequencyPenalty', { message: 'frequency_penalty is not supported' }],
  ['parallelToolCalls', { message: 'isParallelToolCalls not allowed' }],
  ['logprobs', { message: 'This model does not support logprobs' }],
  ['choices', { code: 'unsupported_value', param: 'n' }],
  ['choices', { message: 'numGenerations: unrecognized' }],
  ['toolChoice', { message: "'tool_choice' is not supported" }],
  ['webSearch', { message: 'webSearchOptions is unsupported' }],
]

const nothing: [name: string, rejection: Partial<ErrorBody>, known?: Partial<ModelProfile>][] = [
  ['a status other than 400', { status: 422, message: 'Unsupported parameter: seed' }],
  ['a rejection without a parameter', { message: 'Please pass in correct format of request.' }],
  ['a rejection of an unknown parameter', { message: "Unsupported parameter: 'store'" }],
  ['a value out of range', { message: 'temperature must be at most 2', param: 'temperature' }],
  ['a parameter that is already omitted', { message: 'unsupported: seed' }, {
    unsupportedParameters: ['seed'],
  }],
  ['a name inside a tool', { message: 'tools[0].function.temperature is not supported' }],
  ['a name that is part of another name', { message: 'acme.seed is not supported' }],
  ['a field that is not a parameter', {
    message: "'temperature' is not supported here",
    param: 'tools[0].function.parameters',
  }],
  ['an error that names the other endpoint', {
    message: 'temperature is not supported. Please use /v1/responses instead.',
  }],
  ['names of Object.prototype', { message: 'unsupported: constructor, toString' }],
]

type Format = ModelProfile['format']

const formats: [
  name: string,
  known: Partial<ModelProfile>,
  tried: Format[],
  next: Format | undefined,
][] = [
  ['tries the first Cohere format', { format: 'GENERIC' }, ['GENERIC'], 'COHERE'],
  ['tries the second Cohere format', { format: 'COHERE' }, ['GENERIC', 'COHERE'], 'COHEREV2'],
  ['tries no further format', { format: 'COHEREV2' }, ['GENERIC', 'COHERE', 'COHEREV2'], undefined],
  [
    'tries the other format of a Cohere model',
    { vendor: 'cohere', format: 'COHERE' },
    ['COHERE'],
    'COHEREV2',
  ],
  ['tries the first format of a Cohere model', { vendor: 'cohere', format: 'COHEREV2' }, [
    'COHEREV2',
  ], 'COHERE'],
  [
    'never tries the generic format of a Cohere model',
    { vendor: 'cohere', format: 'COHERE' },
    ['COHERE', 'COHEREV2'],
    undefined,
  ],
  [
    'tries the generic format of a model without a vendor',
    { vendor: '', format: 'COHERE' },
    ['COHERE'],
    'GENERIC',
  ],
]

describe('inferQuirk()', () => {
  for (const [name, rejection, known, quirk, change] of [...tokens, ...texts]) {
    it(name, () => {
      const before = profile(known)
      const inferred = inferQuirk(body(rejection), before)
      assert.equal(inferred?.name, quirk)
      assert.deepEqual(changeOf(inferred, before), change)
    })
  }

  for (const [name, known, tried, format] of formats) {
    it(`K15 ${name}`, () => {
      const message = 'Chat request type does not match serving model.'
      const quirk = inferQuirk(body({ message }), profile(known), { tried: new Set(tried) })
      const multipleChoices = format === 'GENERIC'
      assert.deepEqual(changeOf(quirk, profile()), format && { format, multipleChoices })
    })
  }

  for (const [rejected, rejection] of parameters) {
    it(`P16 infers to omit ${rejected}: ${JSON.stringify(rejection)}`, () => {
      const before = profile({ unsupportedParameters: ['metadata'] })
      const inferred = inferQuirk(body(rejection), before)
      assert.equal(inferred?.name, `without ${rejected}`)
      assert.deepEqual(changeOf(inferred, before), {
        unsupportedParameters: ['metadata', rejected],
      })
    })
  }

  for (const [name, rejection, known] of nothing) {
    it(`infers nothing from ${name}`, () => {
      assert.equal(inferQuirk(body(rejection), profile(known)), undefined)
    })
  }

  it('P18 infers nothing from the same rejection again', () => {
    for (const [, rejection, known, quirk] of [...tokens, ...texts]) {
      const inferred = inferQuirk(body(rejection), profile(known))
      assert.equal(inferred?.name, quirk)
      const after = applyToProfile(profile(known), inferred ? [inferred] : [])
      assert.equal(inferQuirk(body(rejection), after), undefined)
    }
  })

  it("P16 P17 reads OCI's recorded answers", () => {
    const answers = [
      '{"code":"400","message":"{\\"code\\":\\"invalid-argument\\",\\"error\\":\\"Model ' +
      'grok-code-fast-1 does not support parameter reasoningEffort.\\"}"}',
      '{"error":{"param":"max_tokens","code":"unsupported_parameter"}}',
    ]
    const names = answers.map((text) => inferQuirk(readErrorBody(400, text), profile())?.name)
    assert.deepEqual(names, ['without reasoningEffort', 'use maxCompletionTokens'])
  })
})

/** Rejections of a value, with the name of the quirk and the change of the request. */
const values: [
  rejection: Partial<ErrorBody>,
  sent: Partial<ChatRequest>,
  quirk: string,
  changed: Partial<ChatRequest>,
][] = [
  [
    { message: 'Model openai.o3 does not support reasoning_effort value none.' },
    { reasoningEffort: 'none' },
    'without reasoningEffort none',
    { reasoningEffort: undefined },
  ],
  [
    {
      code: 'unsupported_value',
      param: 'reasoning_effort',
      message: "Unsupported value: 'reasoning_effort' does not support 'none' with this model. " +
        "Supported values are: 'low', 'medium', and 'high'.",
    },
    { reasoningEffort: 'none' },
    'reasoningEffort low for none',
    { reasoningEffort: 'low' },
  ],
  [
    {
      code: 'invalid_value',
      param: 'reasoning.effort',
      message: "Invalid value: 'minimal'. Supported values are: 'low', 'medium', and 'high'.",
    },
    { reasoningEffort: 'minimal' },
    'reasoningEffort low for minimal',
    { reasoningEffort: 'low' },
  ],
  [
    {
      code: 'unsupported_value',
      param: 'text.verbosity',
      message: "Unsupported value: 'low' is not supported. Supported values are: 'medium'.",
    },
    { verbosity: 'low' },
    'verbosity medium for low',
    { verbosity: 'medium' },
  ],
  [
    { message: 'service_tier priority is not supported' },
    { serviceTier: 'priority' },
    'without serviceTier priority',
    { serviceTier: undefined },
  ],
  [
    { message: "tool_choice 'required' is not supported by this model" },
    { toolChoice: { type: 'required' } },
    'without toolChoice required',
    { toolChoice: undefined },
  ],
  [
    { message: 'Unsupported value: response_format json_object' },
    { responseFormat: { type: 'json-object' } },
    'without responseFormat json_object',
    { responseFormat: undefined },
  ],
  [
    { code: 'unsupported_value', param: 'top_p', message: "'top_p' does not support 0.5" },
    { topP: 0.5 },
    'without topP 0.5',
    { topP: undefined },
  ],
]

describe('inferQuirk() of a value', () => {
  for (const [rejection, sentPart, name, changed] of values) {
    it(`B3: infers "${name}", and keeps other values`, () => {
      const original = request(sentPart)
      const quirk = inferQuirk(body(rejection), profile(), { request: original })
      assert.equal(quirk?.name, name)
      const quirks = quirk ? [quirk] : []
      const { request: sent, warnings } = applyToRequest(original, quirks)
      assert.deepEqual(sent, { ...original, ...changed })
      assert.equal(warnings.length, 1)
      const other = request({ reasoningEffort: 'high', verbosity: 'high', topP: 0.9 })
      assert.deepEqual(applyToRequest(other, quirks), { request: other, warnings: [] })
      assert.deepEqual(applyToProfile(profile(), quirks), profile())
    })
  }

  it('B3: infers the parameter if it is rejected for any value', () => {
    const message = "Unsupported parameter: 'reasoning_effort' is not supported with this model."
    const sent = request({ reasoningEffort: 'high' })
    const quirk = inferQuirk(body({ message }), profile(), { request: sent })
    assert.equal(quirk?.name, 'without reasoningEffort')
  })

  it('B3: infers nothing about a parameter that was not sent', () => {
    const rejection = body({ message: 'temperature is not supported' })
    assert.equal(inferQuirk(rejection, profile(), { request: request() }), undefined)
  })
})

describe('applyToProfile()', () => {
  it('applies quirks in the order they were learned', () => {
    const quirks: LearnedQuirk[] = [
      { type: 'profile', name: 'a', change: () => ({ streams: false, tools: false }) },
      { type: 'profile', name: 'b', change: ({ streams }) => ({ streams: !streams }) },
    ]
    assert.deepEqual(applyToProfile(profile(), quirks), profile({ streams: true, tools: false }))
  })

  it('keeps a profile without quirks', () => {
    assert.deepEqual(applyToProfile(profile(), []), profile())
  })
})

function changeOf(
  quirk: LearnedQuirk | undefined,
  before: ModelProfile,
): ProfileOverride | undefined {
  return quirk?.type === 'profile' ? quirk.change(before) : undefined
}

function body(part: Partial<ErrorBody>): ErrorBody {
  return { status: 400, code: undefined, message: '', param: undefined, ...part }
}
