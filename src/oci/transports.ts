import { ApiError } from '../errors.ts'
import type { ErrorBody } from './error-body.ts'
import { errorBodyOf } from './error.ts'
import type { Lesson } from './lessons.ts'
import type { ModelProfile } from './models.ts'
import type { OpenAiOperation } from './openai-endpoint.ts'

/** The two ways to OCI's chat models: its own actions, or its endpoint that speaks OpenAI. */
export type Transport = 'actions' | 'openai'

/** How requests are admitted: `bearer` keys are taken by OCI's OpenAI endpoint alone. */
export type Scheme = 'signature' | 'bearer' | undefined

type Format = ModelProfile['format']

/** Whom OCI serves chat completions on its OpenAI endpoint, and no Responses. */
const NO_RESPONSES = ['meta']

/**
 * A model as the credential can ask for it. To a bearer key Responses come before chat completions,
 * on which OCI is known to let tools drop unsaid.
 */
export function withinReach(profile: ModelProfile, scheme: Scheme): ModelProfile {
  if (scheme !== 'bearer' || isOpenAi(profile.format)) return profile
  const format = NO_RESPONSES.includes(profile.vendor) ? 'CHAT_COMPLETIONS' : 'RESPONSES'
  return { ...profile, format }
}

/**
 * Reads a refusal as a lesson about the way to a model: `undefined` when another way would not help
 * or was `tried`.
 */
export function learnWay(
  body: ErrorBody,
  profile: ModelProfile,
  tried: ReadonlySet<Format>,
  scheme: Scheme,
): Lesson | undefined {
  const format = nextFormat(body, profile, scheme)
  if (format === undefined || tried.has(format)) return undefined
  return { name: `ask as ${format}`, change: () => ({ format }) }
}

function nextFormat(
  body: ErrorBody,
  { format, vendor }: ModelProfile,
  scheme: Scheme,
): Format | undefined {
  if (format !== 'RESPONSES' && isOnlyResponses(body)) return 'RESPONSES'
  if (!isOpenAi(format) || !isUnserved(body)) return undefined
  if (scheme === 'bearer') return format === 'RESPONSES' ? 'CHAT_COMPLETIONS' : 'RESPONSES'
  return vendor === 'cohere' ? 'COHERE' : 'GENERIC'
}

function isOpenAi(format: Format): boolean {
  return format === 'RESPONSES' || format === 'CHAT_COMPLETIONS'
}

/** OCI's and OpenAI's words for models that answer to Responses only. */
const ONLY_RESPONSES =
  /multi agent requests are not allowed|only supported in v1\/responses|not a chat model/i

function isOnlyResponses({ status, message }: ErrorBody): boolean {
  return (status === 400 || status === 404) && ONLY_RESPONSES.test(message)
}

/** What a 404 may name that is none of the model's: the project, or what the client said was kept. */
const NO_MODEL =
  /\bproject\b|\b(response|item|conversation|file|container|vector store)\b.* not found/i

/** Whether OCI's OpenAI endpoint does not do for the model what it was asked for. */
export function isUnserved(body: ErrorBody): boolean {
  const { status, message } = body
  if (isOnlyResponses(body)) return false
  if (status === 404) return !NO_MODEL.test(message)
  return status === 400 && /unsupported openai operation/i.test(message)
}

/** Whether OCI's actions refused what its OpenAI endpoint would take. */
export function isForOpenAi(failure: unknown): boolean {
  const body = errorBodyOf(failure)
  if (body?.status !== 400) return false
  return /content blocks are expected to be either text or image_url/i.test(body.message)
}

/** The error of a model that no way within reach leads to, in OCI's words. */
export function explainUnserved(error: unknown, model: string, scheme: Scheme): unknown {
  const body = errorBodyOf(error)
  const isMute = body?.status === 400 && isUnserved(body)
  if (scheme !== 'bearer' || !isMute || !(error instanceof ApiError)) return error
  return new ApiError(
    'invalid_request',
    `Cannot ask "${model}" with a bearer key: OCI's OpenAI endpoint has neither Responses nor ` +
      `chat completions of it: ${body.message}`,
    { cause: body, param: 'model', opcRequestId: error.opcRequestId, reason: error.reason },
  )
}

/** What was learnt of passing requests on, by model and operation. */
export interface TransportBook {
  /** Whether such a request is passed on: what was learnt, else what is usual. */
  passes(model: string, operation: OpenAiOperation, usual: boolean): boolean
  /** Notes what OCI's answer taught; `false` when something was taught before, which stays. */
  learn(model: string, operation: OpenAiOperation, passes: boolean): boolean
}

/** How much is remembered; what was learnt first goes first. */
const MOST_LEARNT = 1_000

/** Makes an empty book. */
export function createTransportBook(): TransportBook {
  const learnt = new Map<string, boolean>()
  return {
    passes: (model, operation, usual) => learnt.get(`${operation} ${model}`) ?? usual,
    learn(model, operation, passes) {
      const key = `${operation} ${model}`
      if (learnt.has(key)) return false
      learnt.set(key, passes)
      for (const oldest of learnt.keys()) {
        if (learnt.size <= MOST_LEARNT) break
        learnt.delete(oldest)
      }
      return true
    },
  }
}
