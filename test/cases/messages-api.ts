import assert from 'node:assert/strict'
import * as v from 'valibot'
import { fold, type Read, readEvents } from '../anthropic/messages/fold.ts'
import { ErrorBody, Message } from '../anthropic/messages/public-schema.ts'
import type { TestGateway } from './gateway.ts'
import type { UpstreamCall } from './upstream.ts'

/** The answer to one Messages request, and the calls to OCI that it caused. */
export interface MessageExchange {
  status: number
  headers: Headers
  warnings: string[]
  /** The `chatRequest` of each call. */
  sent: Record<string, unknown>[]
}

/** A client of the Messages API; checks each answer against the public schema. */
export interface MessagesClient {
  ask(body: object): Promise<MessageExchange & { message: Message }>
  stream(body: object): Promise<MessageExchange & Read & { message: Message }>
  /** Posts a request that must fail, before or during its stream. */
  fail(body: object | string, path?: string): Promise<MessageExchange & { body: ErrorBody }>
}

export function messagesClient(gateway: TestGateway): MessagesClient {
  const post = async (body: object | string, path = '/v1/messages') => {
    const before = gateway.calls.length
    const { status, headers, ...response } = await read(gateway, path, body)
    const exchange = exchangeOf(status, headers, gateway.calls.slice(before))
    return { exchange, text: response.text }
  }
  return {
    async ask(body) {
      const { exchange, text } = await post({ max_tokens: 500, ...body })
      assert.equal(exchange.status, 200, text)
      return { ...exchange, message: v.parse(Message, JSON.parse(text)) }
    },
    async stream(body) {
      const { exchange, text } = await post({ max_tokens: 500, ...body, stream: true })
      assert.equal(exchange.status, 200, text)
      const received = readEvents(text)
      assert.equal(received.error, undefined)
      return { ...exchange, ...received, message: fold(received.events) }
    },
    async fail(body, path) {
      const { exchange, text } = await post(body, path)
      if (exchange.status !== 200) {
        return { ...exchange, body: v.parse(ErrorBody, JSON.parse(text)) }
      }
      return { ...exchange, body: readEvents(text).error ?? assert.fail(text) }
    },
  }
}

async function read({ fetch }: TestGateway, path: string, body: object | string) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

function exchangeOf(
  status: number,
  headers: Headers,
  calls: readonly UpstreamCall[],
): MessageExchange {
  return {
    status,
    headers,
    warnings: (headers.get('x-oci-gateway-warnings') ?? '').split('; ').filter(Boolean),
    sent: calls.filter(({ url }) => url.pathname.endsWith('/actions/chat'))
      .map(({ json }) => Object(json['chatRequest'])),
  }
}
