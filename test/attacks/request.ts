import type { AttackRequest } from './row.ts'
import { KEYS } from './settings.ts'

/** The bytes of a request, head and body. */
export function encodeRequest(request: AttackRequest, port: number): Buffer {
  if (request.raw !== undefined) {
    return Buffer.from(request.raw.replaceAll('PORT', String(port)), 'latin1')
  }
  const { body, path, headers = {}, as = 'first' } = request
  const bytes = body === undefined ? Buffer.alloc(0) : bytesOf(body)
  const method = request.method ?? (body === undefined ? 'GET' : 'POST')
  const all = {
    host: `127.0.0.1:${port}`,
    authorization: authorizationOf(as),
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(bytes.length),
    }),
    ...headers,
  }
  const lines = Object.entries(all).filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), bytes])
}

function bytesOf(body: string | Uint8Array | object): Buffer {
  if (typeof body === 'string') return Buffer.from(body)
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body))
}

function authorizationOf(as: NonNullable<AttackRequest['as']>): string {
  switch (as) {
    case 'none':
      return ''
    case 'wrong':
      return `Bearer wrong-${Math.random().toString(36).slice(2)}`
    case 'first':
    case 'second':
      return `Bearer ${KEYS[as]}`
  }
}

/** An ordinary request, by default of the second client. */
export function ordinaryChat(as: AttackRequest['as'] = 'second'): AttackRequest {
  return {
    path: '/v1/chat/completions',
    as,
    body: {
      model: 'meta.llama-3.3-70b-instruct',
      messages: [{ role: 'user', content: 'ordinary' }],
    },
  }
}
