import type { Store } from './store.ts'

/** The methods of a store that answer at once instead of with a promise. */
export type Immediate<Methods extends keyof Store> = {
  [Method in Methods]: Store[Method] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : Store[Method]
}

type AnyMethod = (...args: unknown[]) => unknown

/** Turns methods that answer at once into the methods of a store: what they throw rejects. */
export function promised<Methods extends keyof Store>(
  methods: Immediate<Methods>,
): Pick<Store, Methods> {
  // TypeScript cannot see that all members of a generic mapped type are functions.
  const entries = Object.entries(methods as unknown as Record<string, AnyMethod>)
    .map(([name, method]) => [name, async (...args: unknown[]) => await method(...args)])
  // Each method has the same arguments, and a promise of the same result.
  return Object.fromEntries(entries) as Pick<Store, Methods>
}
