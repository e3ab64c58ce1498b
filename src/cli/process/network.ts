import { lookup } from 'node:dns/promises'
import { connect as connectTcp, createServer, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type {
  Connection,
  ConnectionTarget,
  Network,
  ServerCertificate,
} from '../../diagnosis/machine.ts'
import { codeOf } from '../../diagnosis/machine.ts'

/** Milliseconds to open a connection. */
const TIMEOUT = 10_000

/** The network of this process, with Node's modules, which Bun and Deno provide too. */
export const processNetwork: Network = {
  async resolve(hostname) {
    const found = await lookup(hostname, { all: true })
    return found.map(({ address }) => address)
  },
  connect,
  tryListen,
}

function connect(target: ConnectionTarget): Promise<Connection> {
  const { host, port, tls, authorities } = target
  return new Promise((resolve) => {
    const socket = tls
      ? connectTls({
        ...{ host, port, rejectUnauthorized: false },
        ...(isIP(host) === 0 && { servername: host }),
        ...(authorities !== undefined && { ca: authorities }),
      })
      : connectTcp({ host, port })
    const finish = (connection: Connection) => {
      socket.destroy()
      resolve(connection)
    }
    socket.setTimeout(TIMEOUT, () => finish({ type: 'failed', code: 'ETIMEDOUT' }))
    socket.once('error', (error) => finish({ type: 'failed', code: codeOf(error) ?? 'UNKNOWN' }))
    socket.once(
      tls ? 'secureConnect' : 'connect',
      () => finish({ type: 'open', certificate: certificateOf(socket) }),
    )
  })
}

function certificateOf(socket: Socket | TLSSocket): ServerCertificate | undefined {
  if (!('getPeerCertificate' in socket)) return undefined
  const { issuer, subject, valid_to: validTo } = socket.getPeerCertificate()
  return {
    isTrusted: socket.authorized,
    issuer: nameOf(issuer),
    subject: nameOf(subject),
    validTo: validTo ?? '',
  }
}

/** A certificate without a common name usually has an organization. */
function nameOf(entity: { CN?: string | string[]; O?: string | string[] } | undefined): string {
  return [entity?.CN ?? entity?.O ?? 'unknown'].flat().join(', ')
}

function tryListen({ host, port }: { host: string; port: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(codeOf(error) ?? 'UNKNOWN'))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
