/** Slows down whoever tries one key after the other. */
export interface GuessLimit {
  /** Whether an address has to wait before its key is even looked at. */
  bars(address: string, key: string): boolean
  /** Remembers a wrong key's address. */
  noteWrong(address: string): void
  /** Remembers a right key: whoever has it never waits, whatever others do at his address. */
  noteRight(key: string): void
}

/** How many addresses are remembered; the ones longest unseen go first. */
const MOST_ADDRESSES = 10_000
const MINUTE = 60_000

/** Makes one that gives an address `perMinute` wrong keys a minute, as many of them at once. */
export function createGuessLimit(perMinute: number, now: () => number): GuessLimit {
  /** When each address will have all its guesses again. */
  const free = new Map<string, number>()
  const right = new Set<string>()
  const each = MINUTE / perMinute
  return {
    bars: (address, key) => (free.get(address) ?? 0) > now() + MINUTE - each && !right.has(key),
    noteWrong(address) {
      const until = Math.max(free.get(address) ?? 0, now()) + each
      free.delete(address)
      free.set(address, until)
      for (const oldest of free.keys()) {
        if (free.size <= MOST_ADDRESSES) break
        free.delete(oldest)
      }
    },
    noteRight: (key) => void right.add(key),
  }
}
