import { CAUSES } from '../../causes/cause.ts'
import { POLICIES } from '../../causes/policies.ts'
import { ApiError, type ErrorCode } from '../../errors.ts'
import type { UpstreamResponse } from '../../platform.ts'
import type { CredentialAdvice } from '../signing/credential.ts'
import { type ErrorBody, readErrorBody } from './error-body.ts'
import { readErrorText } from './read-error-text.ts'
import { redactorOf } from './redact.ts'
import { opcRequestId } from './response-headers.ts'

/** What an error message uses besides the answer of the failed call. */
export interface FailedCall {
  /** OCI's name or OCID of the model, if the call is for one. */
  model?: string | undefined
  /** The model's context window in tokens, if it is known. */
  contextWindow?: number | undefined
  /** Of the credential that was used. */
  advice?: CredentialAdvice | undefined
}

/** Reads an error answer and converts it to an ApiError, which keeps the answer as `cause`. */
export async function decodeFailure(
  response: UpstreamResponse,
  call: FailedCall,
): Promise<ApiError> {
  const text = await readErrorText(response)
  const redact = redactorOf(response)
  return decodeError(readErrorBody(response.status, text, redact), call, {
    opcRequestId: opcRequestId(response, redact),
    retryAfter: readRetryDelay(response.headers),
  })
}

/** Converts an error of OCI to the ApiError for the gateway's client. */
export function decodeError(
  body: ErrorBody,
  call: FailedCall,
  details: { opcRequestId?: string | undefined; retryAfter?: number | undefined } = {},
): ApiError {
  const code = codeOf(body, call)
  return new ApiError(code, messageOf(code, body, call), {
    cause: body,
    param: code === 'previous_response_not_found'
      ? 'previous_response_id'
      : code === 'invalid_request'
      ? body.param
      : undefined,
    ...details,
    reason: body.code,
  })
}

/** Returns OCI's answer behind an error, if there is one. */
export function errorBodyOf(error: unknown): ErrorBody | undefined {
  const cause = error instanceof ApiError ? error.cause : undefined
  // Only decodeError() gives an ApiError a cause that has a status.
  return typeof cause === 'object' && cause !== null && 'status' in cause
    ? cause as ErrorBody
    : undefined
}

/** Vendors' texts for a prompt that is too long. No text of OCI's own is known. */
const TOO_LONG =
  /context (length|window)|maximum (context|prompt|input)|too many tokens|token limit|reduce the length|(prompt|input) is too long|max_model_len|context_length_exceeded/i
const EXCEEDS = 'exceeds the maximum'
const FILTERED = /content (filter|moderation|policy)|safety (filter|system)|blocked|inappropriate/i

/** Avoids a pattern with `.*` between the words, which would take quadratic time. */
function isTooLong(message: string): boolean {
  if (TOO_LONG.test(message)) return true
  const text = message.toLowerCase()
  const [first, last] = [text.indexOf(EXCEEDS), text.lastIndexOf(EXCEEDS)]
  return first >= 0 && (/\b(tokens?|prompt|input)\b/.test(text.slice(0, last)) ||
    /\b(tokens?|length)\b/.test(text.slice(first)))
}

/** OpenAI's error for a `previous_response_id` that does not exist. */
function isUnknownPrevious(
  { status, message, code }: Pick<ErrorBody, 'status' | 'message' | 'code'>,
  { model }: FailedCall,
): boolean {
  if (status !== 400 && status !== 404) return false
  if (code === 'previous_response_not_found') return true
  // A request for a stored response has no model.
  const isNamed = message.startsWith('Previous response with id') ||
    (model !== undefined && message.startsWith('Response with id'))
  return isNamed && message.includes('not found')
}

/** OpenAI's error for an `item_reference` that does not exist, not about the model. */
function isUnknownItem({ status, message }: Pick<ErrorBody, 'status' | 'message'>): boolean {
  return status === 404 && message.startsWith('Item with id') && message.includes('not found')
}

function codeOf({ status, message, code }: ErrorBody, call: FailedCall): ErrorCode {
  if (status < 300) return 'upstream_invalid_response'
  if (status < 400) return 'upstream_redirect'
  if ((status === 400 || status === 413) && isTooLong(`${code ?? ''} ${message}`)) {
    return 'context_length_exceeded'
  }
  if (status === 400 && (code === 'content_filter' || FILTERED.test(message))) {
    return 'content_filter'
  }
  if (isUnknownPrevious({ status, message, code }, call)) return 'previous_response_not_found'
  if (isUnknownItem({ status, message })) return 'invalid_request'
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
  const text = withoutSecrets(body.message)
  const detail = text === '' ? '' : `: ${text.replace(/\.$/, '')}`
  switch (code) {
    case 'context_length_exceeded':
      return `${contextSentence(contextWindow, text)}${text}`
    case 'upstream_auth_error':
      return `Cannot authenticate to OCI${detail}. ${authHint(body.message, advice)}`
    case 'permission_denied':
      return `Cannot use OCI Generative AI: not permitted${detail}`
    case 'model_not_found':
      return `Cannot find ${describeTarget(model)}${detail}. ${notFoundHint(advice)}`
    case 'rate_limit_exceeded':
      return `Rate limit exceeded${detail}`
    case 'upstream_redirect':
      return `OCI answered with a redirect (status ${body.status}), which the gateway does not follow`
    case 'upstream_unavailable':
    case 'upstream_timeout':
      return `OCI answered with status ${body.status}${detail}`
    case 'invalid_request':
      return `${text || `OCI rejected the request: status ${body.status}`}${
        formatHint(text, model)
      }`
    default:
      return text || `OCI rejected the request: status ${body.status}`
  }
}

const USER_ADVICE: CredentialAdvice = {
  refused: 'Check that the key is uploaded for this user, that the fingerprint belongs to the ' +
    'key, and that user and tenancy are of the same realm',
  policy: POLICIES.user,
}

function notFoundHint({ policy } = USER_ADVICE): string {
  return 'Possible causes: the model does not exist or is retired, it is not served in this ' +
    `region, the compartment is wrong, or a policy is missing: "${policy}"`
}

/** Calls for guardrails and for lists have no model. */
function describeTarget(model: string | undefined): string {
  return model === undefined ? 'the requested resource' : `the model "${model}"`
}

/** Patterns for the limit in vendors' texts, not for the length of the request; surest first. */
const LIMITS = [
  /\d[\d,]{0,9} (?:tokens )?> ?(\d[\d,]{3,9})/,
  /\b(?:maximum|cannot exceed|max_model_len|limit)\D{0,60}?(\d[\d,]{3,9})/i,
  /(\d[\d,]{3,9}) (?:tokens )?(?:maximum|limit)/i,
  /\b(?:max|up to|at most)\b\D{0,60}?(\d[\d,]{3,9})/i,
  /\bcontext (?:length|window)\D{0,60}?(\d[\d,]{3,9})/i,
]

/**
 * Clients recognize by this sentence that they must shorten the conversation. A size in OCI's text
 * takes precedence: two sizes in one error would contradict each other.
 */
function contextSentence(contextWindow: number | undefined, text: string): string {
  const named = LIMITS.map((limit) => limit.exec(text)?.[1]).find((tokens) => tokens !== undefined)
  const tokens = named?.replaceAll(',', '') ?? contextWindow
  return tokens === undefined
    ? "This model's maximum context length is exceeded. "
    : `This model's maximum context length is ${tokens} tokens. `
}

function authHint(message: string, { refused } = USER_ADVICE): string {
  return /clock skew/i.test(message)
    ? `The clock of this machine is wrong: set it, for example with "${CAUSES.clock_skew.fix}"`
    : refused
}

function formatHint(message: string, model: string | undefined): string {
  if (/correct format of request/i.test(message)) {
    return ` (OCI gives no details; "${model ?? ''}" may not support one of the parameters)`
  }
  return /zero data retention/i.test(message)
    ? ' (OCI stores nothing for this tenancy: send "store": false and the complete conversation)'
    : ''
}

/** Removes OCIDs of tenancies and users, and fingerprints of keys, which clients must not see. */
export function withoutSecrets(message: string): string {
  return message
    .replace(/ocid1\.(user|tenancy)\.[\w.-]+/g, 'ocid1.$1.…')
    .replace(/\b[0-9a-f]{2}(?::[0-9a-f]{2}){15,31}\b/gi, '[fingerprint]')
    .replace(/[\p{Cc}]+/gu, ' ')
    .slice(0, 1_000)
}

/** The reason of an error that represents a complete answer with a failed finish. */
export const FAILED_FINISH = 'failed_finish'

/** Returns the delay that OCI requests, in seconds. `retry-after-ms` is the more precise header. */
function readRetryDelay(headers: UpstreamResponse['headers']): number | undefined {
  const milliseconds = Number(headers.get('retry-after-ms') ?? Number.NaN)
  return milliseconds >= 0 ? milliseconds / 1000 : readRetryAfter(headers.get('retry-after'))
}

/** Reads the seconds of a `retry-after` header, given in seconds or as a date; else `undefined`. */
export function readRetryAfter(value: string | null, now = Date.now()): number | undefined {
  if (value === null || value.trim() === '') return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return seconds < 0 ? undefined : Math.ceil(seconds)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}
