import assert from 'node:assert/strict'
import type { Target } from '../runtimes/start.ts'
import { ALIAS, KEYS, MODELS } from './configurations.ts'

/** Clients that send requests without a pause until they are stopped. */
export interface Load {
  /** Resolves with the number of requests when the last one has ended. Rejects if one has failed. */
  stop(): Promise<number>
}

/** Starts clients that alternate between JSON and streams. */
export function startLoad(target: Pick<Target, 'url'>, clients: number): Load {
  let isStopped = false
  let count = 0
  const run = async (first: number) => {
    for (let number = first; !isStopped; number++) {
      await ask(target, number % 2 === 0)
      count++
    }
  }
  const running = Promise.all(Array.from({ length: clients }, (_, client) => run(client)))
  // Reported by `stop`.
  running.catch(() => isStopped = true)
  return {
    async stop() {
      isStopped = true
      await running
      return count
    },
  }
}

/** Sends one chat, and resolves with the model that has answered it completely. */
export async function ask(
  { url }: Pick<Target, 'url'>,
  stream: boolean,
  key: string = KEYS.both,
): Promise<string> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: ALIAS, stream, messages: [{ role: 'user', content: 'Hello' }] }),
  })
  const text = await response.text()
  assert.equal(response.status, 200, text)
  if (stream) assert.match(text, /data: \[DONE\]\s*$/)
  // The simulator names the model that it plays.
  const model = Object.values(MODELS).find((name) => text.includes(name))
  assert.ok(model, text)
  return model
}

/** The status of a request with a key. */
export async function statusWith({ url }: Pick<Target, 'url'>, key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}` }
  const response = await fetch(`${url}/v1/models/${ALIAS}`, { headers })
  await response.body?.cancel()
  return response.status
}
