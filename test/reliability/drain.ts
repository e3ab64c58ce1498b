import process from 'node:process'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, pacedStream, WHOLE_STREAM } from './chat.ts'
import { createClient } from './client.ts'
import type { Figure } from './figures.ts'
import { openMeasured } from './gateway.ts'
import { sleep } from '../faults/upstream.ts'

const STREAMS = 200
/** Milliseconds that a drain may take. */
const LIMIT = 30_000

/** Ends a gateway amid 200 streams, each of five seconds: goal 12. */
export async function measureDrain(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {})
  const { target, upstream, port } = gateway
  upstream.choose = () => pacedStream(25, 200)
  const streams = Math.max(10, Math.round(STREAMS * size))
  let begun = 0
  const replies = Array.from(
    { length: streams },
    (_, number) =>
      createClient(port).ask(chatRequest(port, { number, kind: 'paced' }), {
        onFirstByte: () => begun++,
      }),
  )
  while (begun < streams) await sleep(10)
  const told = performance.now()
  process.kill(target.pid, 'SIGTERM')
  await sleep(200)
  upstream.choose = () => WHOLE_STREAM
  const late = await createClient(port).ask(chatRequest(port, { number: 0, kind: 'none' }))
  const all = await Promise.all(replies)
  const whole = all.filter(({ body, end }) => end === 'whole' && body.endsWith('data: [DONE]\n\n'))
  const exit = await Promise.race([target.exited, sleep(LIMIT + 5_000).then(() => NaN)])
  const took = performance.now() - told
  await gateway.stop()
  return [
    { goal: 12, what: 'streams under way', value: streams, unit: '' },
    { goal: 12, what: 'streams lost', value: streams - whole.length, unit: '', most: 0 },
    { goal: 12, what: 'exit status', value: exit ?? NaN, unit: '', least: 0, most: 0 },
    {
      goal: 12,
      what: 'from SIGTERM to the end',
      value: took / 1000,
      unit: 's',
      most: LIMIT / 1000,
    },
    // 0 where nobody listens any more.
    { goal: 12, what: 'status of a new request meanwhile', value: late.status, unit: '' },
  ]
}
