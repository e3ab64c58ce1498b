import process from 'node:process'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, COMPLETE_STREAM, pacedStream } from './chat.ts'
import { createClient } from './client.ts'
import type { Figure } from './figures.ts'
import { openMeasured } from './gateway.ts'
import { sleep } from '../faults/upstream.ts'

const STREAMS = 200
/** Maximum milliseconds of a drain. */
const LIMIT = 30_000

/** Stops a gateway during 200 streams of five seconds each: goal 12. */
export async function measureDrain(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {})
  const { target, upstream, port } = gateway
  upstream.choose = () => pacedStream(25, 200)
  const streams = Math.max(10, Math.round(STREAMS * size))
  let started = 0
  const replies = Array.from(
    { length: streams },
    (_, number) =>
      createClient(port).ask(chatRequest(port, { number, kind: 'paced' }), {
        onFirstByte: () => started++,
      }),
  )
  while (started < streams) await sleep(10)
  const signalledAt = performance.now()
  process.kill(target.pid, 'SIGTERM')
  await sleep(200)
  upstream.choose = () => COMPLETE_STREAM
  const late = await createClient(port).ask(chatRequest(port, { number: 0, kind: 'none' }))
  const all = await Promise.all(replies)
  const complete = all.filter(({ body, end }) =>
    end === 'complete' && body.endsWith('data: [DONE]\n\n')
  )
  const exit = await Promise.race([target.exited, sleep(LIMIT + 5_000).then(() => NaN)])
  const took = performance.now() - signalledAt
  await gateway.stop()
  return [
    { goal: 12, what: 'running streams', value: streams, unit: '' },
    { goal: 12, what: 'streams lost', value: streams - complete.length, unit: '', max: 0 },
    { goal: 12, what: 'exit status', value: exit ?? NaN, unit: '', min: 0, max: 0 },
    {
      goal: 12,
      what: 'from SIGTERM to the exit',
      value: took / 1000,
      unit: 's',
      max: LIMIT / 1000,
    },
    // 0 if the gateway no longer listens.
    { goal: 12, what: 'status of a new request during the drain', value: late.status, unit: '' },
  ]
}
