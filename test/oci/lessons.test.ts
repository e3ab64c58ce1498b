import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ErrorBody, readErrorBody } from '../../src/oci/error-body.ts'
import { applyLessons, createLessonBook, learnFrom } from '../../src/oci/lessons.ts'
import type { ModelProfile, ProfileOverride, RefusableParameter } from '../../src/oci/models.ts'
import { profile } from './profile.ts'

type Case = [
  name: string,
  refusal: Partial<ErrorBody>,
  /** What is known of the model before. */
  known: Partial<ModelProfile>,
  lesson: string | undefined,
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
    { refuses: ['seed'] },
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
    { refuses: ['reasoningEffort'] },
  ],
  [
    'T31 learns to tell one call a turn',
    {
      message: 'Parallel tool call is not supported yet.',
    },
    {},
    'one call a turn',
    { pairing: 'one-to-one' },
  ],
  [
    'T31 learns nothing where that is done already',
    {
      message: 'Parallel tool call is not supported yet.',
    },
    { pairing: 'one-to-one' },
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
    { jsonSchema: 'told' },
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
    message: "Unsupported value: 'temperature' does not support 0.7 with this model.",
    param: 'temperature',
  }],
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
  ['what is left out already', { message: 'unsupported: seed' }, { refuses: ['seed'] }],
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

describe('learnFrom()', () => {
  for (const [name, refusal, known, lesson, change] of [...tokens, ...wordings]) {
    it(name, () => {
      const before = profile(known)
      const learnt = learnFrom(body(refusal), before)
      assert.equal(learnt?.name, lesson)
      assert.deepEqual(learnt?.change(before), change)
    })
  }

  for (const [name, known, tried, format] of formats) {
    it(`K15 ${name}`, () => {
      const message = 'Chat request type does not match serving model.'
      const lesson = learnFrom(body({ message }), profile(known), new Set(tried))
      const severalChoices = format === 'GENERIC'
      assert.deepEqual(lesson?.change(profile()), format && { format, severalChoices })
    })
  }

  for (const [refused, refusal] of parameters) {
    it(`P16 learns to leave out ${refused}: ${JSON.stringify(refusal)}`, () => {
      const before = profile({ refuses: ['metadata'] })
      const learnt = learnFrom(body(refusal), before)
      assert.equal(learnt?.name, `without ${refused}`)
      assert.deepEqual(learnt?.change(before), { refuses: ['metadata', refused] })
    })
  }

  for (const [name, refusal, known] of nothing) {
    it(`learns nothing from ${name}`, () => {
      assert.equal(learnFrom(body(refusal), profile(known)), undefined)
    })
  }

  it('P18 learns nothing from the same refusal again', () => {
    for (const [, refusal, known, lesson] of [...tokens, ...wordings]) {
      const learnt = learnFrom(body(refusal), profile(known))
      assert.equal(learnt?.name, lesson)
      const after = applyLessons(profile(known), learnt ? [learnt] : [])
      assert.equal(learnFrom(body(refusal), after), undefined)
    }
  })

  it("P16 P17 reads the words of OCI's own answers", () => {
    const texts = [
      '{"code":"400","message":"{\\"code\\":\\"invalid-argument\\",\\"error\\":\\"Model ' +
      'grok-code-fast-1 does not support parameter reasoningEffort.\\"}"}',
      '{"error":{"param":"max_tokens","code":"unsupported_parameter"}}',
    ]
    const names = texts.map((text) => learnFrom(readErrorBody(400, text), profile())?.name)
    assert.deepEqual(names, ['without reasoningEffort', 'use maxCompletionTokens'])
  })
})

describe('applyLessons()', () => {
  it('heeds lessons in the order they were learnt', () => {
    const lessons = [
      { name: 'a', change: () => ({ streams: false, tools: false }) },
      { name: 'b', change: ({ streams }: ModelProfile) => ({ streams: !streams }) },
    ]
    assert.deepEqual(applyLessons(profile(), lessons), profile({ streams: true, tools: false }))
  })

  it('leaves a profile without lessons as it is', () => {
    assert.deepEqual(applyLessons(profile(), []), profile())
  })
})

describe('createLessonBook()', () => {
  const without = (parameter: RefusableParameter) => ({
    name: `without ${parameter}`,
    change: ({ refuses }: ModelProfile) => ({ refuses: [...refuses, parameter] }),
  })

  it('P16 heeds at once what was learnt of a model, and of that model only', () => {
    const book = createLessonBook()
    book.remember('one', [without('seed')])
    book.remember('one', [without('stop')])
    assert.deepEqual(book.apply('one', profile()), profile({ refuses: ['seed', 'stop'] }))
    assert.deepEqual(book.apply('other', profile()), profile())
    assert.deepEqual(book.entries(), [['one', ['without seed', 'without stop']]])
  })

  it('remembers once what several requests learnt together', () => {
    const book = createLessonBook()
    book.remember('one', [without('seed'), without('stop')])
    book.remember('one', [without('seed')])
    assert.deepEqual(book.entries(), [['one', ['without stop', 'without seed']]])
  })

  it('forgets the model of which nothing was learnt for longest', () => {
    const book = createLessonBook()
    const models = Array.from({ length: 1_000 }, (_, index) => `model ${index}`)
    models.forEach((model) => book.remember(model, [without('seed')]))
    book.remember('model 0', [without('stop')])
    book.remember('one more', [without('seed')])
    const kept = book.entries().map(([model]) => model)
    assert.deepEqual(kept, [...models.slice(2), 'model 0', 'one more'])
  })
})

function body(part: Partial<ErrorBody>): ErrorBody {
  return { status: 400, code: undefined, message: '', param: undefined, ...part }
}
