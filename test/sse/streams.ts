import type { ByteBody } from '../../src/platform.ts'
import { createSseDecoder, type SseMessage } from '../../src/sse/decode.ts'
import { type Batches, readDecoded, type ReadOptions } from '../../src/sse/read.ts'

export type Bytes = Uint8Array<ArrayBuffer>

export type Body = ReadableStream<Bytes>

/** What a reader did with a body. */
export interface Seen {
  cancelled: boolean
}

export interface ManualBody {
  body: Body
  seen: Seen
  send(text: string): void
  fail(error: unknown): void
  close(): void
}

const encoder = new TextEncoder()

export function bytesOf(text: string): Bytes {
  return encoder.encode(text)
}

/** The text of a batch of server-sent events. */
export function encodeSse(messages: readonly SseMessage[]): string {
  return messages.map(({ event, data }) => {
    const name = event === undefined ? '' : `event: ${event}\n`
    return `${name}data: ${data.split(/\r\n|\r|\n/).join('\ndata: ')}\n\n`
  }).join('')
}

/** Reads a body as server-sent events. */
export function readSse(
  body: ByteBody,
  options: ReadOptions & { maxEventBytes?: number },
): Batches<readonly SseMessage[]> {
  return readDecoded(body, createSseDecoder(options), options)
}

/** A body that sends one chunk per pull, and records what its reader does. */
export function bodyOf(chunks: Iterable<string>): { body: Body; seen: Seen & { bytes: number } } {
  const iterator = chunks[Symbol.iterator]()
  const seen = { bytes: 0, cancelled: false }
  const body = new ReadableStream<Bytes>({
    pull(controller) {
      const { done, value } = iterator.next()
      if (done) return controller.close()
      const bytes = bytesOf(value)
      seen.bytes += bytes.length
      controller.enqueue(bytes)
    },
    cancel() {
      seen.cancelled = true
    },
  })
  return { body, seen }
}

/** A body that can be read into a buffer, like those of a network; a chunk every `gap` ms. */
export function byteBodyOf(chunks: Iterable<string>, gap = 0): Body {
  const iterator = chunks[Symbol.iterator]()
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      if (gap > 0) await after(gap)
      const { done, value } = iterator.next()
      if (!done) return controller.enqueue(bytesOf(value))
      controller.close()
      controller.byobRequest?.respond(0)
    },
  })
}

/** A body whose chunks a test sends itself. */
export function manualBody(): ManualBody {
  let controller: ReadableStreamDefaultController<Bytes>
  const seen = { cancelled: false }
  const body = new ReadableStream<Bytes>({
    start(started) {
      controller = started
    },
    cancel() {
      seen.cancelled = true
    },
  })
  return {
    body,
    seen,
    send: (text: string) => controller.enqueue(bytesOf(text)),
    fail: (error: unknown) => controller.error(error),
    close: () => controller.close(),
  }
}

export async function collect(
  batches: AsyncIterable<readonly SseMessage[]>,
): Promise<readonly SseMessage[]> {
  return (await Array.fromAsync(batches)).flat()
}

export function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Counts the timers of `run` that neither fired nor were cleared. */
export async function timersLeft(run: () => Promise<void>): Promise<number> {
  const { setTimeout, clearTimeout } = globalThis
  const running = new Set<unknown>()
  const counting = (callback: () => void, ms?: number) => {
    const timer = setTimeout(() => {
      running.delete(timer)
      callback()
    }, ms)
    running.add(timer)
    return timer
  }
  const uncounting = (timer: Parameters<typeof clearTimeout>[0]) => {
    running.delete(timer)
    clearTimeout(timer)
  }
  Object.assign(globalThis, { setTimeout: counting, clearTimeout: uncounting })
  try {
    await run()
    return running.size
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout })
    for (const timer of running) clearTimeout(timer as Parameters<typeof clearTimeout>[0])
  }
}
