import { hasItemContent } from '../item-content.ts'
import { isJsonObject, type JsonObject } from '../json-object.ts'
import { responseOfItem } from './responses/identity.ts'

/** A reference to an object that OCI stores. */
export interface ReferencedId {
  kind: 'conversation' | 'response' | 'item' | 'file' | 'vector store' | 'container' | 'prompt'
  id: unknown
  /** The field, as OpenAI writes it: `tools[0].vector_store_ids[1]`. */
  param: string
}

/** The members that name objects, wherever they occur in a request. */
const MEMBERS: ReadonlyMap<string, ReferencedId['kind']> = new Map([
  ['previous_response_id', 'response'],
  ['file_id', 'file'],
  ['file_ids', 'file'],
  ['vector_store_id', 'vector store'],
  ['vector_store_ids', 'vector store'],
  ['container', 'container'],
  ['container_id', 'container'],
  ['conversation', 'conversation'],
  ['approval_request_id', 'item'],
])

/** Content of the client's own, and what earlier answers have cited: OCI looks up no id in them. */
const OPAQUE = new Set([
  ...['metadata', 'attributes', 'filters', 'parameters', 'schema', 'arguments'],
  ...['annotations', 'results', 'outputs'],
])

/**
 * Finds all references to stored objects in the body of a request. Empty references, which mean none,
 * are left out. A loop instead of a recursion, because the nesting is the client's.
 */
export function* referencedIds(body: Readonly<Record<string, unknown>>): Generator<ReferencedId> {
  const rest: { value: unknown; at: string }[] = [{ value: body, at: '' }]
  const { prompt } = body
  const given = approvalRequestsIn(body)
  if (isJsonObject(prompt)) yield* idsIn(prompt['id'] ?? null, 'prompt', 'prompt.id')
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { value, at } = next
    if (Array.isArray(value)) {
      for (const [index, inner] of value.entries()) {
        if (typeof inner === 'object') rest.push({ value: inner, at: `${at}[${index}]` })
      }
      continue
    }
    if (!isJsonObject(value)) continue
    if (/^(?:input|items)\[\d+\]$/.test(at)) yield* itemReference(value, at)
    for (const [name, member] of Object.entries(value)) {
      // The client chooses the names of a prompt's variables, whose values may be files.
      if (OPAQUE.has(name) && at !== 'prompt.variables') continue
      const param = at === '' ? name : `${at}.${name}`
      const kind = MEMBERS.get(name)
      if (kind && !(kind === 'item' && given.has(member))) yield* idsIn(member, kind, param)
      if (typeof member === 'object') rest.push({ value: member, at: param })
    }
  }
}

/**
 * The ids of the approval requests that a request contains itself, so that OCI looks up none. One
 * without its content is a reference, which is found on its own.
 */
function approvalRequestsIn({ input, items }: JsonObject): ReadonlySet<unknown> {
  const given = [input, items].flatMap((list) =>
    Array.isArray(list) ? list.filter(isJsonObject) : []
  )
  return new Set(given.flatMap(({ type, id }) => type === 'mcp_approval_request' ? [id] : []))
}

function* idsIn(
  member: unknown,
  kind: ReferencedId['kind'],
  param: string,
): Iterable<ReferencedId> {
  if (Array.isArray(member)) {
    for (const [index, id] of member.entries()) yield { kind, id, param: `${param}[${index}]` }
  } else if (typeof member === 'string') {
    if (member !== '') yield { kind, id: member, param }
  } else if (!isJsonObject(member)) {
    if (member !== null) yield { kind, id: member, param }
  } else if (kind === 'conversation') {
    yield { kind, id: member['id'], param }
  } else if (kind !== 'container' || (member['id'] ?? undefined) !== undefined) {
    // A container that OCI creates has no id. No other member is an object.
    yield { kind, id: member['id'] ?? member, param }
  }
}

/** The type of a reference is optional in OpenAI's API. An item without its content is one, too. */
function* itemReference(item: JsonObject, param: string): Iterable<ReferencedId> {
  const { type, role, id } = item
  const isReference = type === 'item_reference' || (type ?? role ?? undefined) === undefined
  if (isReference) yield { kind: 'item', id: id ?? '', param }
  else if (typeof id === 'string' && id !== '' && !hasItemContent(item) && !isOwnReasoning(item)) {
    yield { kind: 'item', id, param }
  }
}

/** OCI has no reasoning of the gateway's own responses. */
function isOwnReasoning({ type, id }: JsonObject): boolean {
  return type === 'reasoning' && responseOfItem(String(id)) !== undefined
}
