import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/**
 * Caches compiled code on Node, which shortens the next start. The cache is in the user's own folder:
 * Node's default is one for temporary files, where other users could replace it.
 */
export function cacheCompiledCode(): void {
  const { XDG_CACHE_HOME } = process.env
  const home = XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache')
  // Bun and Deno have no such cache, or their own. A folder that cannot be written is no error.
  module.enableCompileCache?.(join(home, 'oci-genai-gateway'))
}

/** Writes the cache now: Node writes it only when a process ends by itself. */
export function writeCompiledCode(): void {
  module.flushCompileCache?.()
}
