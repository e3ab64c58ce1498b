import { createServer, type Server, type Socket } from 'node:net'
import { bodyOf, type HttpMessage, readHead } from './http-message.ts'
import type { RowProgress } from './progress.ts'
import { untilRead } from './receive-queue.ts'
import type { Deliveries, Script, Step } from './script.ts'
import { whole } from './script.ts'

/** One request that reached the upstream, and how its answer ended. */
export interface Exchange {
  head: HttpMessage
  body: string
  /** Milliseconds on the clock of `performance.now()`. */
  began: number
  /** Bytes of the answer that the operating system has taken. */
  written: number
  /** When the script ended, or the gateway closed the connection; absent while the script runs. */
  ended?: { how: 'finished' | 'left'; at: number }
}

/** An upstream that follows scripts, also where they violate HTTP. */
export interface Upstream {
  port: number
  /** Sets the scripts for requests that name `model`; `progress` is what they can wait for. */
  play(model: string, deliveries: Deliveries, progress?: RowProgress): void
  /** Chooses the script for a request, which is then not among the `exchanges()`. */
  choose: ((exchange: Exchange) => Script | undefined) | undefined
  /** The requests for a model, oldest first. */
  exchanges(model: string): readonly Exchange[]
  /** Number of requests, of any model, whose scripts still run. */
  running(): number
  /** Number of connections, idle ones included. */
  connections(): number
  /** Called for each new connection; without a result the upstream does not read from it. */
  onConnection: (socket: Socket) => Socket | undefined
  /** Refuses connections until `open()`. */
  close(): Promise<void>
  open(): Promise<void>
}

export async function startUpstream(): Promise<Upstream> {
  const stage = new Stage()
  const server = createServer({ noDelay: true }, (socket) => void stage.enter(socket))
  const port = await listen(server, 0)
  return {
    port,
    play(model, deliveries, progress) {
      stage.scripts.set(model, deliveries)
      if (progress) stage.progress.set(model, progress)
    },
    exchanges: (model) => stage.seen.get(model) ?? [],
    running: () => [...stage.seen.values()].flat().filter(({ ended }) => !ended).length,
    connections: () => stage.sockets.size,
    get choose() {
      return stage.choose
    },
    set choose(choose) {
      stage.choose = choose
    },
    get onConnection() {
      return stage.onConnection
    },
    set onConnection(handle) {
      stage.onConnection = handle
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of stage.sockets) socket.destroy()
      await closed
    },
    async open() {
      await listen(server, port)
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', 1024, () => {
      server.removeListener('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' ? address?.port ?? 0 : 0)
    })
  })
}

class Stage {
  readonly scripts = new Map<string, Deliveries>()
  readonly progress = new Map<string, RowProgress>()
  readonly seen = new Map<string, Exchange[]>()
  readonly sockets = new Set<Socket>()
  choose: Upstream['choose']
  onConnection: Upstream['onConnection'] = (socket) => socket

  async enter(raw: Socket): Promise<void> {
    raw.on('error', () => {})
    this.sockets.add(raw)
    raw.once('close', () => this.sockets.delete(raw))
    const socket = this.onConnection(raw)
    if (!socket) return
    socket.on('error', () => {})
    try {
      await this.#serve(socket)
    } catch {
      socket.destroy()
    }
  }

  /** Serves one request after the other, as long as the scripts keep the connection open. */
  async #serve(socket: Socket): Promise<void> {
    let rest: Uint8Array = new Uint8Array()
    const pieces = socket.iterator({ destroyOnReturn: false })
    const more = async () => {
      const { done, value } = await pieces.next()
      return done ? undefined : value as Uint8Array
    }
    for (;;) {
      const read = await readRequest(rest, more)
      if (!read) return
      rest = read.rest
      const exchange: Exchange = {
        head: read.head,
        body: read.body,
        began: performance.now(),
        written: 0,
      }
      const script = this.#scriptOf(exchange)
      // Reading on is the only way for a socket to notice that the other side has closed it.
      const ahead = more()
      const left = ahead.then((bytes) => bytes === undefined, () => true)
      const before = socket.bytesWritten
      const watch = setInterval(() => {
        exchange.written = socket.bytesWritten - before - socket.writableLength
      }, 50)
      const how = await play(script, socket, left, this.progress.get(modelOf(exchange)))
      clearInterval(watch)
      exchange.written = socket.bytesWritten - before - socket.writableLength
      exchange.ended = { how, at: performance.now() }
      if (how === 'left' || socket.destroyed || socket.writableEnded) return
      const bytes = await ahead.catch(() => undefined)
      if (!bytes) return socket.destroy() as unknown as void
      rest = Buffer.concat([rest, bytes])
    }
  }

  #scriptOf(exchange: Exchange): Script {
    const chosen = this.choose?.(exchange)
    if (chosen) return chosen
    const model = modelOf(exchange)
    const seen = this.seen.get(model) ?? []
    this.seen.set(model, [...seen, exchange])
    const deliveries = this.scripts.get(model)
    return deliveries?.[Math.min(seen.length, deliveries.length - 1)] ?? otherwise(exchange)
  }
}

/** The gateway writes the model's name before any other member of that name. */
function modelOf({ body, head }: Exchange): string {
  return /"model(?:Id)?":"([^"]+)"/.exec(body)?.[1] ?? head.start
}

function otherwise({ head }: Exchange): Script {
  const isList = head.start.startsWith('GET /20231130/models')
  return isList ? whole(200, { items: [] }) : whole(404, { code: '404', message: 'no script' })
}

interface ReadRequest {
  head: HttpMessage
  body: string
  rest: Uint8Array
}

async function readRequest(
  begun: Uint8Array,
  more: () => Promise<Uint8Array | undefined>,
): Promise<ReadRequest | undefined> {
  let bytes = begun
  for (;;) {
    const head = readHead(bytes)
    const body = head && bodyOf(head, bytes)
    if (head && body?.whole) {
      return { head, body: Buffer.from(body.bytes).toString(), rest: bytes.subarray(body.end) }
    }
    const next = await more()
    if (!next) return undefined
    bytes = Buffer.concat([bytes, next])
  }
}

/** Performs the steps of a script until its end, or until the other side closes the connection. */
async function play(
  script: Script,
  socket: Socket,
  left: Promise<boolean>,
  progress: RowProgress | undefined,
): Promise<'finished' | 'left'> {
  const gone = left.then((isGone) => isGone ? 'left' as const : new Promise<never>(() => {}))
  const closed = Promise.withResolvers<'left'>()
  const close = () => closed.resolve('left')
  socket.once('close', close)
  for (const step of script) {
    const how = await Promise.race([perform(step, socket, progress), gone, closed.promise])
    if (how === 'left') {
      socket.destroy()
      return 'left'
    }
    if (step.do === 'end' || step.do === 'reset') break
  }
  socket.off('close', close)
  return 'finished'
}

async function perform(
  step: Step,
  socket: Socket,
  progress: RowProgress | undefined,
): Promise<'done'> {
  switch (step.do) {
    case 'send':
      await write(socket, step.bytes)
      break
    case 'drip':
      await drip(step, socket)
      break
    case 'flood': {
      const bytes = Buffer.from(step.bytes)
      for (let round = 0; round < step.times && !socket.destroyed; round++) {
        await write(socket, bytes)
      }
      break
    }
    case 'wait':
      await sleep(step.ms)
      break
    case 'wait-for':
      await progress?.until(step.condition)
      break
    case 'wait-until-read':
      await untilRead(socket)
      break
    case 'stall':
      await new Promise(() => {})
      break
    case 'end':
      await new Promise<void>((resolve) => socket.end(resolve))
      break
    case 'reset':
      socket.resetAndDestroy()
      break
  }
  return 'done'
}

async function drip(
  step: { bytes: string | Uint8Array; size: number; every: number },
  socket: Socket,
): Promise<void> {
  const bytes = Buffer.from(step.bytes)
  for (let at = 0; at < bytes.length && !socket.destroyed; at += step.size) {
    await write(socket, bytes.subarray(at, at + step.size))
    await sleep(step.every)
  }
}

function write(socket: Socket, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (socket.write(bytes) || socket.destroyed) return resolve()
    const go = () => {
      socket.off('drain', go).off('close', go)
      resolve()
    }
    socket.on('drain', go).on('close', go)
  })
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve))
}
