import type { CallContext } from '../call.ts'
import type { OciContext } from '../context.ts'
import { errorBodyOf } from '../http/error.ts'
import type { OpenAiOperation } from '../http/openai-endpoint.ts'
import { jsonTexts, withoutClientText } from '../models/client-text.ts'
import {
  inferEndpoint,
  isForOpenAi,
  isReplaced,
  isUnavailable,
  mayNameObject,
  withReachableFormat,
} from '../models/endpoint-choice.ts'
import { applyToProfile } from '../models/learned-quirks.ts'
import type { ModelProfile } from '../models/profiles.ts'
import type { EndpointQuirk, LearnedQuirk } from '../models/quirk.ts'
import type { ResolvedModel } from '../models/resolve.ts'
import { hasHostedFeatures, rejectsFeature, usesHostedFeatures } from './hosted-features.ts'
import type { OpenAiRequest } from './relay.ts'

/** How a request is sent to its model: in the client's form, or translated. */
export type Endpoint = 'relayed' | 'translated'

/** A request that OCI's OpenAI endpoint may accept unchanged, with its model. */
export interface RelayCandidate {
  request: OpenAiRequest
  /** The model name in the client's request. */
  requested: string
  /** OCI's name or OCID of the model, and its name if it is known. */
  model: string
  name: string | undefined
  /** The profile of the model, with learned quirks applied. */
  profile: ModelProfile
  /** The same with a format that the credential can reach, for the translated request. */
  reached: ModelProfile
  quirks: readonly LearnedQuirk[]
}

/** Creates the candidate, from which the endpoint of a request is selected. */
export function createCandidate(
  request: OpenAiRequest,
  requested: string,
  { model, name, profile }: ResolvedModel,
  oci: OciContext,
): RelayCandidate {
  const quirks = oci.quirks.of(model)
  return {
    request,
    requested,
    model,
    name,
    profile: applyToProfile(profile, quirks),
    reached: applyToProfile(withReachableFormat(profile, oci.scheme), quirks),
    quirks,
  }
}

/** Returns the endpoints for a request, in the order in which they are tried. */
export function endpointOrder(
  candidate: RelayCandidate,
  { scheme }: Pick<OciContext, 'scheme'>,
): readonly [Endpoint, ...Endpoint[]] {
  if (mustBeTranslated(candidate) || isKnownUnserved(candidate)) return ['translated']
  if (isRelayed(candidate, scheme) || needsRelay(candidate)) return ['relayed', 'translated']
  const isChat = candidate.request.path === '/chat/completions'
  return isChat && scheme !== 'bearer' ? ['translated', 'relayed'] : ['translated']
}

/** Whether chat completions do not work: the model needs Responses, or they would lose tools. */
function mustBeTranslated({ request: { path, body }, profile }: RelayCandidate): boolean {
  if (path !== '/chat/completions') return false
  const hasTools = [body['tools'], body['functions']].some((tools) =>
    Array.isArray(tools) && tools.length > 0
  )
  return profile.format === 'RESPONSES' || (profile.vendor === 'google' && hasTools)
}

function isKnownUnserved({ request: { path }, quirks }: RelayCandidate): boolean {
  return quirks.some((quirk) => quirk.type === 'endpoint' && quirk.operation === path)
}

function isRelayed(
  { request, profile, reached }: RelayCandidate,
  scheme: OciContext['scheme'],
): boolean {
  const isOpenAi = profile.endpoint === 'openai'
  switch (request.path) {
    case '/chat/completions':
    case '/embeddings':
      return isOpenAi || scheme === 'bearer'
    case '/responses':
      return reached.format === 'RESPONSES' || (isOpenAi && reached.format !== 'CHAT_COMPLETIONS')
  }
}

/** Whether only OCI's OpenAI endpoint has what the request uses. */
function needsRelay({ request, profile }: RelayCandidate): boolean {
  return usesHostedFeatures(request) && hasHostedFeatures(profile)
}

/** Whether the rejection of one endpoint indicates that the other one serves the request. */
export function switchesEndpoint(
  rejecting: Endpoint,
  error: unknown,
  candidate: RelayCandidate,
  oci: OciContext,
  call: CallContext,
): boolean {
  switch (rejecting) {
    case 'relayed':
      return leavesRelay(error, candidate, oci, call)
    case 'translated':
      // The rejection depends on this request's content, so no quirk is learned.
      return isForOpenAi(error)
  }
}

/** The format of a translated request to the same operation. */
const FORMATS: Readonly<Record<OpenAiOperation, ModelProfile['format'] | undefined>> = {
  '/chat/completions': 'CHAT_COMPLETIONS',
  '/responses': 'RESPONSES',
  '/embeddings': undefined,
}

/**
 * Infers from a rejection whether another endpoint serves the model. This request is sent there at
 * once, others after a second request has met the same rejection. Nothing is learned if the rejection
 * may be about an object that the client named.
 */
function leavesRelay(
  error: unknown,
  { request, model, reached }: RelayCandidate,
  { scheme, quirks, platform }: OciContext,
  call: CallContext,
): boolean {
  const { path, body: sent } = request
  const rejection = errorBodyOf(error)
  if (!rejection) return false
  const message = withoutClientText(rejection.message, jsonTexts(sent))
  const body = { ...rejection, message }
  const format = FORMATS[path]
  const quirk = format && inferEndpoint(body, { ...reached, format }, new Set(), scheme)
  const unserved = isUnavailable(body)
  if (!unserved && !quirk) {
    // OCI's native actions search the web, too, and the translation leaves out what they reject.
    const isSearch = path === '/chat/completions' && body.status === 400
    const isLeftOut = usesHostedFeatures(request) && (isSearch || rejectsFeature(body))
    return (isLeftOut || isReplaced(body)) && !refersToStored(sent)
  }
  // With a bearer key no other endpoint is called.
  if (unserved && !quirk && scheme === 'bearer') return false
  if (mayNameObject(body, sent)) return true
  const learned = [
    ...(unserved ? [endpointQuirk(path)] : []),
    ...(quirk && (!unserved || reached.format === format) ? [quirk] : []),
  ]
  const { trace, requestId } = call
  // Chats and responses are translated next, which records the quirks that helped.
  if (path === '/embeddings' || !trace) quirks.record(model, learned, requestId)
  else trace.quirks.set(model, [...trace.quirks.get(model) ?? [], ...learned])
  platform.log({
    level: 'info',
    event: 'endpoint_changed',
    model,
    quirk: learned.map(({ name }) => name).join(', '),
  })
  return true
}

/** Whether a request continues stored state, which only the model that wrote it can read. */
export function refersToStored(body: OpenAiRequest['body'] | undefined): boolean {
  const { previous_response_id: previous, conversation } = body ?? {}
  return Boolean(previous ?? conversation)
}

function endpointQuirk(operation: OpenAiOperation): EndpointQuirk {
  return { type: 'endpoint', name: `no ${operation} on OCI's OpenAI endpoint`, operation }
}
