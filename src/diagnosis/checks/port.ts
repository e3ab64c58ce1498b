import { fail, type Finding, ok, skip } from '../finding.ts'
import { isGatewayAt } from '../gateway-at.ts'
import type { Session } from '../session.ts'

/** Ports after the configured one that are tried. */
const MAX_TRIES = 20

/** Whether the gateway can listen on its port. */
export async function checkPort({ settings, machine }: Session): Promise<Finding> {
  const own = await settings()
  if (own.type === 'failed') return skip('needs the configuration')
  const { host, port } = own.value.config
  if (port === 0) return ok('a free port')
  const code = await machine.network.tryListen({ host, port })
  switch (code) {
    case undefined:
      return ok(`${port} is free`)
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'ENOTFOUND':
      return fail('address_not_available', { host })
    case 'EACCES':
    case 'EPERM':
      return fail('port_not_permitted', { port: String(port), free: '8050' })
  }
  if (await isGatewayAt(own.value.config, machine)) return ok(`${port}, where a gateway runs`)
  const free = await findFree(host, port, machine.network)
  return fail('port_in_use', { host, port: String(port), free: String(free) })
}

async function findFree(
  host: string,
  port: number,
  { tryListen }: Session['machine']['network'],
): Promise<number> {
  for (let next = port + 1; next <= Math.min(port + MAX_TRIES, 65_535); next++) {
    if (await tryListen({ host, port: next }) === undefined) return next
  }
  return 0
}
