import { createKeyId, createKeySecret, hashKey } from '../../src/access/create-key.ts'
import { type KeySettings, newKeyRecord } from '../../src/access/key-settings.ts'
import { type Gateway, openGateway } from '../../src/entry/gateway.ts'
import { createSimulator } from '../../src/package/simulator.ts'
import type { LogRecord } from '../../src/platform.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { KeyRecord } from '../../src/store/records.ts'
import type { Store } from '../../src/store/store.ts'

/** A gateway with a store in memory, in front of a simulator. */
export interface KeyedGateway {
  gateway: Gateway
  store: Store
  lines: LogRecord[]
  /** Number of requests that the simulator received. */
  readonly calls: number
  /** Tokens that the simulator has reported. */
  readonly counted: { prompt: number; completion: number }
  /** Bodies that the simulator received. */
  bodies: unknown[]
  /** @param time when it is created. Default: now */
  createKey(settings: KeySettings, time?: number): Promise<{ text: string; record: KeyRecord }>
  /** Sends JSON, or a GET request without a body. */
  send(path: string, options?: SendOptions): Promise<Response>
}

export interface SendOptions {
  key?: string | undefined
  body?: object | undefined
  method?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

const CHANGE = { actor: 'test', action: 'create', target: '', detail: '' }

/** Opens a gateway. `config` is the configuration file. */
export async function openKeyedGateway(
  { config = {}, env = {}, store = createMemoryStore(), now, onUrl }: {
    config?: object
    env?: Record<string, string>
    store?: Store
    now?: () => number
    /** Receives the address of each request to the control plane for models. */
    onUrl?: (url: URL) => void
  } = {},
): Promise<KeyedGateway> {
  let calls = 0
  const bodies: unknown[] = []
  const simulator = await createSimulator({
    onRequest: ({ json, method }) => {
      calls++
      if (method === 'POST') bodies.push(json)
    },
    ...(now && { now }),
  })
  const counter = createTokenCounter()
  const lines: LogRecord[] = []
  const gateway = await openGateway({
    env: { ...simulator.env, GATEWAY_CONFIG: JSON.stringify(config), ...env },
    files: undefined,
    async fetch(url, init) {
      const address = new URL(url)
      if (address.pathname.endsWith('/models')) onUrl?.(address)
      return counter.count(await simulator.fetch(url, init))
    },
    log: (record) => {
      lines.push(record)
    },
    store,
  })
  return {
    ...{ gateway, store, lines, bodies },
    get calls() {
      return calls
    },
    get counted() {
      return { ...counter.counts }
    },
    async createKey(settings, time = Date.now()) {
      const text = createKeySecret()
      const record = newKeyRecord(settings, {
        ...{ id: createKeyId(), hash: await hashKey(text), now: time },
      })
      await store.createKey(record, { ...CHANGE, time })
      return { text, record }
    },
    async send(path, { key, body, method = body ? 'POST' : 'GET', headers, signal } = {}) {
      return await gateway.app.request(`http://localhost${path}`, {
        ...{ method, ...(signal && { signal }), ...(body && { body: JSON.stringify(body) }) },
        headers: {
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
          ...(body && { 'content-type': 'application/json' }),
          ...headers,
        },
      })
    },
  }
}

/** A chat of one message. */
export function chatOf(content: string, more: object = {}): object {
  return { model: 'xai.grok-4.3', messages: [{ role: 'user', content }], ...more }
}

/** Adds up the token counts in the responses of the simulator, as they are read. */
function createTokenCounter() {
  const counts = { prompt: 0, completion: 0 }
  return {
    counts,
    count(response: Response): Response {
      if (!response.ok || !response.body) return response
      let text = ''
      const decoder = new TextDecoder()
      const body = response.body.pipeThrough(
        new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          transform(chunk, controller) {
            text += decoder.decode(chunk, { stream: true })
            controller.enqueue(chunk)
          },
          flush() {
            const prompt = lastCount(text, PROMPT_TOKENS)
            counts.prompt += prompt
            // xAI counts reasoning beside the completion, and both in the total.
            counts.completion += Math.max(0, lastCount(text, TOTAL_TOKENS) - prompt)
          },
        }),
      )
      return new Response(body, response)
    },
  }
}

const PROMPT_TOKENS = /"(?:promptTokens|prompt_tokens|inputTokens|input_tokens)":(\d+)/g
const TOTAL_TOKENS = /"(?:totalTokens|total_tokens)":(\d+)/g

/** The last count in a text, in linear time: the list of models is long and has none. */
function lastCount(text: string, pattern: RegExp): number {
  return Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0)
}
