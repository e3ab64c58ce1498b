import { Worker } from 'node:worker_threads'

/** An upstream in a separate thread, so that large bodies do not delay measurements. */
export interface Sink {
  port: number
  /** Milliseconds until it answers. */
  delay(ms: number): void
  /** Open connections, idle ones too. */
  connections(): number
  close(): Promise<void>
}

/** Starts an upstream that answers each OCI action successfully. */
export async function startSink(): Promise<Sink> {
  const open = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('sink-thread.ts', import.meta.url), { workerData: open })
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject)
  })
  return {
    port,
    delay: (ms) => worker.postMessage(ms),
    connections: () => Atomics.load(open, 0),
    close: async () => void await worker.terminate(),
  }
}
