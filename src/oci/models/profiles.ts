import type { RefusableParameter } from './parameter-names.ts'

/**
 * How much a JSON Schema is simplified, from least to most: `native` only drops required names that
 * do not exist; `inlined` also resolves references; `portable` keeps what every model family
 * supports; `gemini` also drops the keywords that Gemini rejects.
 */
export type SchemaDialect = 'native' | 'inlined' | 'portable' | 'gemini'

/** OCI's endpoints for chat models: its native actions, or the OpenAI-compatible one. */
export type Endpoint = 'native' | 'openai'

export type InputKind = 'text' | 'image' | 'document' | 'audio' | 'video'

/** What the gateway knows about a model: its request format, inputs and limits. */
export interface ModelProfile {
  /** `meta`, `xai`, `openai`, `google` or `cohere`: OCI's model name up to its first dot. */
  vendor: string
  /**
   * The request format: one of the native endpoint, or one of the two of the OpenAI-compatible
   * endpoint. A model with the format RESPONSES supports no other one.
   */
  format: 'GENERIC' | 'COHERE' | 'COHEREV2' | 'CHAT_COMPLETIONS' | 'RESPONSES'
  /** The request field of the output limit. */
  tokenField: 'maxTokens' | 'maxCompletionTokens'
  /** The maximum, where it is known: larger limits of clients are lowered to it. */
  maxOutputTokens: number | undefined
  /** `maxOutputTokens` on a dedicated cluster, where OCI has no on-demand cap. */
  dedicatedMaxOutputTokens: number | undefined
  /**
   * Sent when the client sets no limit, because OCI's default is about 20 tokens on some models: the
   * maximum, or the largest value OCI is known to accept where the maximum is unknown.
   */
  defaultOutputTokens: number
  /** Maximum tokens of prompt and output together. */
  contextWindow: number | undefined
  /** Omitted from requests, with a warning. */
  unsupportedParameters: readonly RefusableParameter[]
  /** Whether the model supports the DEVELOPER role; SYSTEM is sent otherwise. */
  developerRole: boolean
  /** The role of system text: some models reject tools together with a system message. */
  systemRole: 'system' | 'user'
  inputs: readonly InputKind[]
  tools: boolean
  /** Whether tools and a response format work together; the format is omitted otherwise. */
  toolsWithFormat: boolean
  reasoning: boolean
  /** Where requests in an OpenAI format go: `openai` passes them through, `native` translates them. */
  endpoint: Endpoint
  /** Whether the model may write tool calls into its text, as some imported models do. */
  parseToolCallsFromText: boolean
  /** Whether one call returns several choices; each choice is a separate call otherwise. */
  multipleChoices: boolean
  /** Whether the model streams; its complete answer is split into chunks otherwise. */
  streams: boolean
  schema: SchemaDialect
  /** Whether a turn with several tool calls stays one turn or becomes one turn per call. */
  parallelToolCalls: 'grouped' | 'sequential'
  /** The text of turns that contain only tool calls; `undefined` sends none. */
  emptyToolCallText: string | undefined
  /** The response format of JSON mode: `openai.*` is known to answer 500 to `JSON_OBJECT`. */
  jsonObject: 'JSON_OBJECT' | 'JSON_SCHEMA'
  /** Whether a schema is sent as a parameter, or in the system text together with JSON mode. */
  jsonSchema: 'native' | 'prompt'
}

/** The fields of a profile that an operator or a table row sets. */
export type ProfileOverride = Partial<ModelProfile>

const TEXT: readonly InputKind[] = ['text']
const VISION: readonly InputKind[] = ['text', 'image']
const OPENAI_ONLY: readonly RefusableParameter[] = ['verbosity', 'prediction']

/** The profile of a model that is in no row and of no known vendor. */
const UNKNOWN: ModelProfile = {
  vendor: '',
  format: 'GENERIC',
  tokenField: 'maxTokens',
  maxOutputTokens: undefined,
  dedicatedMaxOutputTokens: undefined,
  defaultOutputTokens: 4_000,
  contextWindow: undefined,
  unsupportedParameters: OPENAI_ONLY,
  developerRole: false,
  systemRole: 'system',
  inputs: VISION,
  tools: true,
  toolsWithFormat: true,
  reasoning: true,
  endpoint: 'native',
  parseToolCallsFromText: false,
  multipleChoices: true,
  streams: true,
  schema: 'portable',
  parallelToolCalls: 'grouped',
  emptyToolCallText: undefined,
  jsonObject: 'JSON_OBJECT',
  jsonSchema: 'native',
}

const VENDORS = new Map<string, ProfileOverride>([
  ['meta', {
    maxOutputTokens: 4_000,
    defaultOutputTokens: 4_000,
    contextWindow: 128_000,
    reasoning: false,
  }],
  ['xai', { defaultOutputTokens: 16_000, contextWindow: 131_072, schema: 'inlined' }],
  ['openai', {
    tokenField: 'maxCompletionTokens',
    defaultOutputTokens: 16_000,
    contextWindow: 128_000,
    unsupportedParameters: [],
    developerRole: true,
    schema: 'native',
    jsonObject: 'JSON_SCHEMA',
  }],
  ['google', {
    maxOutputTokens: 65_536,
    defaultOutputTokens: 65_536,
    contextWindow: 1_048_576,
    inputs: ['text', 'image', 'document', 'audio', 'video'],
    schema: 'gemini',
    parallelToolCalls: 'sequential',
    emptyToolCallText: '.',
  }],
  ['cohere', {
    format: 'COHERE',
    maxOutputTokens: 4_000,
    contextWindow: 128_000,
    unsupportedParameters: [],
    inputs: TEXT,
    reasoning: false,
    multipleChoices: false,
  }],
])

const GPT_5: ProfileOverride = {
  ...output(128_000),
  contextWindow: 400_000,
  unsupportedParameters: ['temperature', 'topP'],
}
const O_SERIES: ProfileOverride = {
  ...output(100_000),
  contextWindow: 200_000,
  unsupportedParameters: ['temperature', 'topP', 'verbosity'],
}
const GPT_OSS: ProfileOverride = {
  tokenField: 'maxTokens',
  inputs: TEXT,
  unsupportedParameters: OPENAI_ONLY,
}
const COMMAND_A: ProfileOverride = { contextWindow: 256_000 }
const GROK_FAST: ProfileOverride = { contextWindow: 2_000_000, unsupportedParameters: grok() }
const GROK_PLAIN: ProfileOverride = { ...GROK_FAST, reasoning: false }

/** Overrides by model name or pattern; the first match wins. */
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
    unsupportedParameters: grok(),
  }],
  ['xai.grok-4.20-non-reasoning*', { ...GROK_PLAIN, defaultOutputTokens: 131_000 }],
  ['xai.grok-4.20-0309-non-reasoning*', { ...GROK_PLAIN, defaultOutputTokens: 131_000 }],
  ['xai.grok-4.20*', { ...GROK_FAST, defaultOutputTokens: 131_000 }],
  ['xai.grok-4.3*', { contextWindow: 1_000_000 }],
  ['xai.grok-4-1-fast-non-reasoning*', GROK_PLAIN],
  ['xai.grok-4-1-fast*', GROK_FAST],
  ['xai.grok-4-fast-non-reasoning*', GROK_PLAIN],
  ['xai.grok-4-fast*', GROK_FAST],
  ['xai.grok-4', { contextWindow: 128_000, unsupportedParameters: grok() }],
  ['xai.grok-code-fast*', { contextWindow: 256_000, inputs: TEXT, unsupportedParameters: grok() }],
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
    endpoint: 'openai',
    inputs: ['text', 'audio'],
  }],
  ['openai.gpt-4.1*', { ...output(32_768), contextWindow: 1_047_576, reasoning: false }],
  ['openai.gpt-4o*', { ...output(16_384), reasoning: false }],
  ['openai.gpt-4*', { reasoning: false }],
  ['google.gemini-2.5-flash-lite*', { inputs: VISION }],
  ['cohere.embed*', { contextWindow: undefined, tools: false, reasoning: false }],
  ['cohere.rerank*', { contextWindow: undefined, tools: false, reasoning: false }],
  ['cohere.command-a-vision*', { format: 'COHEREV2', inputs: VISION, tools: false }],
  ['cohere.command-a-reasoning*', {
    format: 'COHEREV2',
    dedicatedMaxOutputTokens: 32_000,
    contextWindow: 256_000,
    reasoning: true,
  }],
  ['cohere.command-a-translate*', { contextWindow: undefined, tools: false }],
  ['cohere.command-a*', COMMAND_A],
  ['cohere.command-latest', COMMAND_A],
  ['cohere.command-plus-latest', COMMAND_A],
]

/**
 * Returns the profile of a model. Later sources override earlier ones: defaults, the vendor, the row,
 * the operator's overrides (an exact id first, else the longest pattern that ends in `*`).
 */
export function modelProfile(
  model: string,
  overrides: ReadonlyMap<string, ProfileOverride> = new Map(),
  knownVendor?: string,
): ModelProfile {
  const override = overrides.get(longestMatch(model, overrides.keys()) ?? '')
  const vendor = override?.vendor ?? (vendorOf(model) || (knownVendor ?? ''))
  const row = ROWS.find(([pattern]) => matches(model, pattern))?.[1]
  return { ...UNKNOWN, vendor, ...VENDORS.get(vendor), ...row, ...override }
}

/** Returns the pattern equal to the name, else the longest matching one that ends in `*`. */
export function longestMatch(name: string, patterns: Iterable<string>): string | undefined {
  return [...patterns]
    .filter((pattern) => matches(name, pattern))
    .sort((a, b) => Number(b === name) - Number(a === name) || b.length - a.length)[0]
}

/**
 * The reasoning Groks do not support `reasoning_effort`; `grok-3-mini` does. It is unconfirmed that
 * they reject stop sequences and penalties, so these are sent and a rejection is learned.
 */
function grok(): readonly RefusableParameter[] {
  return [...OPENAI_ONLY, 'reasoningEffort']
}

function output(tokens: number): ProfileOverride {
  return { maxOutputTokens: tokens, defaultOutputTokens: tokens }
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
