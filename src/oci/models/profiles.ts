import { BoundedMap } from '../../bounded-map.ts'
import { KNOWN_MODELS, OPENAI_ONLY, TEXT, VISION } from './known-models.ts'
import type { ModelProfile, ProfileOverride } from './model-profile.ts'

export type {
  Endpoint,
  InputKind,
  ModelProfile,
  ProfileOverride,
  SchemaDialect,
} from './model-profile.ts'

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
  maxImages: undefined,
  tools: true,
  toolsWithFormat: true,
  reasoning: true,
  reasoningEfforts: undefined,
  endpoint: 'native',
  parseToolCallsFromText: false,
  multipleChoices: true,
  streams: true,
  schema: 'portable',
  parallelToolCalls: 'grouped',
  emptyToolCallText: undefined,
  forceSingleStep: false,
  imageDetail: false,
  base64Embeddings: undefined,
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

/**
 * Returns the profile of a model. Later sources override earlier ones: defaults, the vendor, the row,
 * the operator's overrides (an exact id first, else the longest pattern that ends in `*`).
 */
export function modelProfile(
  model: string,
  overrides: ReadonlyMap<string, ProfileOverride> = NO_OVERRIDES,
  knownVendor?: string,
): ModelProfile {
  if (knownVendor !== undefined) return createProfile(model, overrides, knownVendor)
  let profiles = cache.get(overrides)
  if (!profiles) cache.set(overrides, profiles = new BoundedMap({ maxEntries: MAX_PROFILES }))
  const known = profiles.get(model)
  if (known) return known
  const profile = createProfile(model, overrides)
  profiles.set(model, profile)
  return profile
}

const NO_OVERRIDES: ReadonlyMap<string, ProfileOverride> = new Map()
const MAX_PROFILES = 1_000

/** The profiles by the operator's overrides, which do not change. */
const cache = new WeakMap<ReadonlyMap<string, ProfileOverride>, BoundedMap<ModelProfile>>()

function createProfile(
  model: string,
  overrides: ReadonlyMap<string, ProfileOverride>,
  knownVendor?: string,
): ModelProfile {
  const override = overrides.get(longestMatch(model, overrides.keys()) ?? '')
  const vendor = override?.vendor ?? (vendorOf(model) || (knownVendor ?? ''))
  const row = KNOWN_MODELS.find(([pattern]) => matches(model, pattern))?.[1]
  return { ...UNKNOWN, vendor, ...VENDORS.get(vendor), ...row, ...override }
}

/** Returns the pattern equal to the name, else the longest matching one that ends in `*`. */
export function longestMatch(name: string, patterns: Iterable<string>): string | undefined {
  let longest: string | undefined
  for (const pattern of patterns) {
    if (pattern === name) return pattern
    if (matches(name, pattern) && pattern.length > (longest?.length ?? -1)) longest = pattern
  }
  return longest
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
