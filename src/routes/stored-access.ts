import type { Context } from 'hono'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { StoredAccess } from '../oci/relay/relay.ts'
import type { RouteContext } from './context.ts'

/** What to do instead; the owners of responses are not known after a restart. */
const SEND_ALL = 'The gateway knows the owner of a response since its start only: send the whole ' +
  'conversation as "input" instead'

/**
 * Which of the responses that OCI keeps belong to the client; `undefined` on a gateway without keys,
 * where all clients are one.
 */
export function storedAccess(
  c: Context<GatewayEnvironment>,
  { responseOwners: owners }: Pick<RouteContext, 'responseOwners'>,
): StoredAccess | undefined {
  if (!owners) return undefined
  const owner = c.get('client')
  const isOwn = (id: unknown) => typeof id === 'string' && owners.owns(id, owner)
  return {
    record: (id) => owners.record(id, owner),
    check({ previous_response_id: previous, conversation, input }) {
      if ((previous ?? '') !== '' && !isOwn(previous)) {
        throw notFound(`No response ${quoted(previous)} of this API key`, 'previous_response_id')
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

/** Throws a `not_found` when a response that OCI keeps does not belong to the client. */
export function checkOwner(
  c: Context<GatewayEnvironment>,
  id: string,
  { responseOwners: owners }: Pick<RouteContext, 'responseOwners'>,
): void {
  if (!owners || owners.owns(id, c.get('client'))) return
  throw notFound(`No response "${id}" of this API key`)
}

/** The id of an item that OCI is asked to insert; OpenAI lets the type of a reference be left out. */
function referenceOf(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return undefined
  const { type, role, id } = item as { type?: unknown; role?: unknown; id?: unknown }
  const isReference = type === 'item_reference' || (type ?? role ?? undefined) === undefined
  return isReference ? id ?? '' : undefined
}

function quoted(value: unknown): string {
  return JSON.stringify(value).slice(0, 160)
}

function notFound(state: string, param?: string): ApiError {
  return new ApiError('not_found', `${state}. ${SEND_ALL}`, { param })
}
