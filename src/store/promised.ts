import type { Store } from './store.ts'

/** The methods of a store that answer at once instead of with a promise. */
export type Immediate<Methods extends keyof Store> = {
  [Method in Methods]: Store[Method] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : Store[Method]
}

/** Turns methods that answer at once into the methods of a store: what they throw rejects. */
export function promised<Methods extends keyof Store>(
  methods: Immediate<Methods>,
): Pick<Store, Methods> {
  const entries = Object.entries<(...args: unknown[]) => unknown>(methods)
    .map(([name, method]) => [name, async (...args: unknown[]) => await method(...args)])
  // Each method has the same arguments, and a promise of the same result.
  return Object.fromEntries(entries) as Pick<Store, Methods>
}
