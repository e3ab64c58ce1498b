import { connect, type Socket } from 'node:net'
import { bodyOf, type HttpMessage, readHead } from './http-message.ts'
import type { Condition, RowProgress } from './progress.ts'
import { sleep } from './upstream.ts'

/** One thing a client does on its connection. */
export type ClientStep =
  | { do: 'send'; bytes: string | Uint8Array }
  /** In pieces of `size` bytes, `every` milliseconds apart. */
  | { do: 'drip'; bytes: string | Uint8Array; size: number; every: number }
  /** Waits until the answer so far contains this text. */
  | { do: 'read-until'; text: string }
  | { do: 'wait-for'; condition: Condition }
  | { do: 'wait'; ms: number }
  /** Stops reading for this long. */
  | { do: 'pause'; ms: number }
  | { do: 'fin' }
  | { do: 'reset' }
  /** Closes the pipes that the gateway's process writes its log to. */
  | { do: 'close-log' }
  | { do: 'signal'; name: 'SIGTERM' | 'SIGINT' }

/** What a client received. Times are milliseconds. */
export interface Answer {
  raw: string
  head: HttpMessage | undefined
  status: number | undefined
  body: string
  /** Whether the body is complete according to its framing. */
  whole: boolean
  /** From the first byte sent to the end. */
  took: number
  /** When the client closed the connection itself, on the clock of `performance.now()`. */
  left: number | undefined
  /** How the connection ended. */
  end: 'whole' | 'closed' | 'reset' | 'left' | 'timeout'
}

export interface ClientOptions {
  port: number
  /** Milliseconds until the client gives up. */
  patience: number
  /** Of the row that the client belongs to. */
  progress?: RowProgress
  signal?(name: 'SIGTERM' | 'SIGINT'): void
  closeLog?(): void
}

/** Opens a connection, performs the steps and reads until the answer or the connection ends. */
export async function converse(
  steps: readonly ClientStep[],
  options: ClientOptions,
): Promise<Answer> {
  const { port, patience, progress } = options
  const client = new Client(port)
  progress?.observe(client)
  const timer = setTimeout(() => client.finish('timeout'), patience)
  const began = performance.now()
  try {
    await Promise.race([performAll(steps, client, options), client.over])
    await client.over
  } finally {
    clearTimeout(timer)
    client.socket.destroy()
  }
  return client.answer(performance.now() - began)
}

async function performAll(
  steps: readonly ClientStep[],
  client: Client,
  options: ClientOptions,
): Promise<void> {
  for (const step of steps) await perform(step, client, options)
}

async function perform(
  step: ClientStep,
  client: Client,
  { progress, signal, closeLog }: ClientOptions,
): Promise<void> {
  switch (step.do) {
    case 'send':
      return await client.write(step.bytes)
    case 'drip':
      return await drip(step, client)
    case 'read-until':
      return await client.until(step.text)
    case 'wait-for':
      return await progress?.until(step.condition)
    case 'wait':
      return await sleep(step.ms)
    case 'pause':
      client.socket.pause()
      await sleep(step.ms)
      client.socket.resume()
      return
    case 'fin':
    case 'reset':
      return client.leave(step.do)
    case 'close-log':
      return closeLog?.()
    case 'signal':
      return signal?.(step.name)
  }
}

async function drip(
  step: { bytes: string | Uint8Array; size: number; every: number },
  client: Client,
): Promise<void> {
  const bytes = Buffer.from(step.bytes)
  for (let at = 0; at < bytes.length; at += step.size) {
    await client.write(bytes.subarray(at, at + step.size))
    await sleep(step.every)
  }
}

class Client {
  readonly socket: Socket
  readonly over: Promise<void>
  #finish: () => void = () => {}
  #pieces: Uint8Array[] = []
  #size = 0
  /** Of head and body together, as far as the head says. */
  #length: number | undefined
  #isChunked = false
  #end: Answer['end'] | undefined
  #left: number | undefined
  readonly #held = new Set<string>()
  #onData: () => void = () => {}

  constructor(port: number) {
    this.over = new Promise((resolve) => this.#finish = resolve)
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.socket.on('data', (bytes: Uint8Array) => {
      this.#pieces.push(bytes)
      this.#onData()
      if (this.#isWhole(bytes)) this.finish('whole')
    })
    this.socket.once('error', () => this.finish('reset'))
    this.socket.once('end', () => this.finish('closed'))
    this.socket.once('close', () => this.finish('closed'))
  }

  write(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.destroyed) return resolve()
      this.socket.write(bytes, () => resolve())
    })
  }

  /** Resolves in the moment the text is complete: what comes later is not read before. */
  until(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#onData = () => {
        if (!this.holds(text)) return
        this.#onData = () => {}
        resolve()
      }
      this.#onData()
    })
  }

  leave(how: 'fin' | 'reset'): void {
    this.#left = performance.now()
    // Like a client whose process ends: the system sends FIN, then RST to everything that follows.
    if (how === 'fin') this.socket.destroy()
    else this.socket.resetAndDestroy()
    this.finish('left')
  }

  finish(how: Answer['end']): void {
    this.#end ??= how
    this.#finish()
  }

  isFinished(): boolean {
    return this.#end !== undefined
  }

  holds(text: string): boolean {
    if (this.#held.has(text)) return true
    const isHeld = Buffer.concat(this.#pieces).includes(text)
    if (isHeld) this.#held.add(text)
    return isHeld
  }

  /** Joins the pieces only where the end is possible: an answer can come in ten thousand. */
  #isWhole(last: Uint8Array): boolean {
    this.#size += last.length
    if (this.#length !== undefined && this.#size < this.#length) return false
    const isEnd = Buffer.from(last).subarray(-5).toString('latin1').endsWith('0\r\n\r\n')
    if (this.#isChunked && !isEnd) return false
    const all = Buffer.concat(this.#pieces)
    const head = readHead(all)
    if (head === undefined || / 1\d\d /.test(head.start)) return false
    const length = head.headers.get('content-length')
    this.#isChunked = head.headers.get('transfer-encoding')?.toLowerCase() === 'chunked'
    if (length !== undefined && !this.#isChunked) this.#length = head.size + Number(length)
    return bodyOf(head, all).whole
  }

  answer(took: number): Answer {
    const bytes = Buffer.concat(this.#pieces)
    const head = readHead(bytes)
    const body = head && bodyOf(head, bytes)
    return {
      raw: bytes.toString('latin1'),
      head,
      status: head && Number(head.start.split(' ')[1]),
      body: body ? Buffer.from(body.bytes).toString() : '',
      whole: body?.whole ?? false,
      took,
      left: this.#left,
      end: this.#end ?? 'closed',
    }
  }
}
