import type { Gateway } from '../entry/gateway.ts'
import type { Environment } from '../platform.ts'
import { PROGRAM } from './help.ts'
import type { Host } from './host.ts'
import { openHostGateway } from './open-gateway.ts'
import { readableLogLine } from './readable-log.ts'

/** A gateway in this process that does not listen, for commands that call OCI themselves. */
export interface DirectGateway {
  config: Gateway['config']
  /** The first region. */
  region: string
  /** Sends a request to a path such as `/v1/models`. With a body, it is a POST of JSON. */
  request(path: string, options: RequestOptions): Promise<Response>
}

export interface RequestOptions {
  signal: AbortSignal
  /** Becomes JSON. */
  body?: object
}

/**
 * Opens the gateway with a command's flags and environment. It uses one of the configured API keys
 * itself. Warnings and errors of its log are printed as text for a person.
 * @param print writes lines to standard error
 */
export async function openDirectGateway(
  host: Host,
  env: Environment,
  print: (text: string) => void,
): Promise<DirectGateway> {
  // It does not listen, so the address of a server's configuration is no reason to require keys.
  const settings = { ...env, HOST: '127.0.0.1', LOG_FORMAT: 'json' }
  const gateway = await openHostGateway(host, settings, (line) => {
    const text = readableLogLine(line)
    if (text !== undefined) print(`${text}\n`)
  }, { usesStore: false })
  const [key] = gateway.config.access.apiKeys
  return {
    config: gateway.config,
    region: gateway.region,
    async request(path, { body, signal }) {
      const headers = {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body && { 'content-type': 'application/json' }),
      }
      return await gateway.app.request(path, {
        ...{ headers, signal },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      })
    },
  }
}

/** Codes of errors whose cause is the credential, the network or the configuration. */
const DOCTOR_CODES: readonly unknown[] = [
  ...['upstream_auth_error', 'upstream_unavailable', 'upstream_redirect', 'configuration_error'],
]

/** The error of a response in OpenAI's format. */
export async function failureOf(response: Response): Promise<Error> {
  const text = await response.text()
  const { message, code } = readError(text)
  if (typeof message !== 'string') return new Error(text || `HTTP status ${response.status}`)
  const hint = DOCTOR_CODES.includes(code) ? `\n${PROGRAM} doctor finds the cause` : ''
  return new Error(`${message}${hint}`)
}

function readError(text: string): { message?: unknown; code?: unknown } {
  try {
    return (JSON.parse(text) as { error?: object }).error ?? {}
  } catch {
    return {}
  }
}

/** The gateway's warnings about a response, one per line, or undefined. */
export function warningsOf(response: Response): string | undefined {
  const header = response.headers.get('x-oci-gateway-warnings')
  return header === null ? undefined : `Warning: ${header}\n`
}
