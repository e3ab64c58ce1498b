import type { Context } from 'hono'
import { type Env, queryOf, reject, type SimulatorContext } from '../context.ts'
import { invalidRequest, notFoundOnOpenAi } from '../openai/error.ts'
import { readRequest } from '../openai/operation.ts'
import { isServiceError, type ServiceError } from '../service-error.ts'
import type { Fields } from '../shape.ts'

type Json = Readonly<Record<string, unknown>>
type Handler = (c: Context<Env>) => object | Response | Promise<object | Response>

/** Throws an error that `handle` answers. */
export class Rejection extends Error {
  readonly error: ServiceError

  constructor(error: ServiceError) {
    super(error.message)
    this.error = error
  }
}

/** Creates a handler that answers with JSON, or with the error of a `Rejection`. */
export function handle(
  handler: Handler,
  context: SimulatorContext,
): (c: Context<Env>) => Promise<Response> {
  return async (c: Context<Env>): Promise<Response> => {
    try {
      const answer = await handler(c)
      return answer instanceof Response ? answer : Response.json(answer)
    } catch (error) {
      if (error instanceof Rejection) return reject(error.error, context)
      throw error
    }
  }
}

/** The body of a request, which must have exactly these fields. An empty body is an empty object. */
export function bodyOf(c: Context<Env>, fields: Fields): Json {
  const { received } = c.get('exchange')
  const json = received.body.length === 0 ? {} : received.json
  const body = readRequest<Json>({ fields }, json)
  if (isServiceError(body)) throw new Rejection(body)
  return body
}

/** Finds an object by the id in the path. */
export function find<Value>(map: ReadonlyMap<string, Value>, id: string, kind: string): Value {
  const found = map.get(id)
  if (found === undefined) throw new Rejection(notFoundOnOpenAi(`No such ${kind}: '${id}'.`))
  return found
}

/** Rejects a request because of one of its fields. */
export function refuse(message: string, param: string | null = null): never {
  throw new Rejection(invalidRequest(message, param))
}

/** The answer to a deletion. */
export function deleted(id: string, object: string): object {
  return { id, object: `${object}.deleted`, deleted: true }
}

const MAX_LIMIT = 100

/** A page of a list, the latest first unless the order is `asc`. */
export function pageOf<Item extends { id?: string | null }>(
  c: Context<Env>,
  all: Iterable<Item>,
  { defaultLimit = 20, maxLimit = MAX_LIMIT } = {},
): object {
  const query = queryOf(c)
  const limit = Number(query.get('limit') ?? defaultLimit)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    refuse(`Invalid 'limit': must be between 1 and ${maxLimit}.`, 'limit')
  }
  const order = query.get('order') ?? 'desc'
  if (order !== 'asc' && order !== 'desc') refuse(`Invalid value: '${order}'.`, 'order')
  const items = order === 'asc' ? [...all] : [...all].toReversed()
  const after = query.get('after')
  const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1
  if (after !== null && start === 0) refuse(`Invalid 'after': no item '${after}'.`, 'after')
  const data = items.slice(start, start + limit)
  const [first, last] = [data[0]?.id ?? null, data.at(-1)?.id ?? null]
  const hasMore = start + limit < items.length
  return { object: 'list', data, first_id: first, last_id: last, has_more: hasMore }
}

/** Reads a multipart form, which may have only these fields. `[]` at the end of a name is optional. */
export async function formOf(c: Context<Env>, fields: readonly string[]): Promise<FormData> {
  const { received } = c.get('exchange')
  const type = received.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) refuse('Expected a multipart form.')
  const form = await new Response(received.body, { headers: { 'content-type': type } }).formData()
    .catch(() => refuse('Could not parse the multipart form.'))
  const unknown = [...form.keys()].find((name) => !fields.includes(name.replace(/\[\w*\]$/, '')))
  if (unknown !== undefined) refuse(`Unknown parameter: '${unknown}'.`, unknown)
  return form
}

/** A file of a form. */
export function fileOf(form: FormData, name: string): File {
  const file = form.get(name)
  if (file instanceof File) return file
  return refuse(`Missing required parameter: '${name}'.`, name)
}

/** A text of a form. */
export function textOf(form: FormData, name: string): string | undefined {
  const text = form.get(name)
  if (text instanceof File) return refuse(`Invalid type for '${name}'.`, name)
  return text ?? undefined
}
