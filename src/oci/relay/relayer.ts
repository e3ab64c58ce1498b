import type { Answer } from '../answer.ts'
import type { CallContext, OciContext } from '../context.ts'
import type { ErrorBody } from '../error-body.ts'
import { errorBodyOf } from '../error.ts'
import { knowModel } from '../known-model.ts'
import type { ModelProfile } from '../models.ts'
import type { OpenAiOperation } from '../openai-endpoint.ts'
import {
  createTransportBook,
  isForOpenAi,
  isUnserved,
  learnWay,
  type TransportBook,
  withinReach,
} from '../transports.ts'
import { relay, type Relayed, type RelayRequest } from './relay.ts'

/** A request that OCI's own OpenAI endpoint would understand as it is. */
export type OpenAiRequest = Omit<RelayRequest, 'model'>

/**
 * Passes a request on in the words of OpenAI, if that is the way its model goes; after a `failure`
 * of OCI's actions, if that says that the other way is the right one. Else it answers nothing, and
 * the request has to be translated.
 */
export type RelayIfWanted = (
  request: OpenAiRequest,
  call: CallContext,
  failure?: unknown,
) => Promise<Answer<Relayed> | undefined>

/** A request and what is known of its model. */
interface Wish {
  request: OpenAiRequest
  model: string
  /** As its row, its operator and its refusals tell it. */
  profile: ModelProfile
  /** The same as far as the credential reaches: how it is asked when the request is translated. */
  reached: ModelProfile
}

/** Makes the relayer, which remembers the way of each model. */
export function createRelayer(oci: OciContext): RelayIfWanted {
  const book = createTransportBook()
  return async function relayIfWanted(request, call, failure) {
    const { model, profile } = await knowModel(request.asked, oci, call)
    const wish: Wish = {
      request,
      model,
      profile: oci.lessons.apply(model, profile),
      reached: oci.lessons.apply(model, withinReach(profile, oci.scheme)),
    }
    if (mustBeTranslated(wish)) return undefined
    const isWanted = failure === undefined
      ? book.passes(model, request.path, isPassedOn(wish, oci))
      : oci.scheme !== 'bearer' && isForOpenAi(failure) && book.learn(model, request.path, true)
    if (!isWanted) return undefined
    try {
      return await relay({ ...request, model }, oci, call)
    } catch (error) {
      const body = errorBodyOf(error)
      if (body && turnBack(body, wish, book, oci)) return undefined
      throw error
    }
  }
}

/** Chats with models that answer to Responses only, and with those that would let tools drop. */
function mustBeTranslated({ request: { path, body }, profile }: Wish): boolean {
  if (path !== '/chat/completions') return false
  const { tools } = body
  const hasTools = Array.isArray(tools) && tools.length > 0
  return profile.format === 'RESPONSES' || (profile.vendor === 'google' && hasTools)
}

function isPassedOn({ request, profile, reached }: Wish, { scheme }: OciContext): boolean {
  const isOpenAi = profile.transport === 'openai'
  switch (request.path) {
    case '/chat/completions':
    case '/embeddings':
      return isOpenAi || scheme === 'bearer'
    case '/responses':
      return reached.format === 'RESPONSES' ||
        (isOpenAi && reached.format !== 'CHAT_COMPLETIONS')
  }
}

/** In which format a translated request would be asked where this one is passed on to. */
const FORMATS: Readonly<Record<OpenAiOperation, ModelProfile['format'] | undefined>> = {
  '/chat/completions': 'CHAT_COMPLETIONS',
  '/responses': 'RESPONSES',
  '/embeddings': undefined,
}

/** Whether a refusal says that the way was wrong and there is another; that is remembered. */
function turnBack(
  body: ErrorBody,
  { request: { path }, model, reached }: Wish,
  book: TransportBook,
  { scheme, lessons, platform }: OciContext,
): boolean {
  const format = FORMATS[path]
  const lesson = format && learnWay(body, { ...reached, format }, new Set(), scheme)
  const unserved = isUnserved(body)
  if (!unserved && !lesson) return false
  // Nothing but this endpoint takes a bearer key.
  if (unserved && !lesson && scheme === 'bearer') return false
  if (unserved && !book.learn(model, path, false)) return false
  if (lesson && (!unserved || reached.format === format)) lessons.remember(model, [lesson])
  const transport = lesson?.name ?? 'actions'
  platform.log({ level: 'info', event: 'transport_changed', model, transport })
  return true
}
