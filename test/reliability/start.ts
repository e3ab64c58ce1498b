import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, COMPLETE_STREAM, healthRequest } from './chat.ts'
import { createClient } from './client.ts'
import { type Figure, quantile } from './figures.ts'
import { openMeasured } from './gateway.ts'

/** Number of starts; the median is reported. */
const TIMES = 5

/** The time from the start of the process to its first answers: goal 14. */
export async function measureStart(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const times: { health: number; chat: number }[] = []
  while (times.length < Math.max(1, Math.round(TIMES * size))) times.push(await startOnce(runtime))
  const healths = times.map(({ health }) => health)
  const chats = times.map(({ chat }) => chat)
  return [
    { goal: 14, what: 'first answer', value: quantile(healths, 0.5), unit: 'ms', max: 500 },
    { goal: 14, what: 'first chat, signed', value: quantile(chats, 0.5), unit: 'ms' },
  ]
}

async function startOnce(runtime: Runtime): Promise<{ health: number; chat: number }> {
  const gateway = await openMeasured(runtime, {})
  gateway.upstream.choose = () => COMPLETE_STREAM
  const client = createClient(gateway.port)
  try {
    const health = await client.ask(healthRequest(gateway.port))
    const healthAt = performance.now() - gateway.target.began
    const chat = await client.ask(chatRequest(gateway.port, { number: 1, kind: 'none' }))
    if (health.status !== 200 || chat.status !== 200) throw new Error('Cannot measure: no answer')
    return { health: healthAt, chat: performance.now() - gateway.target.began }
  } finally {
    client.close()
    await gateway.stop()
  }
}
