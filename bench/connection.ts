import { connect, type Socket } from 'node:net'
import { type AnswerCheck, createAnswerCheck } from './answer-check.ts'
import { MessageReader } from './http-messages.ts'
import type { Job } from './job.ts'

/** The outcome of one request. */
export interface Reply {
  /** Milliseconds until the first word; `undefined` without one. */
  firstWord: number | undefined
  /** The error, if any. */
  problem: string | undefined
}

/** A keep-alive connection with one request at a time. */
export interface Connection {
  ask(request: Buffer): Promise<Reply>
  close(): void
}

/** The time limit of a request in milliseconds. */
const PATIENCE = 10_000

/** Opens a connection; calls `onWords` with the number of words that arrive. */
export function openConnection(job: Job, onWords: (count: number) => void): Connection {
  return new KeptConnection(job, onWords)
}

class KeptConnection implements Connection {
  readonly #job: Job
  readonly #onWords: (count: number) => void
  #socket: Socket | undefined
  #check: AnswerCheck
  #status = 0
  #isLast = false
  #asked = 0
  #firstWord: number | undefined
  #finish: ((problem: string | undefined) => void) | undefined

  constructor(job: Job, onWords: (count: number) => void) {
    this.#job = job
    this.#onWords = onWords
    this.#check = createAnswerCheck(job)
  }

  async ask(request: Buffer): Promise<Reply> {
    const over = Promise.withResolvers<string | undefined>()
    const timer = setTimeout(() => this.#end('no end'), PATIENCE)
    this.#finish = over.resolve
    this.#check = createAnswerCheck(this.#job)
    this.#status = 0
    this.#isLast = false
    this.#firstWord = undefined
    this.#socket ??= this.#open()
    this.#asked = performance.now()
    this.#socket.write(request)
    const problem = await over.promise
    clearTimeout(timer)
    if (problem !== undefined || this.#isLast) this.close()
    return { firstWord: this.#firstWord, problem }
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #open(): Socket {
    const reader = new MessageReader({
      onHead: (head) => this.#readHead(head),
      onBody: (bytes) => this.#read(bytes),
      onEnd: () => this.#end(this.#check.verdict(this.#status)),
    })
    const socket = connect({ host: '127.0.0.1', port: this.#job.port, noDelay: true })
    const lose = (problem: string) => {
      // Events of an abandoned connection must not affect the next one.
      if (this.#socket !== socket) return
      this.#socket = undefined
      this.#end(problem)
    }
    socket.on('data', (bytes: Buffer) => reader.push(bytes))
    socket.on('error', () => lose('connection lost'))
    socket.on('close', () => lose('connection closed'))
    return socket
  }

  /** Whether the server announces that it closes the connection. */
  #readHead(head: string): void {
    this.#status = Number(head.slice(9, 12))
    this.#isLast = /\r\nconnection: *close/i.test(head)
  }

  #read(bytes: Buffer): void {
    const words = this.#check.read(bytes)
    if (words === 0) return
    this.#firstWord ??= performance.now() - this.#asked
    this.#onWords(words)
  }

  #end(problem: string | undefined): void {
    const finish = this.#finish
    this.#finish = undefined
    finish?.(problem)
  }
}
