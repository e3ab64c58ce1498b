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

function collidingBlocks(state: number): [string, string] {
  const seen = new Map<number, string>()
  for (let count = 0;; count++) {
    const block = `.${count}`
    const reached = fnv(state, block)
    const known = seen.get(reached)
    if (known !== undefined) return [known, block]
    seen.set(reached, block)
  }
}

function fnv(state: number, text: string): number {
  let sum = state
  for (let at = 0; at < text.length; at++) {
    sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193)
  }
  return sum
}
