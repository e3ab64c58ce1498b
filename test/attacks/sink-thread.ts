import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'
import { say } from '../faults/script.ts'
import { answerTo, HOLD_OPEN } from './ordinary-answers.ts'

const open = workerData as Int32Array
let delay = 0

const server = createServer((request, response) => {
  void read(request).then((body) => answer(request.url ?? '', body, response), () => {})
})
server.keepAliveTimeout = 1_000
server.requestTimeout = 0
server.on('connection', (socket) => {
  Atomics.add(open, 0, 1)
  socket.once('close', () => Atomics.sub(open, 0, 1))
  socket.on('error', () => {})
})
parentPort?.on('message', (ms: number) => delay = ms)
server.listen(0, '127.0.0.1', 1024, () => {
  const address = server.address()
  parentPort?.postMessage(typeof address === 'object' ? address?.port : 0)
})

function answer(path: string, body: Buffer, response: ServerResponse): void {
  if (body.includes(HOLD_OPEN)) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(say('Hello'))
    return
  }
  const { type, text } = answerTo(path, body)
  setTimeout(() => {
    if (response.destroyed) return
    response.writeHead(200, { 'content-type': type, 'opc-request-id': 'OPC/ATTACK' }).end(text)
  }, delay)
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
