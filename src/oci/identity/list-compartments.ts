import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import { readPages } from '../http/read-pages.ts'
import type { Send, SendContext } from '../http/send.ts'
import { upstreamUrl } from '../http/upstream-url.ts'

/** A compartment that the caller may use. */
export interface Compartment {
  id: string
  /** The names of its parents below the tenancy and its own: `ai/research`. */
  path: string
}

export interface CompartmentListDependencies {
  send: Send
  /** The base URL of the identity service. */
  identity: URL
  tenancy: string
}

const MAX_PAGES = 50
/** Milliseconds between two chunks of an answer. */
const IDLE = 10_000

/** Lists the active compartments below the tenancy that the caller may use, sorted by path. */
export async function listCompartments(
  oci: CompartmentListDependencies,
  call: SendContext,
): Promise<Compartment[]> {
  const items = (await Array.fromAsync(readCompartments(oci, call))).flat()
  const active = items.filter(({ lifecycleState }) => (lifecycleState ?? 'ACTIVE') === 'ACTIVE')
  const byId = new Map(items.map((item) => [item.id, item]))
  return active.map(({ id }) => ({ id, path: pathOf(id, byId) }))
    .sort((one, other) => one.path.localeCompare(other.path))
}

const CompartmentPage = v.array(v.object({
  id: v.string(),
  name: v.string(),
  compartmentId: v.nullish(v.string()),
  lifecycleState: v.nullish(v.string()),
}))
type Item = v.InferOutput<typeof CompartmentPage>[number]

function readCompartments(
  { send, identity, tenancy }: CompartmentListDependencies,
  { requestId, signal }: SendContext,
): AsyncGenerator<Item[]> {
  return readPages(
    (page) => {
      const url = upstreamUrl(identity, ['20160918', 'compartments'], [
        ['compartmentId', tenancy],
        ['compartmentIdInSubtree', 'true'],
        ['accessLevel', 'ACCESSIBLE'],
        ['limit', '100'],
        ...page,
      ])
      return send({ method: 'GET', url, requestId }, signal)
    },
    { schema: CompartmentPage, maxPages: MAX_PAGES, idle: IDLE, signal, unreadable },
  )
}

/** Parents that the caller may not read are left out. */
function pathOf(id: string, byId: ReadonlyMap<string, Item>): string {
  const names: string[] = []
  const seen = new Set<string>()
  for (let item = byId.get(id); item && !seen.has(item.id);) {
    seen.add(item.id)
    names.unshift(item.name)
    item = byId.get(item.compartmentId ?? '')
  }
  return names.join('/')
}

function unreadable(): ApiError {
  return new ApiError('upstream_invalid_response', "Cannot read OCI's compartments: unknown shape")
}
