/**
 * How often a property is tried: `count` times on Node, a fifth of that on Bun and Deno. Only for
 * properties that do not depend on the runtime, such as those of a translation.
 */
export function runsOf(count: number): { numRuns: number } {
  const isNode = !('Bun' in globalThis || 'Deno' in globalThis)
  return { numRuns: isNode ? count : Math.ceil(count / 5) }
}
