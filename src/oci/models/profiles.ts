import type { Transport } from './endpoint-choice.ts'

/** The parameters of a request that some family refuses. */
export type RefusableParameter =
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'stop'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'reasoningEffort'
  | 'verbosity'
  | 'prediction'
  | 'webSearch'
  | 'parallelToolCalls'
  | 'logprobs'
  | 'seed'
  | 'logitBias'
  | 'choices'
  | 'metadata'
  | 'serviceTier'
  | 'responseFormat'
  | 'toolChoice'
  | 'documents'

/**
 * How far a JSON Schema is cleaned, from least to most: `native` only drops required names that do
 * not exist; `inlined` also resolves references; `portable` keeps what every family reads;
 * `gemini` also drops the keywords Gemini refuses.
 */
export type SchemaDialect = 'native' | 'inlined' | 'portable' | 'gemini'

export type InputKind = 'text' | 'image' | 'document' | 'audio' | 'video'

/** What is known of a model: how to ask it, what it takes, how much it gives. */
export interface ModelProfile {
  /** The text before the first dot of OCI's own names: `meta`, `xai`, `openai`, `google`, `cohere`. */
  vendor: string
  /**
   * How it is asked: in one of OCI's own formats, or in one of the two that its OpenAI endpoint
   * speaks. A model of the format RESPONSES answers to no other.
   */
  format: 'GENERIC' | 'COHERE' | 'COHEREV2' | 'CHAT_COMPLETIONS' | 'RESPONSES'
  /** The name of the field that bounds the output. */
  tokenField: 'maxTokens' | 'maxCompletionTokens'
  /** Tokens of output at most, where that is known: more is cut down to it. */
  outputLimit: number | undefined
  /** The same on a dedicated cluster, where OCI does not cut what it cuts on demand. */
  dedicatedLimit: number | undefined
  /**
   * Sent when the client names no limit, since OCI's own default is about 20 tokens on some models:
   * the real limit, or where nobody knows it the largest figure OCI is known to take.
   */
  outputDefault: number
  /** Tokens of prompt and answer together. */
  contextWindow: number | undefined
  /** Left out, with a warning. */
  refuses: readonly RefusableParameter[]
  /** Whether the family knows the DEVELOPER role; else it is SYSTEM. */
  developerRole: boolean
  /** Where system text goes: some models refuse tools beside a system message. */
  systemRole: 'system' | 'user'
  inputs: readonly InputKind[]
  tools: boolean
  /** Whether it answers in JSON and calls tools in one request; else the tools win. */
  toolsWithFormat: boolean
  reasoning: boolean
  /** Where a request that already is in OpenAI's words goes: translated, or on as it is. */
  transport: Transport
  /** Whether it may write its tool calls into its text, as some imported models do. */
  toolCallText: boolean
  /** Whether one call brings several answers; else each answer is a call of its own. */
  severalChoices: boolean
  /** Whether it streams; else its whole answer is cut into chunks. */
  streams: boolean
  schema: SchemaDialect
  /** Whether a turn with several tool calls is told as several turns with one each. */
  pairing: 'parallel' | 'one-to-one'
  /** What stands in for the text of a turn that only calls tools; `undefined` leaves it out. */
  toolTurnText: string | undefined
  /** How a bare JSON mode is asked for: `openai.*` is known to answer 500 to `JSON_OBJECT`. */
  jsonObject: 'JSON_OBJECT' | 'JSON_SCHEMA'
  /** Whether a schema is a parameter, or told in the system text beside the bare JSON mode. */
  jsonSchema: 'native' | 'told'
}

/** A profile as far as an operator or a table row says it. */
export type ProfileOverride = Partial<ModelProfile>

const TEXT: readonly InputKind[] = ['text']
const VISION: readonly InputKind[] = ['text', 'image']
const OPENAI_ONLY: readonly RefusableParameter[] = ['verbosity', 'prediction']

/** What an id gets that no row and no vendor knows. */
const UNKNOWN: ModelProfile = {
  vendor: '',
  format: 'GENERIC',
  tokenField: 'maxTokens',
  outputLimit: undefined,
  dedicatedLimit: undefined,
  outputDefault: 4_000,
  contextWindow: undefined,
  refuses: OPENAI_ONLY,
  developerRole: false,
  systemRole: 'system',
  inputs: VISION,
  tools: true,
  toolsWithFormat: true,
  reasoning: true,
  transport: 'actions',
  toolCallText: false,
  severalChoices: true,
  streams: true,
  schema: 'portable',
  pairing: 'parallel',
  toolTurnText: undefined,
  jsonObject: 'JSON_OBJECT',
  jsonSchema: 'native',
}

const VENDORS = new Map<string, ProfileOverride>([
  ['meta', {
    outputLimit: 4_000,
    outputDefault: 4_000,
    contextWindow: 128_000,
    reasoning: false,
  }],
  ['xai', { outputDefault: 16_000, contextWindow: 131_072, schema: 'inlined' }],
  ['openai', {
    tokenField: 'maxCompletionTokens',
    outputDefault: 16_000,
    contextWindow: 128_000,
    refuses: [],
    developerRole: true,
    schema: 'native',
    jsonObject: 'JSON_SCHEMA',
  }],
  ['google', {
    outputLimit: 65_536,
    outputDefault: 65_536,
    contextWindow: 1_048_576,
    inputs: ['text', 'image', 'document', 'audio', 'video'],
    schema: 'gemini',
    pairing: 'one-to-one',
    toolTurnText: '.',
  }],
  ['cohere', {
    format: 'COHERE',
    outputLimit: 4_000,
    contextWindow: 128_000,
    refuses: [],
    inputs: TEXT,
    reasoning: false,
    severalChoices: false,
  }],
])

const GPT_5: ProfileOverride = {
  ...output(128_000),
  contextWindow: 400_000,
  refuses: ['temperature', 'topP'],
}
const O_SERIES: ProfileOverride = {
  ...output(100_000),
  contextWindow: 200_000,
  refuses: ['temperature', 'topP', 'verbosity'],
}
const GPT_OSS: ProfileOverride = {
  tokenField: 'maxTokens',
  inputs: TEXT,
  refuses: OPENAI_ONLY,
}
const COMMAND_A: ProfileOverride = { contextWindow: 256_000 }
const GROK_FAST: ProfileOverride = { contextWindow: 2_000_000, refuses: grok() }
const GROK_PLAIN: ProfileOverride = { ...GROK_FAST, reasoning: false }

/** Ids, or beginnings of ids, and what is special about them; the first match wins. */
const ROWS: readonly (readonly [pattern: string, row: ProfileOverride])[] = [
  ['meta.llama-4-maverick*', { contextWindow: 512_000 }],
  ['meta.llama-4-scout*', { contextWindow: 192_000 }],
  ['meta.llama-3.2-90b-vision*', { tools: true }],
  ['meta.llama-3.2-11b-vision*', {}],
  ['meta.llama-3*', { inputs: TEXT }],
  ['xai.grok-4.20-multi-agent*', {
    format: 'RESPONSES',
    contextWindow: 2_000_000,
    inputs: TEXT,
    refuses: grok(),
  }],
  ['xai.grok-4.20-non-reasoning*', { ...GROK_PLAIN, outputDefault: 131_000 }],
  ['xai.grok-4.20-0309-non-reasoning*', { ...GROK_PLAIN, outputDefault: 131_000 }],
  ['xai.grok-4.20*', { ...GROK_FAST, outputDefault: 131_000 }],
  ['xai.grok-4.3*', { contextWindow: 1_000_000 }],
  ['xai.grok-4-1-fast-non-reasoning*', GROK_PLAIN],
  ['xai.grok-4-1-fast*', GROK_FAST],
  ['xai.grok-4-fast-non-reasoning*', GROK_PLAIN],
  ['xai.grok-4-fast*', GROK_FAST],
  ['xai.grok-4', { contextWindow: 128_000, refuses: grok() }],
  ['xai.grok-code-fast*', { contextWindow: 256_000, inputs: TEXT, refuses: grok() }],
  ['xai.grok-3-mini*', { inputs: TEXT }],
  ['xai.grok-3*', { inputs: TEXT, reasoning: false }],
  ['openai.gpt-oss*', GPT_OSS],
  ['gpt-oss*', GPT_OSS],
  ['openai.gpt-5.5-pro*', { ...GPT_5, format: 'RESPONSES' }],
  ['openai.gpt-5*', GPT_5],
  ['openai.o1*', O_SERIES],
  ['openai.o3*', O_SERIES],
  ['openai.o4*', O_SERIES],
  ['openai.gpt-audio*', {
    format: 'CHAT_COMPLETIONS',
    transport: 'openai',
    inputs: ['text', 'audio'],
  }],
  ['openai.gpt-4.1*', { ...output(32_768), contextWindow: 1_047_576, reasoning: false }],
  ['openai.gpt-4o*', { ...output(16_384), reasoning: false }],
  ['openai.gpt-4*', { reasoning: false }],
  ['google.gemini-2.5-flash-lite*', { inputs: VISION }],
  ['cohere.embed*', { contextWindow: undefined, tools: false, reasoning: false }],
  ['cohere.command-a-vision*', { format: 'COHEREV2', inputs: VISION, tools: false }],
  ['cohere.command-a-reasoning*', {
    format: 'COHEREV2',
    dedicatedLimit: 32_000,
    contextWindow: 256_000,
    reasoning: true,
  }],
  ['cohere.command-a-translate*', { contextWindow: undefined, tools: false }],
  ['cohere.command-a*', COMMAND_A],
  ['cohere.command-latest', COMMAND_A],
  ['cohere.command-plus-latest', COMMAND_A],
]

/**
 * What is known of a model, from least to most particular: any model, its vendor, its row, the
 * operator's overrides (exact ids first, then the longest pattern that ends in `*`).
 */
export function modelProfile(
  model: string,
  overrides: ReadonlyMap<string, ProfileOverride> = new Map(),
  knownVendor?: string,
): ModelProfile {
  const told = overrides.get(longestMatch(model, overrides.keys()) ?? '')
  const vendor = told?.vendor ?? (vendorOf(model) || (knownVendor ?? ''))
  const row = ROWS.find(([pattern]) => matches(model, pattern))?.[1]
  return { ...UNKNOWN, vendor, ...VENDORS.get(vendor), ...row, ...told }
}

/** The exact name if it is there, else the longest pattern ending in `*` that fits. */
export function longestMatch(name: string, patterns: Iterable<string>): string | undefined {
  return [...patterns]
    .filter((pattern) => matches(name, pattern))
    .sort((a, b) => Number(b === name) - Number(a === name) || b.length - a.length)[0]
}

/**
 * The reasoning Groks take no `reasoning_effort`; `grok-3-mini` does. That they refuse stop words
 * and penalties is hearsay, so these are sent and a refusal is learnt.
 */
function grok(): readonly RefusableParameter[] {
  return [...OPENAI_ONLY, 'reasoningEffort']
}

function output(tokens: number): ProfileOverride {
  return { outputLimit: tokens, outputDefault: tokens }
}

/** Government regions serve `gpt-oss-120b` without its vendor's prefix. */
function vendorOf(model: string): string {
  if (model.startsWith('ocid1.')) return ''
  if (model.startsWith('gpt-oss')) return 'openai'
  return model.includes('.') ? model.slice(0, model.indexOf('.')) : ''
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
