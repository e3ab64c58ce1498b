import { isLoopback } from '../../loopback.ts'
import { fail, type Finding, ok, skip, warn } from '../finding.ts'
import type { Session } from '../session.ts'

/** Characters of an API key that cannot be guessed. */
const MIN_KEY_LENGTH = 16

/** Who can call the gateway: its address, API keys, web pages and TLS. */
export async function checkExposure({ settings }: Session): Promise<Finding> {
  const own = await settings()
  if (own.type === 'failed') return skip('needs the configuration')
  const { config } = own.value
  const { host, store, access: { apiKeys, allowedOrigins, trustedProxies } } = config
  if (apiKeys.length === 0 && store !== undefined) {
    return checkTls(host, trustedProxies, 'with keys of the store')
  }
  if (apiKeys.length === 0) {
    if (!isLoopback(host)) return fail('exposed_without_key', { host })
    return allowedOrigins.length > 0
      ? warn('origins_without_key', { origins: allowedOrigins.join(', ') })
      : ok(`${host} only, without API keys`)
  }
  if (apiKeys.some((key) => key.length < MIN_KEY_LENGTH)) {
    return warn('api_key_weak', { minimum: String(MIN_KEY_LENGTH) })
  }
  const keys = `with ${apiKeys.length} API key${apiKeys.length === 1 ? '' : 's'}`
  return checkTls(host, trustedProxies, keys)
}

function checkTls(host: string, trustedProxies: readonly string[], keys: string): Finding {
  return !isLoopback(host) && trustedProxies.length === 0
    ? warn('exposed_without_tls', { host })
    : ok(`${host}, ${keys}`)
}
