import { openCheck, survival } from '../conversations/survival.ts'
import type { Fuzz } from './fuzz.ts'

/**
 * Histories of all published and of invented types, in all client APIs. None may make a request fail,
 * lose a tool result, or send OCI a field that it does not know.
 */
export async function histories(): Promise<Fuzz> {
  const check = await openCheck()
  const counts = new Map<string, number>()
  return {
    property: survival(async (conversation) => {
      const { path } = conversation
      counts.set(path, (counts.get(path) ?? 0) + 1)
      await check(conversation)
    }),
    summary: () => [...counts].map(([path, count]) => `${path}: ${count}`).join(', '),
  }
}
