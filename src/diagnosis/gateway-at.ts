import type { Machine } from './machine.ts'

const TIMEOUT = 3_000

/** The base URL at which this machine reaches the gateway. */
export function localAddress({ host, port }: { host: string; port: number }): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** Whether a gateway runs at its configured address. */
export async function isGatewayAt(
  address: { host: string; port: number },
  { fetch, signal }: Pick<Machine, 'fetch' | 'signal'>,
): Promise<boolean> {
  try {
    const response = await fetch(`${localAddress(address)}/health`, {
      method: 'GET',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    })
    const text = await response.text()
    return response.ok && response.headers.has('x-request-id') && text.includes('"status":"ok"')
  } catch {
    return false
  }
}
