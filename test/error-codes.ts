import type { ErrorCode } from '../src/errors.ts'

/** What the client of an error should do. */
export type Meaning =
  | 'change-request'
  | 'change-key'
  | 'ask-for-permission'
  | 'raise-budget'
  | 'name-another'
  | 'wait'
  | 'client-left'
  | 'report'
  | 'blame-upstream'

/** The meaning of each code. The compiler requires every code to have one. */
export const MEANINGS: Readonly<Record<ErrorCode, Meaning>> = {
  invalid_request: 'change-request',
  unsupported_content: 'change-request',
  context_length_exceeded: 'change-request',
  previous_response_not_found: 'change-request',
  content_filter: 'change-request',
  method_not_allowed: 'change-request',
  request_too_large: 'change-request',
  unsupported_media_type: 'change-request',
  upgrade_required: 'change-request',
  invalid_api_key: 'change-key',
  permission_denied: 'ask-for-permission',
  model_not_allowed: 'ask-for-permission',
  model_not_priced: 'ask-for-permission',
  insufficient_quota: 'raise-budget',
  not_found: 'name-another',
  model_not_found: 'name-another',
  request_timeout: 'wait',
  rate_limit_exceeded: 'wait',
  overloaded: 'wait',
  store_unavailable: 'wait',
  client_closed: 'client-left',
  internal_error: 'report',
  configuration_error: 'report',
  upstream_auth_error: 'blame-upstream',
  upstream_incomplete: 'blame-upstream',
  upstream_invalid_response: 'blame-upstream',
  upstream_redirect: 'blame-upstream',
  upstream_unavailable: 'blame-upstream',
  upstream_timeout: 'blame-upstream',
}

/** Every code of `ApiError`. */
// The record has no other keys.
export const ERROR_CODES = Object.keys(MEANINGS) as ErrorCode[]
