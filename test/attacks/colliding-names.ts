/**
 * 2 ** `doublings` tool names with the same 32-bit FNV-1a hash. They differ after the part that a safe
 * name keeps. A birthday search finds two blocks that lead from one hash state to the same next state;
 * each further pair of blocks doubles the number of names.
 */
export function collidingNames(doublings: number, prefix: string): string[] {
  let names = [prefix]
  let state = fnv(0x811c9dc5, prefix)
  for (let at = 0; at < doublings; at++) {
    const [one, other] = collidingBlocks(state)
    state = fnv(state, one)
    names = names.flatMap((name) => [name + one, name + other])
  }
  return names
}

/** Bits of a hash that choose its place in the table of those that were reached. */
const TABLE_BITS = 20

function collidingBlocks(state: number): [string, string] {
  // The last count that reached each place: a map of all hashes takes ten times as long.
  const counts = new Uint32Array(2 ** TABLE_BITS)
  for (let count = 1;; count++) {
    const block = blockOf(count)
    const reached = fnv(state, block)
    const place = reached >>> (32 - TABLE_BITS)
    const known = blockOf(counts[place] ?? 0)
    if (counts[place] !== 0 && fnv(state, known) === reached) return [known, block]
    counts[place] = count
  }
}

/** Blocks of scattered digits collide far sooner than those of consecutive numbers. */
function blockOf(count: number): string {
  return `.${(Math.imul(count, 0x9e3779b1) >>> 0).toString(36)}`
}

function fnv(state: number, text: string): number {
  let sum = state
  for (let at = 0; at < text.length; at++) {
    sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193)
  }
  return sum
}
