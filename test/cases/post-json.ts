import type { TestGateway } from './gateway.ts'
import type { UpstreamCall } from './upstream.ts'
import type { ErrorBody } from './wire.ts'

/** The answer to a request, and the calls to OCI that it caused. */
export interface Posted<Reply> {
  status: number
  headers: Headers
  /** The parsed body; fields that it does not have are `undefined`. */
  reply: Reply & Partial<ErrorBody>
  /** The calls to OCI, in order of arrival. */
  calls: UpstreamCall[]
  /** The bodies of the calls. */
  sent: Record<string, unknown>[]
}

/** Posts JSON. The caller states the shape of the reply, which is not checked. */
export async function postJson<Reply>(
  gateway: Pick<TestGateway, 'fetch' | 'calls'>,
  path: string,
  body: unknown,
): Promise<Posted<Reply>> {
  const before = gateway.calls.length
  const { status, headers, ...response } = await read(gateway, path, body)
  const calls = gateway.calls.slice(before)
  return { status, headers, reply: response.json, calls, sent: calls.map(({ json }) => json) }
}

/** Sorted, because concurrent calls arrive in any order. */
export function inAnyOrder<T>(values: readonly T[]): T[] {
  return values.toSorted((one, other) => JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)
}

async function read({ fetch }: Pick<TestGateway, 'fetch'>, path: string, body: unknown) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, headers: response.headers, json: await response.json() }
}
