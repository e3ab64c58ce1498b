/** Serves a module's fetch handler on Node or Bun as the gateway does: `serve.ts pipe.ts 8080`. */
import process from 'node:process'
import { serve } from '@hono/node-server'

interface Handler {
  fetch(request: Request): Promise<Response>
}

interface BunRuntime {
  serve(options: Handler & { hostname: string; port: number; idleTimeout: number }): unknown
}

const [file = '', port] = process.argv.slice(2)
const module: { default: Handler } = await import(new URL(file, import.meta.url).href)
const { fetch } = module.default
const address = { hostname: '127.0.0.1', port: Number(port) }
if ('Bun' in globalThis) {
  // Reached only where the global exists.
  const { Bun } = globalThis as unknown as { Bun: BunRuntime }
  Bun.serve({ ...address, idleTimeout: 0, fetch })
} else {
  serve({ ...address, fetch, overrideGlobalObjects: false })
}
