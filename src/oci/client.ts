import type { ChatEventBatches } from '../chat/events.ts'
import type { ChatReply, ChatRequest } from '../chat/model.ts'
import { ApiError } from '../errors.ts'
import type { Answer } from './answer.ts'
import { chat, streamChat } from './chat.ts'
import type { CallContext, OciSetup } from './context.ts'
import { createModelLookup } from './model-lookup.ts'
import { createModelLister, type ListedModel, type ModelList } from './model-list.ts'
import { resolveModel } from './model-names.ts'
import { nearestNames } from './nearest-names.ts'

/** OCI Generative AI, as the routes see it. */
export interface OciClient {
  chat(request: ChatRequest, call: CallContext): Promise<Answer<ChatReply>>
  streamChat(request: ChatRequest, call: CallContext): Promise<Answer<ChatEventBatches>>
  listModels(call: CallContext): Promise<ModelList>
  /** The model a client means by a name, if OCI serves it. */
  findModel(name: string, call: CallContext): Promise<ListedModel | undefined>
  /** What refusals have taught, by model. */
  lessons(): readonly (readonly [model: string, lessons: readonly string[]])[]
}

/** Makes the only caller of OCI. */
export function createOciClient(setup: OciSetup): OciClient {
  const oci = { ...setup, lookUpModel: createModelLookup(setup) }
  const listModels = createModelLister(oci)

  /** A name OCI does not know is answered with the names nearest to it, never with another model. */
  async function helped<T>(call: CallContext, answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'model_not_found') throw error
      const { models } = await listModels(call)
      throw withNearest(error, models.map(({ id }) => id))
    }
  }

  return {
    chat: (request, call) => helped(call, chat(request, oci, call)),
    streamChat: (request, call) => helped(call, streamChat(request, oci, call)),
    listModels,
    async findModel(name, call) {
      const { models } = await listModels(call)
      const model = resolveModel(name, oci.aliases)
      return models.find(({ id }) => id === name) ?? models.find(({ id }) => id === model)
    },
    lessons: () => oci.lessons.entries(),
  }
}

function withNearest(error: ApiError, names: readonly string[]): ApiError {
  const asked = /"([^"]*)"/.exec(error.message)?.[1] ?? ''
  const nearest = nearestNames(asked, names)
  if (nearest.length === 0) return error
  const list = nearest.map((name) => `"${name}"`).join(', ')
  return new ApiError('model_not_found', `${error.message}. Nearest names: ${list}`, error)
}
