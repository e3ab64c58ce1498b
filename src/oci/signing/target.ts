import { ApiError } from '../../errors.ts'
import { isLoopback } from '../../loopback.ts'

/** The parts of a URL that are signed. */
export type SignedTarget = Readonly<Pick<URL, 'host' | 'pathname' | 'search'>>

/** The targets of URLs that were prepared: each operation has one URL for all of its requests. */
const prepared = new WeakMap<URL, SignedTarget & { href: string }>()

/**
 * Normalizes a URL in place so that `url.href` on the wire equals the signed target, which it returns.
 * Throws a `configuration_error` for credentials in the URL and for plain HTTP to other machines.
 */
export function prepareTarget(url: URL): SignedTarget {
  const known = prepared.get(url)
  if (known?.href === url.href) return known
  normalize(url)
  const { href, host, pathname, search } = url
  const target = { href, host, pathname, search }
  prepared.set(url, target)
  return target
}

function normalize(url: URL): void {
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
