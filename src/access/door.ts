/** What the gateway lets in, and how much at once. Times are milliseconds. */
export interface Door {
  /** Requests at work at once; those beyond are told to come again. */
  requests: number
  /** For the whole of a request's body; 0 is no limit. */
  bodyTime: number
  /** What running requests are given when the gateway is told to end. */
  drainTime: number
  /** Names besides those of this machine by which a gateway without keys may be called. */
  hosts: readonly string[]
  /** Sites whose pages may call the gateway: `https://chat.example`. */
  origins: readonly string[]
  /** Wrong keys in a minute after which an address has to wait. */
  guesses: number
}

export const DEFAULT_DOOR: Door = {
  requests: 1_024,
  bodyTime: 60_000,
  drainTime: 30_000,
  hosts: [],
  origins: [],
  guesses: 20,
}
