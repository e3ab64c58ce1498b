import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Collects garbage until a condition holds. Resolves with whether it does. */
export async function collectGarbage(isDone: () => boolean): Promise<boolean> {
  const collect = garbageCollector()
  for (let times = 0; times < 20; times++) {
    // A weak reference that was read is strong until the end of the turn.
    await nextTurn()
    collect()
    await nextTurn()
    if (isDone()) return true
  }
  return false
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

function garbageCollector(): () => void {
  const { Bun } = globalThis as unknown as { Bun?: { gc(isForced: boolean): void } }
  if (Bun) return () => Bun.gc(true)
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}
