import type { Answer } from '../answer.ts'
import type { CallContext, OciContext } from '../context.ts'
import type { ErrorBody } from '../error-body.ts'
import { errorBodyOf } from '../error.ts'
import { knowModel } from '../known-model.ts'
import { jsonTexts, withoutClientText } from '../client-text.ts'
import { applyToProfile, type EndpointQuirk, type LearnedQuirk } from '../learned-quirks.ts'
import type { ModelProfile } from '../models.ts'
import type { OpenAiOperation } from '../openai-endpoint.ts'
import {
  inferEndpoint,
  isForOpenAi,
  isUnserved,
  mayNameObject,
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
  /** What was learned about its model. */
  quirks: readonly LearnedQuirk[]
}

/** Makes the relayer. */
export function createRelayer(oci: OciContext): RelayIfWanted {
  return async function relayIfWanted(request, call, failure) {
    const { model, profile } = await knowModel(request.asked, oci, call)
    const quirks = oci.quirks.of(model)
    const wish: Wish = {
      request,
      model,
      profile: applyToProfile(profile, quirks),
      reached: applyToProfile(withinReach(profile, oci.scheme), quirks),
      quirks,
    }
    if (mustBeTranslated(wish) || isUnservedBefore(wish)) return undefined
    // That the actions refused the parts of one request says nothing about the next one.
    const isWanted = failure === undefined
      ? isPassedOn(wish, oci)
      : oci.scheme !== 'bearer' && isForOpenAi(failure)
    if (!isWanted) return undefined
    try {
      return await relay({ ...request, model }, oci, call)
    } catch (error) {
      const body = failure === undefined ? errorBodyOf(error) : undefined
      if (body && switchEndpoint(body, wish, oci, call)) return undefined
      throw error
    }
  }
}

function isUnservedBefore({ request: { path }, quirks }: Wish): boolean {
  return quirks.some((quirk) => quirk.type === 'endpoint' && quirk.operation === path)
}

/** Chats with models that answer to Responses only, and with those that would let tools drop. */
function mustBeTranslated({ request: { path, body }, profile }: Wish): boolean {
  if (path !== '/chat/completions') return false
  const { tools } = body
  const hasTools = Array.isArray(tools) && tools.length > 0
  return profile.format === 'RESPONSES' || (profile.vendor === 'google' && hasTools)
}

function isPassedOn({ request, profile, reached }: Wish, { scheme }: OciContext): boolean {
  const isOpenAi = profile.endpoint === 'openai'
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

/**
 * Whether a refusal says that another endpoint serves the model. This request goes there at once;
 * others do once a second request has met the same, and not for what may be about an object that the
 * client named.
 */
function switchEndpoint(
  refusal: ErrorBody,
  { request: { path, body: sent }, model, reached }: Wish,
  { scheme, quirks, platform }: OciContext,
  call: CallContext,
): boolean {
  const message = withoutClientText(refusal.message, jsonTexts(sent))
  const body = { ...refusal, message }
  const format = FORMATS[path]
  const quirk = format && inferEndpoint(body, { ...reached, format }, new Set(), scheme)
  const unserved = isUnserved(body)
  if (!unserved && !quirk) return false
  // Only this endpoint accepts a bearer key.
  if (unserved && !quirk && scheme === 'bearer') return false
  if (mayNameObject(body, sent)) return true
  const learned = [
    ...(unserved ? [endpointQuirk(path)] : []),
    ...(quirk && (!unserved || reached.format === format) ? [quirk] : []),
  ]
  const { journey, requestId } = call
  // Chats and responses are translated next, and what helped is recorded then.
  if (path === '/embeddings' || !journey?.quirks) quirks.record(model, learned, requestId)
  else journey.quirks.set(model, [...journey.quirks.get(model) ?? [], ...learned])
  platform.log({
    level: 'info',
    event: 'endpoint_changed',
    model,
    quirk: learned.map(({ name }) => name).join(', '),
  })
  return true
}

function endpointQuirk(operation: OpenAiOperation): EndpointQuirk {
  return { type: 'endpoint', name: `no ${operation} on OCI's OpenAI endpoint`, operation }
}
