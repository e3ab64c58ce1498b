import { EVENTUALLY } from './bounds.ts'
import { type Exchange, sleep } from './upstream.ts'

/** Something a script or a client waits for. It makes a row independent of the machine's speed. */
export type Condition =
  /** `clients` have received `text`; without a number, all that the upstream has sent it to. */
  | { type: 'received'; text: string; clients?: number }
  /** So many clients have their answer or have left. */
  | { type: 'finished'; clients: number }
  /** So many requests have reached the upstream. */
  | { type: 'requested'; requests: number }
  /** The upstream has finished, or lost, every request so far. */
  | { type: 'upstream-idle' }
  /** A client of the row has sent a signal to the gateway's process. */
  | { type: 'signalled' }
  /** The gateway runs fewer requests than its limit. */
  | { type: 'ready' }
  /** The gateway no longer accepts requests. */
  | { type: 'draining' }

/** What can be seen of one client while its row runs. */
export interface ObservedClient {
  holds(text: string): boolean
  isFinished(): boolean
}

/** How often conditions are checked, in milliseconds. */
const INTERVAL = 10

/** What the clients of one row have received and done so far. */
export class RowProgress {
  isSignalled = false
  /** Conditions that were not met in time. */
  readonly unmet: Condition[] = []
  readonly #clients: ObservedClient[] = []
  readonly #sent = new Map<string, number>()
  /** One check serves all that wait for the same. */
  readonly #pending = new Map<string, Promise<void>>()
  readonly #exchanges: () => readonly Exchange[]
  readonly #isReady: () => Promise<boolean>

  constructor(exchanges: () => readonly Exchange[], isReady: () => Promise<boolean>) {
    this.#exchanges = exchanges
    this.#isReady = isReady
  }

  observe(client: ObservedClient): void {
    this.#clients.push(client)
  }

  /** Resolves when the condition is met, or after a limit; `unmet` then has it. */
  async until(condition: Condition): Promise<void> {
    if (condition.type === 'received' && condition.clients === undefined) {
      this.#sent.set(condition.text, (this.#sent.get(condition.text) ?? 0) + 1)
    }
    const key = JSON.stringify(condition)
    const pending = this.#pending.get(key) ?? this.#poll(condition, key)
    this.#pending.set(key, pending)
    return await pending
  }

  async #poll(condition: Condition, key: string): Promise<void> {
    const limit = performance.now() + EVENTUALLY
    while (!await this.#isMet(condition)) {
      if (performance.now() > limit) {
        this.unmet.push(condition)
        break
      }
      await sleep(INTERVAL)
    }
    this.#pending.delete(key)
  }

  async #isMet(condition: Condition): Promise<boolean> {
    switch (condition.type) {
      case 'received': {
        const { text, clients = this.#sent.get(text) ?? 0 } = condition
        return this.#clients.filter((client) => client.holds(text)).length >= clients
      }
      case 'finished':
        return this.#clients.filter((client) => client.isFinished()).length >= condition.clients
      case 'requested':
        return this.#exchanges().length >= condition.requests
      case 'upstream-idle':
        return this.#exchanges().every(({ ended }) => ended)
      case 'signalled':
        return this.isSignalled
      case 'ready':
        return await this.#isReady()
      case 'draining':
        return !await this.#isReady()
    }
  }
}
