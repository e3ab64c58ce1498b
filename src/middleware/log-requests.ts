import type { Platform } from '../platform.ts'
import type { Around } from './lifecycle.ts'
import { keyName } from './key-name.ts'

/**
 * Logs one line per request when it ends, for a stream at the end of the stream: method, path,
 * model, outcome, tokens, cost, key and duration, never content.
 */
export function logRequests(platform: Platform): Around {
  return function logRequests(c) {
    const startedAt = platform.now()
    const requestId = c.get('requestId')
    const { method, path } = c.req
    c.set('log', { level: 'info', event: 'request', requestId, method, path: path.slice(0, 200) })
    c.get('lifecycle').onEnd(() => {
      const ms = platform.now() - startedAt
      const key = keyName(c)
      const record = c.get('log')
      if (key !== undefined) record['key'] = key
      record['ms'] = ms
      platform.log(record)
    })
    return () => {
      c.get('log')['status'] = c.res.status
    }
  }
}
