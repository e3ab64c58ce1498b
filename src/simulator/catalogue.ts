import type { DirectiveName, Directives } from './directives.ts'

/** A type of content part in GENERIC and Cohere messages. */
export type PartType = 'TEXT' | 'IMAGE' | 'DOCUMENT' | 'AUDIO' | 'VIDEO'

/** A model of the simulated region. */
export interface Model {
  /** The name in requests and the `displayName` in the model list. */
  name: string
  capability: 'CHAT' | 'TEXT_EMBEDDINGS' | 'TEXT_RERANK' | 'TEXT_GENERATION'
  /** Tokens of prompt and answer together. */
  contextWindow: number
  inputs: readonly PartType[]
  reasoning: boolean
  created: string
  deprecated?: string
  /** When the model was, or will be, retired from on-demand serving. */
  retired?: string
}

type Traits = Partial<Omit<Model, 'name'>>

const VISION = ['TEXT', 'IMAGE'] as const
const MULTIMODAL = ['TEXT', 'IMAGE', 'DOCUMENT', 'AUDIO', 'VIDEO'] as const
const EMBEDDINGS = { capability: 'TEXT_EMBEDDINGS', contextWindow: 512 } as const
const RERANKING = { capability: 'TEXT_RERANK', contextWindow: 32_000 } as const
const GUARDRAILS = { capability: 'TEXT_GENERATION' } as const

const ROWS: readonly [name: string, traits: Traits][] = [
  ['meta.llama-4-maverick-17b-128e-instruct-fp8', { contextWindow: 512_000, inputs: VISION }],
  ['meta.llama-4-scout-17b-16e-instruct', { contextWindow: 192_000, inputs: VISION }],
  ['meta.llama-3.3-70b-instruct', {}],
  ['meta.llama-3.2-90b-vision-instruct', {
    inputs: VISION,
    deprecated: '2026-06-01T00:00:00.000Z',
  }],
  ['meta.llama-3.1-405b-instruct', { retired: '2030-01-01T00:00:00.000Z' }],
  ['meta.llama-3.1-70b-instruct', { retired: '2026-01-10T00:00:00.000Z' }],
  ['meta.llama-guard-4-12b', GUARDRAILS],
  ['xai.grok-4.7', { contextWindow: 500_000, inputs: VISION, reasoning: true }],
  ['xai.grok-4.6', { contextWindow: 500_000, inputs: VISION, reasoning: true }],
  ['xai.grok-4.3', { contextWindow: 1_000_000, inputs: VISION, reasoning: true }],
  ['xai.grok-4.20-0309-reasoning', { contextWindow: 1_000_000, inputs: VISION, reasoning: true }],
  ['xai.grok-4.20-0309-non-reasoning', { contextWindow: 1_000_000, inputs: VISION }],
  ['xai.grok-4.20-multi-agent-0309', { contextWindow: 1_000_000, reasoning: true }],
  ['xai.grok-4.20-reasoning', { contextWindow: 1_000_000, inputs: VISION, reasoning: true }],
  ['xai.grok-4.20-non-reasoning', { contextWindow: 1_000_000, inputs: VISION }],
  ['xai.grok-4-1-fast-reasoning', { contextWindow: 2_000_000, inputs: VISION, reasoning: true }],
  ['xai.grok-4-1-fast-non-reasoning', { contextWindow: 2_000_000, inputs: VISION }],
  ['xai.grok-4-fast-reasoning', { contextWindow: 2_000_000, inputs: VISION, reasoning: true }],
  ['xai.grok-4-fast-non-reasoning', { contextWindow: 2_000_000, inputs: VISION }],
  ['xai.grok-4', { inputs: VISION, reasoning: true }],
  ['xai.grok-code-fast-1', { contextWindow: 256_000, reasoning: true }],
  ['xai.grok-3', { contextWindow: 131_072 }],
  ['xai.grok-3-fast', { contextWindow: 131_072 }],
  ['xai.grok-3-mini', { contextWindow: 131_072, reasoning: true }],
  ['xai.grok-3-mini-fast', { contextWindow: 131_072, reasoning: true }],
  ['openai.gpt-oss-120b', { reasoning: true }],
  ['openai.gpt-oss-20b', { reasoning: true }],
  ['openai.gpt-4.1', { contextWindow: 1_047_576, inputs: VISION }],
  ['openai.gpt-4.1-mini', { contextWindow: 1_047_576, inputs: VISION }],
  ['openai.gpt-4.1-nano', { contextWindow: 1_047_576, inputs: VISION }],
  ['openai.gpt-4o', { inputs: VISION }],
  ['openai.gpt-4o-mini', { inputs: VISION }],
  ['openai.o1', { contextWindow: 200_000, inputs: VISION, reasoning: true }],
  ['openai.o3', { contextWindow: 200_000, inputs: VISION, reasoning: true }],
  ['openai.o3-mini', { contextWindow: 200_000, reasoning: true }],
  ['openai.o4-mini', { contextWindow: 200_000, inputs: VISION, reasoning: true }],
  ['openai.gpt-5', { contextWindow: 400_000, inputs: VISION, reasoning: true }],
  ['openai.gpt-5-mini', { contextWindow: 400_000, inputs: VISION, reasoning: true }],
  ['openai.gpt-5.2', { contextWindow: 400_000, inputs: VISION, reasoning: true }],
  ['openai.gpt-5.4', { contextWindow: 400_000, inputs: VISION, reasoning: true }],
  ['openai.gpt-5.5', { contextWindow: 400_000, inputs: VISION, reasoning: true }],
  ['google.gemini-2.5-pro', { contextWindow: 1_048_576, inputs: MULTIMODAL, reasoning: true }],
  ['google.gemini-2.5-flash', { contextWindow: 1_048_576, inputs: MULTIMODAL, reasoning: true }],
  ['google.gemini-2.5-flash-lite', { contextWindow: 1_048_576, inputs: VISION }],
  ['cohere.command-a-03-2025', { contextWindow: 256_000 }],
  ['cohere.command-latest', { contextWindow: 256_000 }],
  ['cohere.command-plus-latest', { contextWindow: 256_000 }],
  ['cohere.command-a-reasoning-08-2025', {
    contextWindow: 256_000,
    inputs: VISION,
    reasoning: true,
  }],
  ['cohere.command-a-vision-07-2025', { inputs: VISION }],
  ['cohere.command-a-translate-08-2025', {}],
  ['cohere.command-r-08-2024', {}],
  ['cohere.command-r-plus-08-2024', {}],
  ['cohere.command-r-plus', { retired: '2025-01-16T00:00:00.000Z' }],
  ['cohere.command-r-16k', { contextWindow: 16_000, retired: '2025-01-16T00:00:00.000Z' }],
  ['cohere.embed-v4.0', { ...EMBEDDINGS, contextWindow: 128_000, inputs: VISION }],
  ['cohere.embed-english-v3.0', EMBEDDINGS],
  ['cohere.embed-multilingual-v3.0', EMBEDDINGS],
  ['cohere.embed-english-light-v3.0', EMBEDDINGS],
  ['cohere.embed-multilingual-light-v3.0', EMBEDDINGS],
  ['cohere.embed-english-image-v3.0', { ...EMBEDDINGS, inputs: VISION }],
  ['cohere.embed-multilingual-image-v3.0', { ...EMBEDDINGS, inputs: VISION }],
  ['cohere.embed-english-light-image-v3.0', { ...EMBEDDINGS, inputs: VISION }],
  ['cohere.embed-multilingual-light-image-v3.0', { ...EMBEDDINGS, inputs: VISION }],
  ['cohere.rerank-v3.5', { ...RERANKING, contextWindow: 4_096 }],
  ['cohere.rerank-v4.0-fast', RERANKING],
  ['cohere.rerank-v4.0-pro', RERANKING],
  ['protectai.deberta-v3-base-prompt-injection-v2', GUARDRAILS],
  ['urchade.gliner_multi_pii-v1', GUARDRAILS],
]

/** All models by name, in the order of the model list. */
export const MODELS: ReadonlyMap<string, Model> = new Map(ROWS.map(readRow))

/** The tenancy's imported models, which only dedicated endpoints serve. */
export const IMPORTED_MODELS: ReadonlyMap<string, Model> = new Map(
  [readRow(['imported-qwen3-32b', { contextWindow: 32_768 }])],
)

/** The model behind a name that consists of a vendor and directives: `meta.sim-status-429`. */
export const DEFAULT_MODELS: ReadonlyMap<string, string> = new Map([
  ['meta', 'meta.llama-3.3-70b-instruct'],
  ['xai', 'xai.grok-3'],
  ['openai', 'openai.gpt-4.1'],
  ['google', 'google.gemini-2.5-flash'],
  ['cohere', 'cohere.command-a-03-2025'],
])

/** Names in the model list that select a fault, so that a client's model menu offers them. */
export const FAULT_MODELS = [
  'meta.sim-status-429',
  'meta.sim-status-500.times-2',
  'xai.sim-cut-after-3',
  'xai.sim-first-delay-15000',
  'openai.sim-context-length',
  'openai.sim-stall-after-3',
  'google.sim-empty',
  'google.sim-open',
] as const

/** A dedicated endpoint of the simulated compartment. */
export interface Endpoint {
  id: string
  name: string
  model: Model
  /** The directives that apply to every call. */
  directives: Directives
}

const REGION = 'us-chicago-1'

const ENDPOINT_ROWS: readonly [name: string, model: string, ...DirectiveName[]][] = [
  ['llama-dedicated', 'meta.llama-3.3-70b-instruct'],
  ['command-a-dedicated', 'cohere.command-a-03-2025'],
  ['command-r-dedicated', 'cohere.command-r-08-2024'],
  ['command-a-reasoning-dedicated', 'cohere.command-a-reasoning-08-2025'],
  ['imported-dedicated', 'imported-qwen3-32b'],
  ['unstreamed-dedicated', 'imported-qwen3-32b', 'refuse-stream'],
  ['embed-dedicated', 'cohere.embed-english-v3.0'],
  ['rerank-dedicated', 'cohere.rerank-v3.5'],
]

export const ENDPOINTS: readonly Endpoint[] = ENDPOINT_ROWS.flatMap(([name, id, ...names]) => {
  const model = MODELS.get(id) ?? IMPORTED_MODELS.get(id)
  const directives: Directives = new Map(names.map((name) => [name, ['']]))
  return model ? [{ id: ocid('generativeaiendpoint', name), name, model, directives }] : []
})

/** A routing profile of the simulated compartment. */
export interface RoutingProfile {
  id: string
  name: string
  model: Model
  /** The regions that may serve it; the first one is selected. */
  regions: readonly [string, ...string[]]
}

const PROFILE_ROWS: readonly [
  name: string,
  model: string,
  home: string,
  regions: RoutingProfile['regions'],
][] = [
  ['gpt-oss-routed', 'openai.gpt-oss-120b', REGION, ['eu-frankfurt-1', REGION]],
  ['grok-routed', 'xai.grok-4.3', 'iad', ['us-phoenix-1', 'us-ashburn-1']],
  ['llama-routed', 'meta.llama-3.3-70b-instruct', 'eu-frankfurt-1', [REGION]],
]

export const ROUTING_PROFILES: readonly RoutingProfile[] = PROFILE_ROWS.flatMap((row) => {
  const [name, modelName, home, regions] = row
  const model = MODELS.get(modelName)
  return model ? [{ id: ocid('generativeairoutingprofile', name, home), name, model, regions }] : []
})

/** The OCID of a model; the suffix distinguishes several entries of one name. */
export function modelOcid(name: string, suffix = ''): string {
  const kind = IMPORTED_MODELS.has(name) ? 'generativeaiimportedmodel' : 'generativeaimodel'
  return ocid(kind, name + suffix)
}

function readRow([name, traits]: readonly [string, Traits]): [string, Model] {
  const model: Model = {
    name,
    capability: 'CHAT',
    contextWindow: 128_000,
    inputs: ['TEXT'],
    reasoning: false,
    created: '2025-05-14T00:00:00.000Z',
    ...traits,
  }
  return [name, model]
}

function ocid(kind: string, name: string, region = REGION): string {
  const unique = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return `ocid1.${kind}.oc1.${region}.amaaaaaasimulator${unique}`
}
