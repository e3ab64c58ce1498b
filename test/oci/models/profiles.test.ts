import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  longestMatch,
  type ModelProfile,
  modelProfile,
  type ProfileOverride,
} from '../../../src/oci/models/profiles.ts'

type Case = [model: string, known: Partial<ModelProfile>]

const cases: Case[] = [
  ['meta.llama-3.3-70b-instruct', {
    vendor: 'meta',
    format: 'GENERIC',
    tokenField: 'maxTokens',
    maxOutputTokens: 4_000,
    defaultOutputTokens: 4_000,
    inputs: ['text'],
    developerRole: false,
    reasoning: false,
    schema: 'portable',
    parallelToolCalls: 'grouped',
    emptyToolCallText: undefined,
  }],
  ['meta.llama-3.2-90b-vision-instruct', { inputs: ['text', 'image'] }],
  ['meta.llama-4-scout-17b-16e-instruct', { contextWindow: 192_000, inputs: ['text', 'image'] }],
  ['xai.grok-4', {
    vendor: 'xai',
    contextWindow: 128_000,
    maxOutputTokens: undefined,
    unsupportedParameters: ['verbosity', 'prediction', 'reasoningEffort'],
    schema: 'inlined',
  }],
  ['xai.grok-4.7', {
    format: 'GENERIC',
    contextWindow: 500_000,
    reasoning: true,
    reasoningEfforts: ['low', 'medium', 'high', 'xhigh'],
    unsupportedParameters: ['verbosity', 'prediction'],
  }],
  ['xai.grok-4.6', {
    contextWindow: 500_000,
    reasoningEfforts: ['low', 'medium', 'high', 'xhigh'],
  }],
  ['xai.grok-4.3', {
    contextWindow: 1_000_000,
    reasoningEfforts: ['none', 'low', 'medium', 'high'],
  }],
  ['xai.grok-4.20-0309-reasoning', {
    contextWindow: 1_000_000,
    unsupportedParameters: ['verbosity', 'prediction', 'reasoningEffort'],
  }],
  ['xai.grok-4.20-non-reasoning', { contextWindow: 1_000_000, reasoning: false }],
  ['xai.grok-4-fast-reasoning', { contextWindow: 2_000_000 }],
  ['xai.grok-3-mini-fast', { reasoning: true, unsupportedParameters: ['verbosity', 'prediction'] }],
  ['xai.grok-3-fast', { reasoning: false, inputs: ['text'] }],
  ['xai.grok-5-of-tomorrow', {
    vendor: 'xai',
    contextWindow: 131_072,
    defaultOutputTokens: 16_000,
  }],
  ['openai.gpt-5.5-pro', { format: 'RESPONSES', contextWindow: 400_000, maxOutputTokens: 128_000 }],
  ['openai.gpt-5.5', { format: 'GENERIC' }],
  ['openai.gpt-audio', { format: 'CHAT_COMPLETIONS', endpoint: 'openai' }],
  ['openai.gpt-5.4', { format: 'GENERIC', maxOutputTokens: 128_000 }],
  ['xai.grok-4.20-multi-agent-0309', {
    format: 'RESPONSES',
    contextWindow: 1_000_000,
    inputs: ['text'],
  }],
  ['openai.gpt-5', {
    vendor: 'openai',
    tokenField: 'maxCompletionTokens',
    maxOutputTokens: 128_000,
    defaultOutputTokens: 128_000,
    contextWindow: 400_000,
    unsupportedParameters: ['temperature', 'topP'],
    developerRole: true,
    schema: 'native',
    jsonObject: 'JSON_SCHEMA',
  }],
  ['openai.gpt-4.1-mini', { maxOutputTokens: 32_768, unsupportedParameters: [], reasoning: false }],
  ['openai.o3', {
    maxOutputTokens: 100_000,
    unsupportedParameters: ['temperature', 'topP', 'verbosity'],
  }],
  ['openai.gpt-oss-120b', {
    vendor: 'openai',
    tokenField: 'maxTokens',
    developerRole: true,
    inputs: ['text'],
    maxOutputTokens: undefined,
  }],
  ['gpt-oss-120b', { vendor: 'openai', tokenField: 'maxTokens', inputs: ['text'] }],
  ['google.gemini-2.5-pro', {
    vendor: 'google',
    maxOutputTokens: 65_536,
    contextWindow: 1_048_576,
    inputs: ['text', 'image', 'document', 'audio', 'video'],
    schema: 'gemini',
    parallelToolCalls: 'sequential',
    emptyToolCallText: '.',
  }],
  ['google.gemini-2.5-flash-lite', { inputs: ['text', 'image'] }],
  ['cohere.command-r-plus-08-2024', { format: 'COHERE', maxOutputTokens: 4_000, inputs: ['text'] }],
  ['cohere.command-a-03-2025', { format: 'COHERE', contextWindow: 256_000 }],
  ['cohere.command-a-vision-07-2025', {
    format: 'COHEREV2',
    inputs: ['text', 'image'],
    tools: false,
  }],
  ['cohere.command-a-reasoning-08-2025', {
    format: 'COHEREV2',
    maxOutputTokens: 4_000,
    dedicatedMaxOutputTokens: 32_000,
    contextWindow: 256_000,
    inputs: ['text', 'image'],
    reasoning: true,
    multipleChoices: false,
  }],
  ['cohere.command-latest', { format: 'COHERE', contextWindow: 256_000 }],
  ['cohere.command-plus-latest', { format: 'COHERE', contextWindow: 256_000 }],
  ['cohere.command-a-translate-08-2025', { format: 'COHERE', tools: false }],
  ['acme.one', {
    vendor: 'acme',
    format: 'GENERIC',
    maxOutputTokens: undefined,
    defaultOutputTokens: 4_000,
  }],
  ['one', { vendor: '', format: 'GENERIC' }],
  ['ocid1.generativeaiendpoint.oc1.us-chicago-1.a', { vendor: '', format: 'GENERIC' }],
  ['constructor.toString', { vendor: 'constructor', format: 'GENERIC' }],
]

describe('modelProfile()', () => {
  for (const [model, known] of cases) {
    it(`has a profile for ${model}`, () => {
      const all = modelProfile(model)
      // The keys are those of a profile.
      const asked = Object.keys(known) as (keyof ModelProfile)[]
      assert.deepEqual(Object.fromEntries(asked.map((key) => [key, all[key]])), known)
    })
  }

  it('fills every field for every model', () => {
    const keys = Object.keys(modelProfile('')).sort()
    for (const [model] of cases) assert.deepEqual(Object.keys(modelProfile(model)).sort(), keys)
  })

  it("prefers the operator's overrides", () => {
    const overrides = new Map<string, ProfileOverride>([
      ['openai.*', { streams: false, contextWindow: 1 }],
      ['openai.gpt-5*', { contextWindow: 2 }],
    ])
    const { streams, contextWindow } = modelProfile('openai.gpt-5', overrides)
    assert.deepEqual({ streams, contextWindow }, { streams: true, contextWindow: 2 })
    assert.equal(modelProfile('openai.o3', overrides).streams, false)
  })

  it("uses the operator's vendor and its defaults", () => {
    const overrides = new Map([['ocid1.*', { vendor: 'google' }]])
    const { vendor, parallelToolCalls } = modelProfile(
      'ocid1.generativeaiendpoint.oc1..a',
      overrides,
    )
    assert.deepEqual({ vendor, parallelToolCalls }, {
      vendor: 'google',
      parallelToolCalls: 'sequential',
    })
  })

  it('uses a known vendor if the name has none', () => {
    assert.equal(modelProfile('my-model', new Map(), 'xai').schema, 'inlined')
    assert.equal(modelProfile('google.gemini-2.5-pro', new Map(), 'xai').schema, 'gemini')
  })
})

const PATTERNS = ['*', 'gpt-*', 'gpt-4*', 'gpt-4', 'gpt-4.1']

const matches: [name: string, pattern: string | undefined, patterns?: string[]][] = [
  ['gpt-4', 'gpt-4'],
  ['gpt-4.1', 'gpt-4.1'],
  ['gpt-4o', 'gpt-4*'],
  ['gpt-5', 'gpt-*'],
  ['grok', '*'],
  ['grok', undefined, ['gpt-*']],
  ['gpt-4*', 'gpt-4*'],
  ['xgpt-4', undefined, ['gpt-4']],
]

describe('longestMatch()', () => {
  for (const [name, pattern, patterns = PATTERNS] of matches) {
    it(`finds ${pattern} for ${name} in ${patterns.join(', ')}`, () => {
      assert.equal(longestMatch(name, patterns), pattern)
      assert.equal(longestMatch(name, patterns.toReversed()), pattern)
    })
  }
})
