import { isInNetwork } from '../access/client-address.ts'
import type { Environment } from '../platform.ts'
import type { Machine } from './machine.ts'

/** A variable that names a proxy for a URL. */
export interface ProxyVariable {
  name: string
  /** Its value, which may be malformed. */
  text: string
  /** Why this runtime sends the calls directly; `undefined` if it uses the proxy. */
  unusedBecause: 'runtime' | 'no_proxy' | undefined
}

/**
 * Finds the proxy that the environment names for a URL, and whether this runtime's `fetch` uses it.
 * The rules are measured: Node 24 reads the variables only with NODE_USE_ENV_PROXY=1 and knows no
 * ALL_PROXY; Bun 1.4 and Deno 2.9 always read them.
 */
export function proxyFor(
  url: URL,
  { env, runtime }: Pick<Machine, 'env' | 'runtime'>,
): ProxyVariable | undefined {
  const own = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const names = [
    own.toLowerCase(),
    own,
    ...runtime.name === 'node' ? [] : ['all_proxy', 'ALL_PROXY'],
  ]
  const name = names.find((candidate) => env[candidate]?.trim())
  if (name === undefined) return undefined
  return {
    name,
    text: env[name]?.trim() ?? '',
    unusedBecause: isExcluded(url, { env, runtime })
      ? 'no_proxy'
      : readsProxyVariables({ env, runtime })
      ? undefined
      : 'runtime',
  }
}

/** The variables that name a proxy for any URL, for checks of their values. */
export function proxyVariables(env: Environment): { name: string; text: string }[] {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']
    .flatMap((name) => env[name]?.trim() ? [{ name, text: env[name]?.trim() ?? '' }] : [])
}

/** Parses the address of a proxy; `undefined` if it is malformed. */
export function proxyUrl(text: string): URL | undefined {
  const full = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(full) ? new URL(full) : undefined
  return url?.hostname && /^(https?|socks\w*):$/.test(url.protocol) ? url : undefined
}

/** The port of a URL, also if it is the default one of its protocol. */
export function portOf({ protocol, port }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

/** The value of NO_PROXY with one more host. */
export function noProxyWith(host: string, env: Environment): string {
  return [...noProxyEntries(env), host].join(',')
}

/** Whether this runtime's `fetch` reads the variables of proxies. */
export function readsProxyVariables({ env, runtime }: Pick<Machine, 'env' | 'runtime'>): boolean {
  return runtime.name !== 'node' || env['NODE_USE_ENV_PROXY'] === '1' ||
    (env['NODE_OPTIONS'] ?? '').includes('--use-env-proxy')
}

function noProxyEntries(env: Environment): string[] {
  const text = env['no_proxy'] ?? env['NO_PROXY'] ?? ''
  return text.split(/[\s,]+/).filter((entry) => entry !== '')
}

function isExcluded(url: URL, { env, runtime }: Pick<Machine, 'env' | 'runtime'>): boolean {
  return noProxyEntries(env).some((entry) => matches(entry.toLowerCase(), url, runtime.name))
}

/** Deno knows neither `*.` nor a port, and Node no networks (measured). */
function matches(entry: string, url: URL, runtime: Machine['runtime']['name']): boolean {
  if (entry === '*') return true
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (entry.includes('/')) return runtime !== 'node' && isInNetwork(host, entry)
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
  if (port !== undefined && (runtime === 'deno' || Number(port) !== portOf(url))) return false
  const suffix = runtime === 'deno' ? name.replace(/^\./, '') : name.replace(/^\*?\./, '')
  return host === suffix || host.endsWith(`.${suffix}`)
}
