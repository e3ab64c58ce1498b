import type { ChatEventBatches } from '../chat/events.ts'
import type { ChatReply, ChatRequest } from '../chat/model.ts'
import type { EmbeddingReply, EmbeddingRequest } from '../embeddings/model.ts'
import type { ModerationRequest, ModerationVerdict } from '../moderation/model.ts'
import type { RerankReply, RerankRequest } from '../rerank/model.ts'
import { embed } from './actions/embeddings/embed.ts'
import { EMBEDDING_MODELS } from './actions/embeddings/models.ts'
import { moderate } from './actions/guardrails/moderate.ts'
import { rerank, RERANK_MODELS } from './actions/rerank/rerank.ts'
import type { Answer } from './answer.ts'
import type { CallContext } from './call.ts'
import { chat, streamChat } from './chat/chat.ts'
import type { OciContext, OciSetup } from './context.ts'
import { createModelLister, type ListedModel, type ModelList } from './models/list.ts'
import { createModelLookup } from './models/look-up.ts'
import { resolveAlias } from './models/names.ts'
import type { ResolvedModel } from './models/resolve.ts'
import type { QuirkCache } from './models/quirk-cache.ts'
import { withNearestNames } from './models/with-nearest-names.ts'
import { createSignatureCache } from './models/thought-signatures.ts'
import { type Passed, type PassedRequest, passThrough } from './relay/pass-through.ts'
import { type Exchange, respond, type Responded, type Translate } from './respond.ts'

/** The interface of OCI Generative AI that the routes use. */
export interface OciClient {
  /** Responds to a chat: relayed or translated, as model and credential require. */
  respond(exchange: Exchange<ChatRequest>, call: CallContext): Promise<Answer<Responded<ChatReply>>>
  /** Like `respond`, but the reply is streamed. Resolves when OCI has started to answer. */
  respondStreamed(
    exchange: Exchange<ChatRequest>,
    call: CallContext,
  ): Promise<Answer<Responded<ChatEventBatches>>>
  /** Sends a chat that is always translated, never relayed. */
  chat(request: ChatRequest, call: CallContext): Promise<Answer<ChatReply>>
  /** Like `chat`, but the reply is streamed. */
  streamChat(request: ChatRequest, call: CallContext): Promise<Answer<ChatEventBatches>>
  /** Responds to an embeddings request: relayed or translated, as for `respond`. */
  embed(
    exchange: Exchange<EmbeddingRequest>,
    call: CallContext,
  ): Promise<Answer<Responded<EmbeddingReply>>>
  /** Passes a request of an endpoint on that OCI serves in OpenAI's form. */
  passThrough(request: PassedRequest, call: CallContext): Promise<Answer<Passed>>
  /** Whether requests are signed, so that the whole body must be known before it is sent. */
  readonly signsBodies: boolean
  /** Returns OCI's name for the model that a client names. */
  modelOf(name: string): string
  rerank(request: RerankRequest, call: CallContext): Promise<Answer<RerankReply>>
  /** Returns a verdict for each subject, in their order. */
  moderate(
    request: ModerationRequest,
    call: CallContext,
  ): Promise<Answer<readonly ModerationVerdict[]>>
  /** Returns the tenancy's models and the operator's aliases. */
  listModels(call: CallContext): Promise<ModelList>
  /** Returns the model that a name or an alias stands for, if OCI serves it. */
  findModel(name: string, call: CallContext): Promise<ListedModel | undefined>
  /** Returns the learned quirks, by model. */
  quirks(): ReturnType<QuirkCache['entries']>
  /** Returns the models that are called now or that have a limit because of a 429. */
  rateLimits(): ReturnType<NonNullable<OciSetup['rateLimits']>['list']>
  /** Whether requests to OCI can be signed. */
  isReady(): Promise<boolean>
}

/** Creates the client of OCI, with caches of models and OCIDs of its own. */
export function createOciClient(setup: OciSetup): OciClient {
  const oci: OciContext = {
    ...setup,
    lookUpModel: createModelLookup(setup),
    signatures: setup.signatures ?? createSignatureCache(),
  }
  const listModels = createModelLister(oci)

  async function readChatNames(call: CallContext): Promise<string[]> {
    const { models } = await listModels(call)
    return models.map(({ id }) => id)
  }

  const respondChat = createResponder(chat, oci, readChatNames)
  const respondChatStreamed = createResponder(streamChat, oci, readChatNames)

  return {
    respond: respondChat,
    respondStreamed: respondChatStreamed,
    chat: (request, call) => translatedOnly(request, call, respondChat),
    streamChat: (request, call) => translatedOnly(request, call, respondChatStreamed),
    embed: createResponder(embed, oci, () => Promise.resolve(EMBEDDING_MODELS)),
    passThrough: (request, call) => passThrough(request, oci, call),
    signsBodies: oci.signsBodies ?? true,
    modelOf: (name) => resolveAlias(name, oci.aliases),
    rerank: (request, call) => withNearestNames(rerank(request, oci, call), () => RERANK_MODELS),
    moderate: (request, call) => moderate(request, oci, call),
    listModels,
    async findModel(name, call) {
      const { models } = await listModels(call)
      const model = resolveAlias(name, oci.aliases)
      return models.find(({ id }) => id === name) ?? models.find(({ id }) => id === model)
    },
    quirks: () => oci.quirks.entries(),
    rateLimits: () => oci.rateLimits?.list() ?? [],
    isReady: async () => await oci.isReady?.() ?? true,
  }
}

type Responder<Request, Reply> = (
  exchange: Exchange<Request>,
  call: CallContext,
) => Promise<Answer<Responded<Reply>>>

/** Binds `respond()` to one kind of request. The error for an unknown model suggests names. */
function createResponder<Request, Reply>(
  translate: (
    request: Request,
    model: ResolvedModel,
    oci: OciContext,
    call: CallContext,
  ) => Promise<Answer<Reply>>,
  oci: OciContext,
  readNames: (call: CallContext) => Promise<readonly string[]>,
): Responder<Request, Reply> {
  const send: Translate<Request, Reply> = (request, model, call) =>
    translate(request, model, oci, call)
  return (exchange, call) =>
    withNearestNames(respond(exchange, send, oci, call), () => readNames(call))
}

/** Responds to a request that has only a neutral form. */
async function translatedOnly<Request extends { model: string }, Reply>(
  request: Request,
  call: CallContext,
  respond: Responder<Request, Reply>,
): Promise<Answer<Reply>> {
  const exchange = { model: request.model, decode: () => Promise.resolve(request) }
  const { value, ...answer } = await respond(exchange, call)
  if (value.type === 'relayed') throw new Error('Cannot relay a request without its OpenAI form')
  return { ...answer, value: value.reply }
}
