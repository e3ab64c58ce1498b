import { ApiError } from '../../errors.ts'

/** A name and a value of a query string, not yet encoded. */
export type QueryParameter = readonly [name: string, value: string]

/** Names, versions and OCIDs: no slash, no percent sign, and not only dots (`..` changes the path). */
const SEGMENT = /^(?!\.+$)[A-Za-z0-9_.-]{1,255}$/

/**
 * Builds the URL of an OCI operation from a base URL, path segments and query parameters. All such
 * URLs are built here because the path is signed: a segment that could change the path is an
 * `invalid_request`.
 */
export function upstreamUrl(
  base: URL,
  segments: readonly string[],
  query: readonly QueryParameter[] = [],
): URL {
  const url = appendPath(base, segments.map(checkSegment).join('/'))
  for (const [name, value] of query) url.searchParams.append(name, value)
  return url
}

/** Appends a trusted path to a base URL, which may have a path of its own. */
export function appendPath(base: URL, path: string): URL {
  const segments = base.pathname.split('/').filter((segment) => segment !== '')
  return new URL(`${base.origin}/${[...segments, path.replace(/^\/+/, '')].join('/')}`)
}

function checkSegment(segment: string): string {
  if (SEGMENT.test(segment)) return segment
  throw new ApiError(
    'invalid_request',
    'An id for OCI may contain only letters, digits, "_", "-" and ".", at most 255 characters',
    { reason: 'bad_path_segment' },
  )
}
