import { ApiError } from '../../errors.ts'

/** A name and a value of a query string, not yet encoded. */
export type QueryParameter = readonly [name: string, value: string]

/** Names, versions and OCIDs: no slash, no percent sign, and not only dots (`..` changes the path). */
const SEGMENT = /^(?!\.+$)[A-Za-z0-9_.-]{1,255}$/

/**
 * The address of an operation of OCI: `base`, then the path segments, then the query. The only
 * place that builds one, because the path is signed: a segment that could change the path is an
 * `invalid_request`, whoever sent it.
 */
export function upstreamUrl(
  base: URL,
  segments: readonly string[],
  query: readonly QueryParameter[] = [],
): URL {
  const path = segments.map(checkSegment).join('/')
  const url = new URL(`${base.href.replace(/\/$/, '')}/${path}`)
  for (const [name, value] of query) url.searchParams.append(name, value)
  return url
}

function checkSegment(segment: string): string {
  if (SEGMENT.test(segment)) return segment
  throw new ApiError(
    'invalid_request',
    'An id for OCI may only have letters, digits, "_", "-" and dots, and at most 255 characters',
    { reason: 'bad_path_segment' },
  )
}
