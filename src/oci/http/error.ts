import { ApiError, type ErrorCode } from '../../errors.ts'
import type { CredentialAdvice } from '../signing/credential.ts'
import { type ErrorBody, readErrorBody } from './error-body.ts'
import { readFailure } from './read-error-text.ts'
import { redactorOf } from './redact.ts'
import { opcRequestId } from './response-headers.ts'

/** What is known of the failed call beside its answer. */
export interface FailedCall {
  /** The model as OCI was asked for it, where one was. */
  model?: string | undefined
  /** The model's context window in tokens, where it is known. */
  contextWindow?: number | undefined
  /** Of the credential that was used. */
  advice?: CredentialAdvice | undefined
}

/** Turns a refused call into the one error, its answer read and kept as `cause`. */
export async function decodeFailure(response: Response, call: FailedCall): Promise<ApiError> {
  const text = await readFailure(response)
  const redact = redactorOf(response)
  return decodeError(readErrorBody(response.status, text, redact), call, {
    opcRequestId: opcRequestId(response, redact),
    retryAfter: readWish(response.headers),
  })
}

/** Says what an error of OCI means to the gateway's client. */
export function decodeError(
  body: ErrorBody,
  call: FailedCall,
  details: { opcRequestId?: string | undefined; retryAfter?: number | undefined } = {},
): ApiError {
  const code = codeOf(body)
  return new ApiError(code, messageOf(code, body, call), {
    cause: body,
    param: code === 'invalid_request' ? body.param : undefined,
    ...details,
    reason: body.code,
  })
}

/** The answer behind an error, where OCI gave one. */
export function errorBodyOf(error: unknown): ErrorBody | undefined {
  const cause = error instanceof ApiError ? error.cause : undefined
  // Only decodeError() gives an ApiError a cause that has a status.
  return typeof cause === 'object' && cause !== null && 'status' in cause
    ? cause as ErrorBody
    : undefined
}

/** Vendors' wordings for a prompt that is too long; none of OCI's own is recorded. */
const TOO_LONG =
  /context (length|window)|maximum (context|prompt|input)|too many tokens|token limit|reduce the length|(prompt|input) is too long|max_model_len/i
const EXCEEDS = 'exceeds the maximum'
const FILTERED = /content (filter|moderation|policy)|safety (filter|system)|blocked|inappropriate/i

/** Without `.*` between the words, which would take quadratic time. */
function isTooLong(message: string): boolean {
  if (TOO_LONG.test(message)) return true
  const text = message.toLowerCase()
  const [first, last] = [text.indexOf(EXCEEDS), text.lastIndexOf(EXCEEDS)]
  return first >= 0 && (/\b(tokens?|prompt|input)\b/.test(text.slice(0, last)) ||
    /\b(tokens?|length)\b/.test(text.slice(first)))
}

function codeOf({ status, message, code }: ErrorBody): ErrorCode {
  if (status < 300) return 'upstream_invalid_response'
  if (status < 400) return 'upstream_redirect'
  if ((status === 400 || status === 413) && isTooLong(message)) return 'context_length_exceeded'
  if (status === 400 && (code === 'content_filter' || FILTERED.test(message))) {
    return 'content_filter'
  }
  switch (status) {
    case 401:
      return 'upstream_auth_error'
    case 403:
      return 'permission_denied'
    case 404:
      return 'model_not_found'
    case 408:
    case 504:
      return 'upstream_timeout'
    case 409:
      return 'upstream_unavailable'
    case 413:
      return 'request_too_large'
    case 429:
      return 'rate_limit_exceeded'
  }
  return status < 500 ? 'invalid_request' : 'upstream_unavailable'
}

function messageOf(
  code: ErrorCode,
  body: ErrorBody,
  { model, contextWindow, advice }: FailedCall,
): string {
  const said = withoutSecrets(body.message)
  const saying = said === '' ? '' : `: ${said.replace(/\.$/, '')}`
  switch (code) {
    case 'context_length_exceeded':
      return `${contextSentence(contextWindow, said)}${said}`
    case 'upstream_auth_error':
      return `Cannot authenticate to OCI${saying}. ${authHint(body.message, advice)}`
    case 'permission_denied':
      return `Cannot use OCI Generative AI: not permitted${saying}`
    case 'model_not_found':
      return `Cannot find ${thing(model)}${saying}. ${notFoundHint(advice)}`
    case 'rate_limit_exceeded':
      return `Rate limit exceeded${saying}`
    case 'upstream_redirect':
      return `Cannot follow OCI to another address: status ${body.status}`
    case 'upstream_unavailable':
    case 'upstream_timeout':
      return `Cannot get an answer from OCI: status ${body.status}${said === '' ? '' : `, ${said}`}`
    case 'invalid_request':
      return `${said || `OCI refused the request: status ${body.status}`}${formatHint(said, model)}`
    default:
      return said || `OCI refused the request: status ${body.status}`
  }
}

const USERS_ADVICE: CredentialAdvice = {
  refused: 'Check that the key is uploaded for this user, that the fingerprint belongs to the ' +
    'key, and that user and tenancy are of the same realm',
  policy: 'Allow group G to use generative-ai-family in compartment C',
}

function notFoundHint({ policy } = USERS_ADVICE): string {
  return 'OCI does not say which of these it is: the model does not exist or was retired, it is ' +
    `not served in this region, the compartment is wrong, or a policy is missing: "${policy}"`
}

/** Guardrails and lists are of no model. */
function thing(model: string | undefined): string {
  return model === undefined ? 'what was asked for' : `the model "${model}"`
}

/** How vendors name the limit itself, and not the length of the request; the surest comes first. */
const LIMITS = [
  /\b(?:maximum|cannot exceed|max_model_len|limit)\D{0,60}?(\d[\d,]{3,9})/i,
  /(\d[\d,]{3,9}) (?:tokens )?(?:maximum|limit)/i,
  /\bcontext (?:length|window)\D{0,60}?(\d[\d,]{3,9})/i,
]

/**
 * Clients look for this sentence to know that they must shorten the conversation. Where OCI names a
 * size, it is that one: two sizes in one error would contradict each other.
 */
function contextSentence(contextWindow: number | undefined, said: string): string {
  const named = LIMITS.map((limit) => limit.exec(said)?.[1]).find((tokens) => tokens !== undefined)
  const tokens = named?.replaceAll(',', '') ?? contextWindow
  return tokens === undefined
    ? "This model's maximum context length is exceeded. "
    : `This model's maximum context length is ${tokens} tokens. `
}

function authHint(message: string, { refused } = USERS_ADVICE): string {
  return /clock skew/i.test(message)
    ? 'The clock of this machine is wrong: set it, for example with "timedatectl set-ntp true"'
    : refused
}

function formatHint(message: string, model: string | undefined): string {
  if (/correct format of request/i.test(message)) {
    return ` (OCI says no more; "${model ?? ''}" may not take one of the parameters that were sent)`
  }
  return /zero data retention/i.test(message)
    ? ' (OCI keeps nothing for this tenancy: send "store": false and the whole conversation)'
    : ''
}

/** OCI's texts name tenancies, users and their keys, which a client of the gateway must not see. */
export function withoutSecrets(message: string): string {
  return message
    .replace(/ocid1\.(user|tenancy)\.[\w.-]+/g, 'ocid1.$1.…')
    .replace(/\b[0-9a-f]{2}(?::[0-9a-f]{2}){15,31}\b/gi, '[fingerprint]')
    .replace(/[\p{Cc}]+/gu, ' ')
    .slice(0, 1_000)
}

/** The reason of an error that stands for a complete answer which the model ended by failing. */
export const FAILED_FINISH = 'failed_finish'

/** How many seconds OCI wants to be left alone: in milliseconds, where it says so, or in seconds. */
function readWish(headers: Headers): number | undefined {
  const exactly = Number(headers.get('retry-after-ms') ?? Number.NaN)
  return exactly >= 0 ? exactly / 1000 : readRetryAfter(headers.get('retry-after'))
}

/** Seconds from a `retry-after` header, given in seconds or as a date; anything else is no wish. */
export function readRetryAfter(value: string | null, now = Date.now()): number | undefined {
  if (value === null || value.trim() === '') return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return seconds < 0 ? undefined : Math.ceil(seconds)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}
