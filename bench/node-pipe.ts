/** The pipe of `pipe.ts` with `node:http`, Node's fastest one: `node node-pipe.ts 8080`. */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import process from 'node:process'

const agent = new Agent({ keepAlive: true })

createServer((incoming, response) => {
  const upstream = incoming.headers['x-upstream']
  if (typeof upstream !== 'string') {
    response.end('ready')
    return
  }
  const { method, headers } = incoming
  const outgoing = request(upstream, { method, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 0, answer.headers)
    if ('x-javascript' in headers) readAndWrite(answer, response)
    else answer.pipe(response)
  })
  incoming.pipe(outgoing)
}).listen(Number(process.argv[2]), '127.0.0.1')

function readAndWrite(answer: IncomingMessage, response: ServerResponse): void {
  answer.on('data', (chunk: Uint8Array) => {
    if (response.write(chunk)) return
    answer.pause()
    response.once('drain', () => answer.resume())
  })
  answer.on('end', () => response.end())
}
