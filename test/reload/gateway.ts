import { after } from 'node:test'
import { type Gateway, openGateway } from '../../src/entry/gateway.ts'
import { createSimulator } from '../../src/package/simulator.ts'
import type { Environment, LogRecord } from '../../src/platform.ts'
import type { Store } from '../../src/store/store.ts'

/** A gateway whose files are in memory, in front of a simulator. */
export interface FiledGateway {
  gateway: Gateway
  /** The credential, which the simulator accepts. */
  env: Environment
  /** The texts of the files by path. */
  files: Map<string, string>
  lines: LogRecord[]
  /** Bodies of the calls to OCI. */
  bodies: Record<string, unknown>[]
  /** Replaces the configuration file and reloads it. */
  reload(config: object | string): ReturnType<Gateway['reloader']['reload']>
  /** Sends JSON, or a GET request without a body. */
  send(path: string, options?: SendOptions): Promise<Response>
}

export interface SendOptions {
  key?: string
  body?: object
}

export const PATH = '/etc/gateway/gateway.config.jsonc'

export interface FiledOptions {
  config?: object | undefined
  env?: Record<string, string>
  files?: Record<string, string>
  store?: Store
  /** Answers calls to OCI before the simulator. */
  upstream?: (url: string, init: RequestInit) => Promise<Response> | undefined
}

/**
 * Opens a gateway with a configuration file, or without one if `config` is `undefined`. It is closed at
 * the end of the test.
 */
export async function openFiledGateway(options: FiledOptions): Promise<FiledGateway> {
  const { env = {}, store, upstream } = options
  const simulator = await createSimulator()
  const files = new Map(Object.entries(options.files ?? {}))
  if (options.config) files.set(PATH, JSON.stringify(options.config))
  const lines: LogRecord[] = []
  const bodies: Record<string, unknown>[] = []
  const gateway = await openGateway({
    env: { ...simulator.env, ...(options.config && { GATEWAY_CONFIG: PATH }), ...env },
    files: { home: '/home/me', read: (path) => Promise.resolve(files.get(path)) },
    async fetch(url, init) {
      const { body } = init
      if (body) bodies.push(JSON.parse(new TextDecoder().decode(body as Uint8Array)))
      return await upstream?.(url, init) ?? await simulator.fetch(url, init)
    },
    log: (record) => void lines.push(record),
    ...(store && { store }),
  })
  after(() => gateway.close())
  return {
    ...{ gateway, files, lines, bodies, env: simulator.env },
    reload(config) {
      files.set(PATH, typeof config === 'string' ? config : JSON.stringify(config))
      return gateway.reloader.reload()
    },
    async send(path, { key, body } = {}) {
      return await gateway.app.request(`http://localhost${path}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
        headers: {
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
      })
    },
  }
}
