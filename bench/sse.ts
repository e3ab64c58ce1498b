/** Measures the cost of a stream inside the process, per event, compared with a raw pipe in the same run.
 *
 *   node bench/sse.ts      bun bench/sse.ts      deno run -A bench/sse.ts
 *
 * Wall time of one busy thread; nothing waits, so it equals CPU time. Ratios are comparable between
 * machines, microseconds are not.
 *
 * Limits: every read is answered at once, so `readDecoded()` collects a burst; at the pace of a model each
 * word costs one more read and write. The pipe does not inspect bytes, so its cost per event decreases
 * with the events per read; above ten its time is too short for a meaningful ratio.
 */
import { createSseDecoder, type SseMessage } from '../src/sse/decode.ts'
import { readDecoded } from '../src/sse/read.ts'
import { sseResponse } from '../src/sse/response.ts'

type Bytes = Uint8Array<ArrayBuffer>

const EVENTS = 2000
const ROUNDS = 41
/** Warm-up; without it the first shape includes compilation: its ratios differed by 2 between runs (measured). */
const WARM_UP = 20
const TEXTS = ['the ', 'quick ', 'brown ', 'a "lazy" ', 'dog.\n', 'café ']
const SHAPES = [['1 event a read, burst', 1], ['10 events a read, burst', 10]] as const

const WAYS: readonly (readonly [name: string, run: (chunks: readonly Bytes[]) => Promise<void>])[] =
  [
    ['raw pipe', (chunks) => drain(new Response(streamOf(chunks)))],
    ['decode', (chunks) => Promise.resolve(decode(chunks, ignore))],
    ['decode + template', (chunks) => Promise.resolve(decode(chunks, template))],
    ['read', async (chunks) => {
      const batches = readDecoded(streamOf(chunks), createSseDecoder(), new AbortController())
      for await (const batch of batches) ignore(batch)
    }],
    ['read + template + response', (chunks) => drain(answer(chunks))],
  ]

const recordings = SHAPES.map(([shape, size]) => [shape, record(size)] as const)
for (const [, chunks] of recordings) await measureRounds(chunks, WARM_UP)
for (const [shape, chunks] of recordings) report(shape, await measureRounds(chunks, ROUNDS))

async function measureRounds(chunks: readonly Bytes[], count: number): Promise<number[][]> {
  const rounds: number[][] = []
  for (let i = 0; i < count; i++) rounds.push(await measure(chunks, i % 2 === 1))
  return rounds
}

/** Microseconds per event for each variant; every second round is in reverse order to distribute noise. */
async function measure(chunks: readonly Bytes[], backwards: boolean): Promise<number[]> {
  const times = WAYS.map(() => 0)
  const order = [...WAYS.entries()]
  for (const [way, [, run]] of backwards ? order.reverse() : order) {
    const started = performance.now()
    await run(chunks)
    times[way] = (performance.now() - started) * 1000 / EVENTS
  }
  return times
}

/** Ratios within a round, where both sides have the same noise; the range is the interquartile range. */
function report(shape: string, rounds: readonly (readonly number[])[]): void {
  const rows = WAYS.map(([name], way) => {
    const time = quantile(rounds.map((times) => times[way] ?? NaN), 0.5)
    const ratios = rounds.map((times) => (times[way] ?? NaN) / (times[0] ?? NaN))
    const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(ratios, part).toFixed(2))
    return `  ${name.padEnd(28)}${time.toFixed(2).padStart(8)}${
      `${middle}`.padStart(8)
    }  ${low}..${high}`
  })
  // deno-lint-ignore no-console
  console.log([`${shape.padEnd(30)}us/event  x pipe`, ...rows, ''].join('\n'))
}

function record(size: number): Bytes[] {
  const events = Array.from({ length: EVENTS }, (_, i) => {
    const text = TEXTS[i % TEXTS.length]
    const message = { role: 'ASSISTANT', content: [{ type: 'TEXT', text }] }
    return `data: ${JSON.stringify({ index: 0, message, pad: 'a'.repeat(i % 11 + 1) })}\n\n`
  })
  return Array.from(
    { length: EVENTS / size },
    (_, i) => new TextEncoder().encode(events.slice(i * size, (i + 1) * size).join('')),
  )
}

function streamOf(chunks: readonly Bytes[]): ReadableStream<Bytes> {
  let next = 0
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks[next++]
      if (chunk) controller.enqueue(chunk)
      else controller.close()
    },
  })
}

async function drain(response: Response): Promise<void> {
  const reader = response.body?.getReader()
  while (reader && !(await reader.read()).done);
}

function decode(chunks: readonly Bytes[], use: (batch: readonly SseMessage[]) => unknown): void {
  const decoder = createSseDecoder()
  for (const chunk of chunks) use(decoder.push(chunk))
}

function answer(chunks: readonly Bytes[]): Response {
  const abort = new AbortController()
  const options = { signal: abort.signal, idleMs: 60_000 }
  return sseResponse(readDecoded(streamOf(chunks), createSseDecoder(), options), {
    abort,
    encoder: { encode: template },
    heartbeat: { text: ': keep-alive\n\n', ms: 10_000 },
    onError: String,
  })
}

/** The cheapest possible translation: parses each event and escapes only the text. */
function template(batch: readonly SseMessage[]): string {
  return batch.map(({ data }) => {
    const text = JSON.stringify(JSON.parse(data).message.content[0].text)
    return `data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":${text}}}]}\n\n`
  }).join('')
}

function ignore(batch: readonly SseMessage[]): number {
  return batch.length
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? NaN
}
