import type { ChatEventBatches } from '../chat/events.ts'
import type { ChatReply, ChatRequest } from '../chat/model.ts'
import type { EmbeddingReply, EmbeddingRequest } from '../embeddings/model.ts'
import type { ModerationRequest, ModerationVerdict } from '../moderation/model.ts'
import type { RerankReply, RerankRequest } from '../rerank/model.ts'
import type { Answer } from './answer.ts'
import { chat, streamChat } from './chat/chat.ts'
import type { CallContext } from './call.ts'
import type { OciContext, OciSetup } from './context.ts'
import { embed } from './actions/embeddings/embed.ts'
import { EMBEDDING_MODELS } from './actions/embeddings/models.ts'
import { withFallbackModels } from './resilience/fallback-models.ts'
import { moderate } from './actions/guardrails/moderate.ts'
import { createModelLookup } from './models/look-up.ts'
import { createModelLister, type ListedModel, type ModelList } from './models/list.ts'
import { resolveModel } from './models/names.ts'
import { createSignatureCache } from './models/thought-signatures.ts'
import { withNearestNames } from './models/suggest.ts'
import type { QuirkCache } from './models/quirk-cache.ts'
import type { Relayed } from './relay/relay.ts'
import { createRelayer, type RelayIfWanted } from './relay/relayer.ts'
import { relayStored, type StoredRequest } from './relay/stored.ts'
import { rerank, RERANK_MODELS } from './actions/rerank/rerank.ts'

/** OCI Generative AI, as the routes see it. */
export interface OciClient {
  chat(request: ChatRequest, call: CallContext): Promise<Answer<ChatReply>>
  streamChat(request: ChatRequest, call: CallContext): Promise<Answer<ChatEventBatches>>
  relay: RelayIfWanted
  /** Reads or deletes a response that OCI keeps. */
  relayStored(request: StoredRequest, call: CallContext): Promise<Answer<Relayed>>
  embed(request: EmbeddingRequest, call: CallContext): Promise<Answer<EmbeddingReply>>
  rerank(request: RerankRequest, call: CallContext): Promise<Answer<RerankReply>>
  /** A verdict on each subject, in their order. */
  moderate(
    request: ModerationRequest,
    call: CallContext,
  ): Promise<Answer<readonly ModerationVerdict[]>>
  listModels(call: CallContext): Promise<ModelList>
  /** The model a client means by a name, if OCI serves it. */
  findModel(name: string, call: CallContext): Promise<ListedModel | undefined>
  /** What refusals have taught, by model. */
  quirks(): ReturnType<QuirkCache['entries']>
  /** Whether requests to OCI can be signed. */
  isReady(): Promise<boolean>
}

/** Makes the only caller of OCI. */
export function createOciClient(setup: OciSetup): OciClient {
  const oci = {
    ...setup,
    lookUpModel: createModelLookup(setup),
    signatures: createSignatureCache(),
  }
  const listModels = createModelLister(oci)
  const relayIfWanted = relayModels(createRelayer(oci), oci)

  async function readChatNames(call: CallContext): Promise<string[]> {
    const { models } = await listModels(call)
    return models.map(({ id }) => id)
  }

  return {
    relay: (request, call, failure) =>
      withNearestNames(relayIfWanted(request, call, failure), () => readChatNames(call)),
    relayStored: (request, call) => relayStored(request, oci, call),
    chat: (request, call) =>
      withNearestNames(askModels(chat, request, oci, call), () => readChatNames(call)),
    streamChat: (request, call) =>
      withNearestNames(askModels(streamChat, request, oci, call), () => readChatNames(call)),
    embed: (request, call) => withNearestNames(embed(request, oci, call), () => EMBEDDING_MODELS),
    rerank: (request, call) => withNearestNames(rerank(request, oci, call), () => RERANK_MODELS),
    moderate: (request, call) => moderate(request, oci, call),
    listModels,
    async findModel(name, call) {
      const { models } = await listModels(call)
      const model = resolveModel(name, oci.aliases)
      return models.find(({ id }) => id === name) ?? models.find(({ id }) => id === model)
    },
    quirks: () => oci.quirks.entries(),
    isReady: async () => await oci.isReady?.() ?? true,
  }
}

/** What OCI keeps of a conversation no other model finds, and vectors of two models do not compare. */
function relayModels(relayIfWanted: RelayIfWanted, oci: OciContext): RelayIfWanted {
  return (request, call, failure) => {
    const { path, body: { previous_response_id: previous, conversation } } = request
    const isAlone = path === '/embeddings' || Boolean(previous ?? conversation)
    if (isAlone || failure !== undefined) return relayIfWanted(request, call, failure)
    const relayModel = (asked: string, call: CallContext) =>
      relayIfWanted({ ...request, asked }, call)
    return withFallbackModels(request.asked, oci, call, relayModel)
  }
}

function askModels<T>(
  ask: (request: ChatRequest, oci: OciContext, call: CallContext) => Promise<Answer<T>>,
  request: ChatRequest,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<T>> {
  const askModel = (model: string, call: CallContext) => ask({ ...request, model }, oci, call)
  return withFallbackModels<T>(request.model, oci, call, askModel)
}
