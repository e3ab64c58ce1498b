import type { TestGateway } from './gateway.ts'
import type { UpstreamCall } from './upstream.ts'
import type { ErrorBody } from './wire.ts'

/** What came of a request to any path. */
export interface Posted<Reply> {
  status: number
  headers: Headers
  /** The answer; what it does not have a refusal shows by being `undefined`. */
  reply: Reply & Partial<ErrorBody>
  /** What the gateway asked OCI for, in the order of arrival. */
  calls: UpstreamCall[]
  /** The bodies of these. */
  sent: Record<string, unknown>[]
}

/** Posts JSON. The caller knows which shape to expect, and compares the values. */
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

/** Sorted, for calls that are made at once: any of them may be the first to arrive. */
export function inAnyOrder<T>(values: readonly T[]): T[] {
  return values.toSorted((one, other) => JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)
}

async function read({ fetch }: Pick<TestGateway, 'fetch'>, path: string, body: unknown) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, headers: response.headers, json: await response.json() }
}
