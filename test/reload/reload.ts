/**
 * Reloads the configuration of a gateway a thousand times on each runtime, while clients send requests,
 * and checks that no request fails and that the memory of the process does not grow.
 */
import process from 'node:process'

process.env['RELOADS'] ??= '1000'
await import('../runtimes/reload.test.ts')
await import('../runtimes/reload-workers.test.ts')
