import { ApiError } from '../../errors.ts'
import { isLoopback } from '../../loopback.ts'

/**
 * Normalizes a URL in place so that `url.href` on the wire equals the signed target. Throws a
 * `configuration_error` for credentials in the URL and for plain HTTP to other machines.
 */
export function prepareTarget(url: URL): void {
  if (url.username !== '' || url.password !== '') {
    throw invalidUrl(url, 'the URL contains a user name or password', 'url_user_info')
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalidUrl(url, 'use https; http is allowed only for loopback addresses', 'insecure_url')
  }
  if (url.href.includes('#')) url.hash = ''
  // fetch sends a bare "?", but `url.search` does not contain it.
  if (url.search === '' && url.href.endsWith('?')) url.search = ''
}

function invalidUrl(url: URL, state: string, reason: string): ApiError {
  const message = `Cannot sign a request to "${url.protocol}//${url.host}": ${state}`
  return new ApiError('configuration_error', message, { reason })
}
