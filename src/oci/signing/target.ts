import { ApiError } from '../../errors.ts'

/**
 * Makes a URL the same on the wire as in the signature, or refuses it. Works on the URL itself,
 * so that whoever sends `url.href` afterwards sends what was signed.
 */
export function prepareTarget(url: URL): void {
  if (url.username !== '' || url.password !== '') {
    throw refusal(url, 'user name and password do not belong in it', 'url_user_info')
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw refusal(url, 'only https is allowed, and http to this machine', 'insecure_url')
  }
  if (url.href.includes('#')) url.hash = ''
  // A bare "?" is part of what fetch sends, but not of `url.search`.
  if (url.search === '' && url.href.endsWith('?')) url.search = ''
}

function isLoopback(hostname: string): boolean {
  return /^(127(\.\d+){3}|\[::1\]|localhost|.+\.localhost)$/.test(hostname)
}

function refusal(url: URL, state: string, reason: string): ApiError {
  const message = `Cannot sign a request to "${url.protocol}//${url.host}": ${state}`
  return new ApiError('configuration_error', message, { reason })
}
