/** A model in the model list, independent of any API. */
export interface ModelCard {
  id: string
  /** Seconds since the epoch. */
  created: number
  owner: string
  /** The model that an alias stands for. */
  aliasOf: string | undefined
  /** Maximum tokens of prompt and reply together. */
  contextWindow: number | undefined
  /** Maximum output tokens of a chat. */
  outputLimit: number | undefined
  inputs: readonly string[]
  tasks: readonly ('chat' | 'embeddings' | 'rerank')[]
  /** No longer served on demand. */
  retired: boolean
  /** No longer recommended by OCI, or retired. */
  deprecated: boolean
  /** When it is or was deprecated or retired, in seconds since the epoch. */
  deprecatedAt: number | undefined
  onDemandUntil: number | undefined
  dedicatedUntil: number | undefined
  /** `on_demand` and `dedicated`; empty if OCI does not report it. */
  serving: readonly string[]
  /** Models that OCI recommends instead. */
  replacements: readonly string[]
  /** The configured regions that list it. */
  regions: readonly string[]
  tools: boolean
  reasoning: boolean
}

/** Encodes OpenAI's list of models. */
export function encodeModelList(cards: readonly ModelCard[]): object {
  return { object: 'list', data: cards.map(encodeModel) }
}

/**
 * Encodes one model: OpenAI's four members, then the names under which clients look for the context
 * window, and the model's capabilities.
 */
export function encodeModel(card: ModelCard): object {
  const { contextWindow } = card
  return {
    id: card.id,
    object: 'model',
    created: card.created,
    owned_by: card.owner || 'oci',
    ...(card.aliasOf !== undefined && { root: card.aliasOf }),
    ...(contextWindow !== undefined && {
      context_length: contextWindow,
      context_window: contextWindow,
      max_model_len: contextWindow,
      meta: { n_ctx_train: contextWindow },
    }),
    ...(card.outputLimit !== undefined && card.tasks.includes('chat') &&
      { max_output_tokens: card.outputLimit }),
    ...encodeLifecycle(card),
    architecture: {
      input_modalities: card.inputs,
      output_modalities: [card.tasks.includes('embeddings') ? 'embeddings' : 'text'],
    },
    capabilities: encodeCapabilities(card),
  }
}

/** Where and until when OCI serves a model, as far as it says so. */
function encodeLifecycle(card: ModelCard): object {
  const { deprecatedAt, onDemandUntil, dedicatedUntil, serving, replacements, regions } = card
  return {
    ...(card.retired && { retired: true }),
    ...(card.deprecated && { deprecated: true }),
    ...(deprecatedAt !== undefined && { deprecated_at: deprecatedAt }),
    ...(onDemandUntil !== undefined && { on_demand_until: onDemandUntil }),
    ...(dedicatedUntil !== undefined && { dedicated_until: dedicatedUntil }),
    ...(serving.length > 0 && { serving }),
    ...(replacements.length > 0 && { replacements }),
    ...(regions.length > 0 && { regions }),
  }
}

function encodeCapabilities({ tasks, tools, reasoning, inputs }: ModelCard): object {
  const chats = tasks.includes('chat')
  return {
    chat: chats,
    embeddings: tasks.includes('embeddings'),
    rerank: tasks.includes('rerank'),
    tools: chats && tools,
    reasoning: chats && reasoning,
    vision: inputs.includes('image'),
    streaming: chats,
  }
}
