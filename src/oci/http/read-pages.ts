import * as v from 'valibot'
import type { AbortState } from '../../abort.ts'
import type { ApiError } from '../../errors.ts'
import type { UpstreamResponse } from '../../platform.ts'
import { readJson } from './read-json.ts'

type QueryParameters = readonly (readonly [string, string])[]

export interface PageOptions<Schema extends v.GenericSchema> {
  schema: Schema
  maxPages: number
  /** Milliseconds between two chunks of an answer. */
  idle: number
  signal: AbortState
  /** The error of an answer that does not match the schema. */
  unreadable(): ApiError
  /** The error of a list with more pages than `maxPages`. Without it, the rest is left out. */
  tooMany?: () => ApiError
}

/**
 * Reads the pages of one of OCI's lists, each by the token in `opc-next-page` of the page before.
 * @param request sends the request of a page, whose query parameters it receives
 */
export async function* readPages<Schema extends v.GenericSchema>(
  request: (page: QueryParameters) => Promise<UpstreamResponse>,
  { schema, maxPages, idle, signal, unreadable, tooMany }: PageOptions<Schema>,
): AsyncGenerator<v.InferOutput<Schema>> {
  let page: string | null = null
  for (let count = 0; count < maxPages; count++) {
    const response = await request(page === null ? [] : [['page', page]])
    const parsed = v.safeParse(schema, await readJson(response, idle, signal))
    if (!parsed.success) throw unreadable()
    yield parsed.output
    page = response.headers.get('opc-next-page')
    if (!page) return
  }
  if (tooMany) throw tooMany()
}
