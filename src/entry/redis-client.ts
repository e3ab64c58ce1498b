import { COUNTER_SCRIPT } from '../store/redis/script.ts'
import type { RedisClient } from '../store/redis/store.ts'
import { openDriver } from './open-driver.ts'

/** All keys have the same slot of a cluster. */
const PREFIX = 'oci-genai-gateway:{counters}'
/** Milliseconds. */
const CONNECT_TIMEOUT = 5000
const MAX_RECONNECT_DELAY = 1000

/** Connects to a Redis server. The package `@redis/client` must be installed. */
export async function openRedisClient(url: string): Promise<RedisClient> {
  const { createClient } = await openDriver('@redis/client', () => import('@redis/client'))
  let wasConnected = false
  const client = createClient({
    url,
    // Requests fail at once while Redis is away, so that `store.whenDown` applies.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_TIMEOUT,
      // A wrong address is reported at the start; later the client connects again.
      reconnectStrategy: (retries, cause) => {
        return wasConnected ? Math.min(50 * 2 ** retries, MAX_RECONNECT_DELAY) : cause
      },
    },
  })
  // Without a listener, an error of the connection ends the process. Each call rejects by itself.
  client.on('error', () => {})
  await client.connect()
  wasConnected = true
  const hash = await client.scriptLoad(COUNTER_SCRIPT)
  return {
    async run(...values) {
      const options = { keys: [PREFIX], arguments: values }
      try {
        return toTexts(await client.evalSha(hash, options))
      } catch (error) {
        const isUnknown = error instanceof Error && error.message.startsWith('NOSCRIPT')
        if (!isUnknown) throw error
      }
      // Redis forgets its scripts when it starts.
      return toTexts(await client.eval(COUNTER_SCRIPT, options))
    },
    close: async () => await client.close(),
  }
}

function toTexts(answer: unknown): string[] {
  return Array.isArray(answer) ? answer.map(String) : []
}
