/**
 * A minimal stand-in for OCI, so that the gateway dominates the measurement: it uses raw TCP, prepares
 * its answers in advance and verifies no signature. (The simulator is strict; this is fast.)
 *
 * The model id controls it: `bench.c200-d5-k50` streams 200 chunks of 50 characters, 5 ms apart, or
 * all at once with `d0`; without streaming, it answers with the same number of characters. A
 * `bench.relay-…` model streams in OpenAI's format.
 */
import { createServer, type Socket } from 'node:net'
import process from 'node:process'
import { MessageReader } from './http-messages.ts'

interface Wish {
  chunks: number
  /** Milliseconds between two chunks. */
  delay: number
  characters: number
}

const SENTENCE = 'It read: the quick brown fox jumps over "the lazy dog", and so on. '
const MODEL = Buffer.from('"bench.')
const STREAMED = [Buffer.from('"isStream":true'), Buffer.from('"stream":true')]
const HEAD = 'HTTP/1.1 200 OK\r\nopc-request-id: 0123456789ABCDEF/0123456789ABCDEF\r\n'
const STREAM_HEAD = `${HEAD}content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n`
const LAST_CHUNK = '0\r\n\r\n'

const server = createServer((socket) => {
  socket.setNoDelay(true)
  socket.on('error', () => {})
  let body: Buffer[] = []
  const reader = new MessageReader({
    onHead: () => body = [],
    onBody: (bytes) => body.push(bytes),
    onEnd: () => answer(socket, body.length === 1 ? body[0]! : Buffer.concat(body)),
  })
  socket.on('data', (bytes: Buffer) => reader.push(bytes))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.({ port: address?.port })
})
// Ends when the bench ends for any reason.
process.once('disconnect', () => process.exit())

function answer(socket: Socket, body: Buffer): void {
  const start = body.indexOf(MODEL)
  const model = body.toString('latin1', start + 1, body.indexOf('"', start + 1))
  const isStreamed = STREAMED.some((member) => body.includes(member))
  const ready = answers.get(model) ?? prepare(model)
  if (!isStreamed) socket.write(ready.whole)
  else if (ready.wish.delay === 0) socket.write(ready.burst)
  else pace(socket, ready)
}

interface Ready {
  wish: Wish
  whole: Buffer
  burst: Buffer
  /** One text for each chunk, and the end. */
  pieces: readonly Buffer[]
}

const answers = new Map<string, Ready>()

function prepare(model: string): Ready {
  const wish = readWish(model)
  const told = model.startsWith('bench.relay') ? openAiEvents(model, wish) : eventsOf(wish)
  const events = [...told.map(asChunk), LAST_CHUNK]
  const [last, ...others] = events.slice(-4)
  const ready = {
    wish,
    whole: Buffer.from(wholeOf(model, wish)),
    burst: Buffer.from(STREAM_HEAD + events.join('')),
    // The finish reason, the usage, `[DONE]` and the end are sent with the last word.
    pieces: [...events.slice(0, -4), [last, ...others].join('')].map((text) => Buffer.from(text)),
  }
  answers.set(model, ready)
  return ready
}

function pace(socket: Socket, { pieces, wish }: Ready): void {
  let next = 0
  socket.write(STREAM_HEAD)
  const send = () => {
    const piece = pieces[next++]
    if (piece) socket.write(piece)
    if (next < pieces.length && !socket.destroyed) return
    clearInterval(timer)
  }
  const timer = setInterval(send, wish.delay)
  send()
}

function readWish(model: string): Wish {
  const read = (letter: string, otherwise: number) =>
    Number(new RegExp(`[.-]${letter}(\\d+)`).exec(model)?.[1] ?? otherwise)
  return { chunks: read('c', 20), delay: read('d', 0), characters: read('k', 20) }
}

function textOf(length: number, from = 0): string {
  return SENTENCE.repeat(Math.ceil((length + from) / SENTENCE.length)).slice(from, from + length)
}

function usageOf({ chunks }: Wish): object {
  return { promptTokens: 12, completionTokens: chunks, totalTokens: chunks + 12 }
}

function wholeOf(model: string, wish: Wish): string {
  const text = textOf(wish.chunks * wish.characters)
  const message = { role: 'ASSISTANT', content: [{ type: 'TEXT', text }] }
  const json = JSON.stringify({
    modelId: model,
    modelVersion: '1.0.0',
    chatResponse: {
      apiFormat: 'GENERIC',
      timeCreated: '2026-01-01T00:00:00.000Z',
      choices: [{ index: 0, message, finishReason: 'stop', logprobs: {} }],
      usage: usageOf(wish),
    },
  })
  return `${HEAD}content-type: application/json\r\ncontent-length: ${
    Buffer.byteLength(json)
  }\r\n\r\n${json}`
}

function eventsOf(wish: Wish): string[] {
  const words = Array.from({ length: wish.chunks }, (_, index) => ({
    index: 0,
    message: {
      role: 'ASSISTANT',
      content: [{ type: 'TEXT', text: textOf(wish.characters, index % SENTENCE.length) }],
    },
    pad: 'a'.repeat(index % 11 + 1),
  }))
  const ending = [
    { message: { role: 'ASSISTANT' }, finishReason: 'stop', pad: 'aaa' },
    { usage: usageOf(wish) },
  ]
  return [...[...words, ...ending].map((event) => JSON.stringify(event)), '[DONE]']
    .map((data) => `data: ${data}\n\n`)
}

function openAiEvents(model: string, wish: Wish): string[] {
  const chunk = (delta: object, finish: string | null) => ({
    id: 'chatcmpl-0123456789',
    object: 'chat.completion.chunk',
    created: 1_800_000_000,
    model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
  const words = Array.from(
    { length: wish.chunks },
    (_, index) => chunk({ content: textOf(wish.characters, index % SENTENCE.length) }, null),
  )
  return [...[...words, chunk({}, 'stop')].map((event) => JSON.stringify(event)), '[DONE]']
    .map((data) => `data: ${data}\n\n`)
}

function asChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}
