import type { CallContext } from '../call.ts'
import type { OciContext } from '../context.ts'
import { errorBodyOf } from '../http/error.ts'
import type { OpenAiOperation } from '../http/openai-endpoint.ts'
import { jsonTexts, withoutClientText } from '../models/client-text.ts'
import {
  inferEndpoint,
  isForOpenAi,
  isUnavailable,
  mayNameObject,
  withReachableFormat,
} from '../models/endpoint-choice.ts'
import { applyToProfile } from '../models/learned-quirks.ts'
import type { ModelProfile } from '../models/profiles.ts'
import type { EndpointQuirk, LearnedQuirk } from '../models/quirk.ts'
import type { ResolvedModel } from '../models/resolve.ts'
import type { OpenAiRequest } from './relay.ts'

/** How a request reaches its model: as the client wrote it, or translated. */
export type Endpoint = 'relayed' | 'translated'

/** A request that OCI's own OpenAI endpoint might accept as it is, and what is known of its model. */
export interface RelayCandidate {
  request: OpenAiRequest
  /** The model as it was requested, and OCI's name of it. */
  requested: string
  model: string
  /** From the profile table, the operator's configuration and learned quirks. */
  profile: ModelProfile
  /** The same, limited to what the credential can reach: how a translated request is sent. */
  reached: ModelProfile
  quirks: readonly LearnedQuirk[]
}

/** Collects what decides about the endpoint of a request. */
export function createCandidate(
  request: OpenAiRequest,
  requested: string,
  { model, profile }: ResolvedModel,
  oci: OciContext,
): RelayCandidate {
  const quirks = oci.quirks.of(model)
  return {
    request,
    requested,
    model,
    profile: applyToProfile(profile, quirks),
    reached: applyToProfile(withReachableFormat(profile, oci.scheme), quirks),
    quirks,
  }
}

/** The endpoints for a request, in the order in which they are tried. */
export function endpointOrder(
  candidate: RelayCandidate,
  { scheme }: Pick<OciContext, 'scheme'>,
): readonly [Endpoint, ...Endpoint[]] {
  if (mustBeTranslated(candidate) || isKnownUnserved(candidate)) return ['translated']
  if (isRelayed(candidate, scheme)) return ['relayed', 'translated']
  const isChat = candidate.request.path === '/chat/completions'
  return isChat && scheme !== 'bearer' ? ['translated', 'relayed'] : ['translated']
}

/** Models that serve Responses only, and those whose chat completions lose tools. */
function mustBeTranslated({ request: { path, body }, profile }: RelayCandidate): boolean {
  if (path !== '/chat/completions') return false
  const { tools } = body
  const hasTools = Array.isArray(tools) && tools.length > 0
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

/** Whether the refusal of one endpoint says that the other one serves the request. */
export function switchesEndpoint(
  refusing: Endpoint,
  error: unknown,
  candidate: RelayCandidate,
  oci: OciContext,
  call: CallContext,
): boolean {
  switch (refusing) {
    case 'relayed':
      return leavesRelay(error, candidate, oci, call)
    case 'translated':
      // It is about the parts of this request: nothing is learned for the next one.
      return isForOpenAi(error)
  }
}

/** The format in which a translated request would be sent to the endpoint that this one is relayed to. */
const FORMATS: Readonly<Record<OpenAiOperation, ModelProfile['format'] | undefined>> = {
  '/chat/completions': 'CHAT_COMPLETIONS',
  '/responses': 'RESPONSES',
  '/embeddings': undefined,
}

/**
 * Infers from a refusal whether another endpoint serves the model. This request goes there at once.
 * Others follow once a second request has met the same refusal, unless it may be about an object that
 * the client named.
 */
function leavesRelay(
  error: unknown,
  { request: { path, body: sent }, model, reached }: RelayCandidate,
  { scheme, quirks, platform }: OciContext,
  call: CallContext,
): boolean {
  const refusal = errorBodyOf(error)
  if (!refusal) return false
  const message = withoutClientText(refusal.message, jsonTexts(sent))
  const body = { ...refusal, message }
  const format = FORMATS[path]
  const quirk = format && inferEndpoint(body, { ...reached, format }, new Set(), scheme)
  const unserved = isUnavailable(body)
  if (!unserved && !quirk) return false
  // Only this endpoint accepts a bearer key.
  if (unserved && !quirk && scheme === 'bearer') return false
  if (mayNameObject(body, sent)) return true
  const learned = [
    ...(unserved ? [endpointQuirk(path)] : []),
    ...(quirk && (!unserved || reached.format === format) ? [quirk] : []),
  ]
  const { trace, requestId } = call
  // Chats and responses are translated next, and quirks that helped are recorded then.
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

function endpointQuirk(operation: OpenAiOperation): EndpointQuirk {
  return { type: 'endpoint', name: `no ${operation} on OCI's OpenAI endpoint`, operation }
}
