import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ErrorBody, readErrorBody } from '../../../src/oci/http/error-body.ts'
import {
  applyToProfile,
  applyToRequest,
  inferQuirk,
} from '../../../src/oci/models/learned-quirks.ts'
import type {
  ModelProfile,
  ProfileOverride,
  RefusableParameter,
} from '../../../src/oci/models/profiles.ts'
import type { LearnedQuirk } from '../../../src/oci/models/quirk.ts'
import type { ChatRequest } from '../../../src/chat/model.ts'
import { request } from '../formats/generic/request.ts'
import { profile } from '../profile.ts'

type Case = [
  name: string,
  refusal: Partial<ErrorBody>,
  /** What is known of the model before. */
  known: Partial<ModelProfile>,
  quirk: string | undefined,
  /** What is changed by it. */
  change?: ProfileOverride,
]

const USE_COMPLETION = "Invalid 'maxTokens': Unsupported parameter: 'maxTokens' is not supported " +
  "with this model. Use 'maxCompletionTokens' instead."

const tokens: Case[] = [
  ['P17 learns the other field', { message: USE_COMPLETION }, {}, 'use maxCompletionTokens', {
    tokenField: 'maxCompletionTokens',
  }],
  [
    'P17 learns it from the parameter at fault',
    {
      code: 'unsupported_parameter',
      param: 'max_tokens',
    },
    {},
    'use maxCompletionTokens',
    { tokenField: 'maxCompletionTokens' },
  ],
  [
    'learns it the other way',
    {
      message: "Unsupported parameter: 'max_completion_tokens'",
    },
    { tokenField: 'maxCompletionTokens' },
    'use maxTokens',
    { tokenField: 'maxTokens' },
  ],
  [
    'P18 learns nothing from a refusal of the field that was not sent',
    { message: USE_COMPLETION },
    { tokenField: 'maxCompletionTokens' },
    undefined,
  ],
  [
    'learns no field from a number that is too large',
    {
      message: 'max_tokens is not allowed to exceed 4000',
      param: 'max_tokens',
    },
    {},
    undefined,
  ],
  [
    'learns no field from a number that is odd',
    {
      code: 'invalid_value',
      message: 'max_tokens must be positive',
      param: 'max_tokens',
    },
    {},
    undefined,
  ],
  [
    'learns no field where another parameter is at fault',
    {
      message: "Unsupported parameter: 'seed' (beside max_tokens)",
      param: 'seed',
    },
    {},
    'without seed',
    { unsupportedParameters: ['seed'] },
  ],
]

const wordings: Case[] = [
  [
    'learns a parameter by its name in Responses',
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
    'T31 learns to tell one call a turn',
    {
      message: 'Parallel tool call is not supported yet.',
    },
    {},
    'one call a turn',
    { parallelToolCalls: 'sequential' },
  ],
  [
    'T31 learns nothing where that is done already',
    {
      message: 'Parallel tool call is not supported yet.',
    },
    { parallelToolCalls: 'sequential' },
    undefined,
  ],
  [
    'learns that a model does not stream',
    {
      message: 'Streaming is not supported for this model',
    },
    {},
    'no streaming',
    { streams: false },
  ],
  [
    'M23 learns to tell system text as user text',
    {
      message: 'System messages and tools cannot be used together',
    },
    {},
    'system text as user text',
    { systemRole: 'user' },
  ],
  [
    'J07 learns that tools and a format do not go together',
    {
      message: 'Function calling with a response mime type application/json is unsupported',
    },
    {},
    'tools without a response format',
    { toolsWithFormat: false },
  ],
  [
    'J05 learns to tell the schema',
    {
      message: "response_format 'json_schema' is not supported by this model",
    },
    {},
    'schema told in the system text',
    { jsonSchema: 'prompt' },
  ],
]

const parameters: [refused: RefusableParameter, refusal: Partial<ErrorBody>][] = [
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

const nothing: [name: string, refusal: Partial<ErrorBody>, known?: Partial<ModelProfile>][] = [
  ['what is no 400', { status: 422, message: 'Unsupported parameter: seed' }],
  ['a refusal that names nothing', { message: 'Please pass in correct format of request.' }],
  ['a refusal of what is unknown', { message: "Unsupported parameter: 'store'" }],
  ['a value out of range', { message: 'temperature must be at most 2', param: 'temperature' }],
  ['what is left out already', { message: 'unsupported: seed' }, {
    unsupportedParameters: ['seed'],
  }],
  ['a name inside a tool', { message: 'tools[0].function.temperature is not supported' }],
  ['a name that belongs to another one', { message: 'acme.seed is not supported' }],
  ['a field that is no parameter', {
    message: "'temperature' is not supported here",
    param: 'tools[0].function.parameters',
  }],
  ['an error that names the other endpoint', {
    message: 'temperature is not supported. Please use /v1/responses instead.',
  }],
  ['a word that every object knows', { message: 'unsupported: constructor, toString' }],
]

type Format = ModelProfile['format']

const formats: [
  name: string,
  known: Partial<ModelProfile>,
  tried: Format[],
  next: Format | undefined,
][] = [
  ['asks in the first of Cohere', { format: 'GENERIC' }, ['GENERIC'], 'COHERE'],
  ['asks in the second of Cohere', { format: 'COHERE' }, ['GENERIC', 'COHERE'], 'COHEREV2'],
  ['asks no more', { format: 'COHEREV2' }, ['GENERIC', 'COHERE', 'COHEREV2'], undefined],
  ['asks Cohere in its other one', { vendor: 'cohere', format: 'COHERE' }, ['COHERE'], 'COHEREV2'],
  ['asks Cohere in its first', { vendor: 'cohere', format: 'COHEREV2' }, ['COHEREV2'], 'COHERE'],
  [
    'never asks Cohere as others',
    { vendor: 'cohere', format: 'COHERE' },
    ['COHERE', 'COHEREV2'],
    undefined,
  ],
  [
    'asks as others what was thought to be of Cohere',
    { vendor: '', format: 'COHERE' },
    ['COHERE'],
    'GENERIC',
  ],
]

describe('inferQuirk()', () => {
  for (const [name, refusal, known, quirk, change] of [...tokens, ...wordings]) {
    it(name, () => {
      const before = profile(known)
      const learnt = inferQuirk(body(refusal), before)
      assert.equal(learnt?.name, quirk)
      assert.deepEqual(changeOf(learnt, before), change)
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

  for (const [refused, refusal] of parameters) {
    it(`P16 learns to leave out ${refused}: ${JSON.stringify(refusal)}`, () => {
      const before = profile({ unsupportedParameters: ['metadata'] })
      const learnt = inferQuirk(body(refusal), before)
      assert.equal(learnt?.name, `without ${refused}`)
      assert.deepEqual(changeOf(learnt, before), { unsupportedParameters: ['metadata', refused] })
    })
  }

  for (const [name, refusal, known] of nothing) {
    it(`learns nothing from ${name}`, () => {
      assert.equal(inferQuirk(body(refusal), profile(known)), undefined)
    })
  }

  it('P18 learns nothing from the same refusal again', () => {
    for (const [, refusal, known, quirk] of [...tokens, ...wordings]) {
      const learnt = inferQuirk(body(refusal), profile(known))
      assert.equal(learnt?.name, quirk)
      const after = applyToProfile(profile(known), learnt ? [learnt] : [])
      assert.equal(inferQuirk(body(refusal), after), undefined)
    }
  })

  it("P16 P17 reads the words of OCI's own answers", () => {
    const texts = [
      '{"code":"400","message":"{\\"code\\":\\"invalid-argument\\",\\"error\\":\\"Model ' +
      'grok-code-fast-1 does not support parameter reasoningEffort.\\"}"}',
      '{"error":{"param":"max_tokens","code":"unsupported_parameter"}}',
    ]
    const names = texts.map((text) => inferQuirk(readErrorBody(400, text), profile())?.name)
    assert.deepEqual(names, ['without reasoningEffort', 'use maxCompletionTokens'])
  })
})

/** What is refused, what was asked for, and what the quirk is called. */
const values: [
  refusal: Partial<ErrorBody>,
  asked: Partial<ChatRequest>,
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
  for (const [refusal, asked, name, changed] of values) {
    it(`B3: learns "${name}", and leaves other values alone`, () => {
      const asks = request(asked)
      const quirk = inferQuirk(body(refusal), profile(), { request: asks })
      assert.equal(quirk?.name, name)
      const quirks = quirk ? [quirk] : []
      const { request: sent, warnings } = applyToRequest(asks, quirks)
      assert.deepEqual(sent, { ...asks, ...changed })
      assert.equal(warnings.length, 1)
      const other = request({ reasoningEffort: 'high', verbosity: 'high', topP: 0.9 })
      assert.deepEqual(applyToRequest(other, quirks), { request: other, warnings: [] })
      assert.deepEqual(applyToProfile(profile(), quirks), profile())
    })
  }

  it('B3: learns the parameter where it is refused whatever its value', () => {
    const message = "Unsupported parameter: 'reasoning_effort' is not supported with this model."
    const asked = request({ reasoningEffort: 'high' })
    const quirk = inferQuirk(body({ message }), profile(), { request: asked })
    assert.equal(quirk?.name, 'without reasoningEffort')
  })

  it('B3: learns nothing of a parameter that was not sent', () => {
    const refused = body({ message: 'temperature is not supported' })
    assert.equal(inferQuirk(refused, profile(), { request: request() }), undefined)
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

  it('leaves a profile without quirks as it is', () => {
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
