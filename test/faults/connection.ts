import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'

const folder = new URL('../fixtures/tls/faults/', import.meta.url)
const key = readFileSync(new URL('key.pem', folder))

/** The authority that signed the certificates, for those who can be told to trust it. */
export const AUTHORITY = fileURLToPath(new URL('ca.pem', folder))

const CERTIFICATES = ['good', 'expired', 'wrong-name', 'self-signed'] as const

export type ConnectionName =
  | (typeof CERTIFICATES)[number]
  /** Nothing is ever said. */
  | 'silent'
  /** Says something, but not by TLS. */
  | 'plain'
  /** Nobody listens. */
  | 'refused'

/** What a connection is met with; nobody serves it when nothing is returned. */
export function meet(name: ConnectionName): (socket: Socket) => Socket | undefined {
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
