import type { Gateway } from '../../entry/gateway.ts'
import { isJsonObject } from '../../json-object.ts'
import type { Host } from '../host.ts'

/** The result of a chat through the gateway. */
export type TestResult = { type: 'works'; seconds: number } | { type: 'fails'; message: string }

/** Milliseconds for the answer of a model. */
const TIMEOUT = 60_000
/** Enough for models that reason before they answer. */
const MAX_TOKENS = 256

/** Sends one short chat through a gateway in this process. */
export async function testCall(
  { app, config }: Gateway,
  model: string,
  { now, signal }: Pick<Host, 'now' | 'signal'>,
): Promise<TestResult> {
  const [key] = config.access.apiKeys
  const messages = [{ role: 'user', content: 'Answer with the word: ready' }]
  const began = now()
  const response = await app.request('http://127.0.0.1/v1/chat/completions', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ model, messages, max_tokens: MAX_TOKENS }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  })
  const seconds = (now() - began) / 1_000
  const reply: unknown = await response.json()
  signal.throwIfAborted()
  return response.ok ? { type: 'works', seconds } : { type: 'fails', message: messageOf(reply) }
}

function messageOf(reply: unknown): string {
  const error = isJsonObject(reply) ? reply['error'] : undefined
  return isJsonObject(error) ? String(error['message']) : 'the answer is not readable'
}
