import type { Context } from 'hono'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { StoredAccess } from '../oci/relay/relay.ts'
import type { RouteContext } from './context.ts'

/** Advice for the client: the gateway does not know the owners of responses after a restart. */
const SEND_ALL = 'The gateway forgets the owners of responses when it restarts. Send the whole ' +
  'conversation as "input"'

/**
 * Returns the client's access to responses that OCI stores, or `undefined` on a gateway without
 * keys, where all clients share them.
 */
export function storedAccess(
  c: Context<GatewayEnvironment>,
  { responseOwners: owners }: Pick<RouteContext, 'responseOwners'>,
): StoredAccess | undefined {
  const owner = c.get('owner')
  if (!owners || owner === undefined) return undefined
  const isOwn = (id: unknown) => typeof id === 'string' && owners.owns(id, owner)
  return {
    record: (id) => owners.record(id, owner),
    check({ previous_response_id: previous, conversation, input }) {
      if ((previous ?? '') !== '' && !isOwn(previous)) {
        throw new ApiError(
          'previous_response_not_found',
          `No response ${quoted(previous)} of this API key. ${SEND_ALL}`,
          { param: 'previous_response_id' },
        )
      }
      if ((conversation ?? undefined) !== undefined) {
        throw notFound(`No conversation ${quoted(conversation)} of this API key`, 'conversation')
      }
      if (!Array.isArray(input)) return
      for (const [index, item] of input.entries()) {
        const id = referenceOf(item)
        if (id === undefined || isOwn(id)) continue
        throw notFound(`No item ${quoted(id)} of this API key`, `input[${index}]`)
      }
    },
  }
}

/** Throws a `not_found` if a response that OCI stores does not belong to the client. */
export function checkOwner(
  c: Context<GatewayEnvironment>,
  id: string,
  { responseOwners: owners }: Pick<RouteContext, 'responseOwners'>,
): void {
  const owner = c.get('owner')
  if (!owners || owner === undefined || owners.owns(id, owner)) return
  throw notFound(`No response "${id}" of this API key`)
}

/** The id of a referenced item. The type of a reference is optional in OpenAI's API. */
function referenceOf(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return undefined
  const { type, role, id } = item as { type?: unknown; role?: unknown; id?: unknown }
  const isReference = type === 'item_reference' || (type ?? role ?? undefined) === undefined
  return isReference ? id ?? '' : undefined
}

function quoted(value: unknown): string {
  return JSON.stringify(value).slice(0, 160)
}

function notFound(problem: string, param?: string): ApiError {
  return new ApiError('not_found', `${problem}. ${SEND_ALL}`, { param })
}
