import type { Context } from 'hono'
import type { ObjectOwners } from '../access/object-owners.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { StoredAccess } from '../oci/relay/stored-access.ts'
import { type ReferencedId, referencedIds } from '../openai/referenced-ids.ts'
import type { RouteContext } from './context.ts'

/** The access of one client to the objects that OCI stores. */
export interface ObjectAccess extends StoredAccess {
  /** Throws a `not_found` unless the object belongs to the client. `kind`: such as `file`. */
  checkId(id: string, kind: string): Promise<void>
  /** Returns those of the ids that belong to the client. */
  owned(ids: readonly string[]): Promise<ReadonlySet<string>>
  forget(id: string): Promise<void>
}

/**
 * Returns the client's access to objects that OCI stores, or `undefined` on a gateway without keys,
 * where all clients share them.
 */
export function objectAccess(
  c: Context<GatewayEnvironment>,
  { owners }: Pick<RouteContext, 'owners'>,
): ObjectAccess | undefined {
  const owner = c.get('owner')
  return owners && owner !== undefined ? createAccess(owners, owner) : undefined
}

function createAccess(owners: ObjectOwners, owner: string): ObjectAccess {
  const writes: Promise<void>[] = []
  return {
    async check(body) {
      const references = [...referencedIds(body)]
      if (references.length === 0) return
      const ids = references.flatMap(({ id }) => typeof id === 'string' ? [id] : [])
      const owned = await owners.owned(ids, owner)
      const foreign = references.find(({ id }) => typeof id !== 'string' || !owned.has(id))
      if (foreign) throw notOwned(foreign)
    },
    async checkId(id, kind) {
      if (!(await owners.owned([id], owner)).has(id)) throw notFound(kind, id)
    },
    owned: (ids) => owners.owned(ids, owner),
    record: (ids, kind) => void writes.push(owners.record(ids, owner, kind)),
    recorded: async () => void await Promise.all(writes.splice(0)),
    forget: (id) => owners.forget(id),
  }
}

function notOwned({ kind, id, param }: ReferencedId): ApiError {
  if (kind !== 'response') return notFound(kind, id, param)
  return new ApiError('previous_response_not_found', messageOf(kind, id), { param })
}

function notFound(kind: string, id: unknown, param?: string): ApiError {
  return new ApiError('not_found', messageOf(kind, id), { param })
}

/** Advice for the client: without a store, the gateway does not know the owners after a restart. */
const SEND_ALL = '. A gateway without GATEWAY_STORE forgets the owners of responses when it ' +
  'restarts. Send the whole conversation as "input"'

function messageOf(kind: string, id: unknown): string {
  const quoted = JSON.stringify(id)?.slice(0, 160)
  const advice = kind === 'response' || kind === 'item' ? SEND_ALL : ''
  return `No ${kind} ${quoted} of this API key${advice}`
}
