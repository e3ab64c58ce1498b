import { ApiError } from '../../errors.ts'
import type { ErrorBody } from '../http/error-body.ts'
import { errorBodyOf } from '../http/error.ts'
import { parameterIn, parameterOf, type RefusableParameter } from './parameter-names.ts'
import type { ModelProfile } from './profiles.ts'
import type { ProfileQuirk } from './quirk.ts'

/** How requests are authenticated. With `bearer`, only OCI's OpenAI endpoint is called. */
export type Scheme = 'signature' | 'bearer' | undefined

type Format = ModelProfile['format']

/** Vendors for which OCI's OpenAI endpoint serves chat completions, but not Responses. */
const NO_RESPONSES = ['meta']

/**
 * Returns the profile with a format that the credential can reach. With a bearer key, Responses is
 * preferred to chat completions, for which OCI is known to drop tools silently.
 */
export function withReachableFormat(profile: ModelProfile, scheme: Scheme): ModelProfile {
  if (scheme !== 'bearer' || isOpenAi(profile.format)) return profile
  const format = NO_RESPONSES.includes(profile.vendor) ? 'CHAT_COMPLETIONS' : 'RESPONSES'
  return { ...profile, format }
}

/**
 * Infers from a rejection which endpoint serves a model. Returns `undefined` if another endpoint
 * would not help or its format was `tried`.
 */
export function inferEndpoint(
  body: ErrorBody,
  profile: ModelProfile,
  tried: ReadonlySet<Format>,
  scheme: Scheme,
): ProfileQuirk | undefined {
  const format = nextFormat(body, profile, scheme)
  if (format === undefined || tried.has(format)) return undefined
  return { type: 'profile', name: `use format ${format}`, change: () => ({ format }) }
}

function nextFormat(
  body: ErrorBody,
  { format, vendor }: ModelProfile,
  scheme: Scheme,
): Format | undefined {
  if (format !== 'RESPONSES' && isOnlyResponses(body)) return 'RESPONSES'
  if (format === 'RESPONSES' && isOnlyChat(body)) return 'CHAT_COMPLETIONS'
  if (!isOpenAi(format) || !isUnavailable(body)) return undefined
  if (scheme === 'bearer') return format === 'RESPONSES' ? 'CHAT_COMPLETIONS' : 'RESPONSES'
  return vendor === 'cohere' ? 'COHERE' : 'GENERIC'
}

function isOpenAi(format: Format): boolean {
  return format === 'RESPONSES' || format === 'CHAT_COMPLETIONS'
}

/** Texts of OCI and OpenAI about models or requests that only Responses serves. */
const ONLY_RESPONSES =
  /multi agent requests are not allowed|only (?:be )?(?:supported|available|used) (?:in|on|with|via|through|by) (?:the )?(?:\/?v1\/responses|responses (?:api|endpoint))|not a chat model|\b(?:use|try|call) (?:the )?(?:\/?v1\/responses|responses (?:api|endpoint))/i

/** Texts about models or requests that only chat completions serve. */
const ONLY_CHAT =
  /only (?:be )?(?:supported|available|used) (?:in|on|with|via|through|by) (?:the )?(?:\/?v1\/chat\/completions|chat completions)|\b(?:use|try|call) (?:the )?(?:\/?v1\/chat\/completions|chat completions)/i

/** Whether an error names another endpoint as the right one. It is then not about a parameter. */
export function namesOtherEndpoint(body: ErrorBody): boolean {
  return isOnlyResponses(body) || isOnlyChat(body)
}

function isOnlyResponses({ status, message }: ErrorBody): boolean {
  return (status === 400 || status === 404) && ONLY_RESPONSES.test(message)
}

function isOnlyChat({ status, message }: ErrorBody): boolean {
  return (status === 400 || status === 404) && ONLY_CHAT.test(message)
}

/** Texts about an object that a client names, which a 404 may mean instead of the model. */
const OBJECT =
  /\bproject\b|\b(?:response|item|conversation|file|container|vector store|prompt|thread|assistant|connector|skill|batch)\b[^.]*\b(?:not found|does not exist|do not exist|cannot be found|could not be found)|\b(?:no|unknown|invalid) (?:such )?(?:response|item|conversation|file|container|vector store|prompt|thread|assistant|connector|skill|batch)\b/i

/** Members of a request that name stored objects. */
const NAMED_OBJECTS =
  /"(?:previous_response_id|conversation|prompt|file_id|file_ids|vector_store_ids|container|connector_id|skill_id)":(?!null)/

/** Whether a 404 may be about an object that the client named, so that no quirk is inferred. */
export function mayNameObject(body: ErrorBody, request: object): boolean {
  return body.status === 404 && NAMED_OBJECTS.test(JSON.stringify(request))
}

/** Whether OCI's OpenAI endpoint does not serve the operation for the model. */
export function isUnavailable(body: ErrorBody): boolean {
  const { status, message } = body
  if (namesOtherEndpoint(body)) return false
  if (status === 404) return !OBJECT.test(message)
  return status === 400 && /unsupported openai operation/i.test(message)
}

/** Whether OCI's native actions rejected content that its OpenAI endpoint would accept. */
export function isForOpenAi(failure: unknown): boolean {
  const body = errorBodyOf(failure)
  if (body?.status !== 400) return false
  return /content blocks are expected to be either text or image_url/i.test(body.message)
}

/** Parts of a conversation, as OCI and the vendors name them. */
const CONVERSATION =
  /\bmessages\b|\binput\[|\bcontent (?:types?|parts?|blocks?)\b|\b(?:images?|audio|videos?|files?|multimodal|vision)\b|\btool_calls?\b|\btool_call_ids?\b|\btool (?:messages?|results?|outputs?)\b|\broles?\b/i

/** Texts about a conversation that no translation makes acceptable. */
const LENGTH_OR_POLICY =
  /\bcontext\b|\btoo long\b|\btokens\b|\bpolicy\b|\bflagged\b|\bmoderat|\bsafety\b/i

const LEVELS: ReadonlySet<unknown> = new Set<RefusableParameter>(['reasoningEffort', 'verbosity'])

/** Members that are translated, beside parameters. */
const REPLACED_MEMBERS = /^(?:messages|input|functions|function_call)\b/

/**
 * Whether OCI's OpenAI endpoint rejected a part of the conversation or a parameter, which the
 * translated request leaves out or replaces.
 */
export function isReplaced({ status, message, param }: ErrorBody): boolean {
  if (status !== 400 || OBJECT.test(message) || LENGTH_OR_POLICY.test(message)) return false
  if (param) return REPLACED_MEMBERS.test(param) || parameterOf(param) !== undefined
  return CONVERSATION.test(message) || LEVELS.has(parameterIn(message))
}

/** Explains the error of a model that no endpoint serves for the credential, with OCI's text. */
export function explainUnavailable(error: unknown, model: string, scheme: Scheme): unknown {
  const body = errorBodyOf(error)
  const isNotServed = body?.status === 400 && isUnavailable(body)
  if (scheme !== 'bearer' || !isNotServed || !(error instanceof ApiError)) return error
  return new ApiError(
    'invalid_request',
    `"${model}" is not available with a bearer key: OCI's OpenAI endpoint serves neither ` +
      `Responses nor chat completions for this model: ${body.message}`,
    { cause: body, param: 'model', opcRequestId: error.opcRequestId, reason: error.reason },
  )
}
