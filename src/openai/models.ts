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
  /** When it is or was retired on demand, in seconds since the epoch. */
  onDemandUntil: number | undefined
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
    ...(card.retired && { retired: true }),
    ...(card.onDemandUntil !== undefined && { on_demand_until: card.onDemandUntil }),
    architecture: {
      input_modalities: card.inputs,
      output_modalities: [card.tasks.includes('embeddings') ? 'embeddings' : 'text'],
    },
    capabilities: encodeCapabilities(card),
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
