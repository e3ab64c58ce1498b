import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'

const folder = new URL('../fixtures/tls/faults/', import.meta.url)
const key = readFileSync(new URL('key.pem', folder))

/** The authority that signed the certificates, for runtimes that can trust one. */
export const AUTHORITY = fileURLToPath(new URL('ca.pem', folder))

const CERTIFICATES = ['good', 'expired', 'wrong-name', 'self-signed'] as const

export type ConnectionName =
  | (typeof CERTIFICATES)[number]
  /** Sends nothing. */
  | 'silent'
  /** Answers without TLS. */
  | 'plain'
  /** The port is closed. */
  | 'refused'

/** What happens to a new connection; without a result the upstream does not serve it. */
export function handlerOf(name: ConnectionName): (socket: Socket) => Socket | undefined {
  return (socket) => {
    switch (name) {
      case 'silent':
      case 'refused':
        return undefined
      case 'plain':
        socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')
        return undefined
      default:
        return new TLSSocket(socket, {
          isServer: true,
          key,
          cert: readFileSync(new URL(`${name}.pem`, folder)),
        })
    }
  }
}
