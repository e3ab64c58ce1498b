import process from 'node:process'
import { PATIENCE } from './bounds.ts'
import { CLIENT_KEY, COOKIE, HEADER, PROMPT } from './canaries.ts'
import { type Answer, type ClientStep, converse } from './client.ts'
import type { Gateway } from './gateways.ts'
import type { RowProgress } from './progress.ts'
import { ASKED, type Row, type RowRequest } from './row.ts'

/** Sends the requests of a row, as many at a time as it says. */
export async function sendRequests(
  row: Row,
  request: RowRequest,
  gateway: Gateway,
  progress: RowProgress,
): Promise<Answer[]> {
  const { times = 1, parallel = 1 } = request
  const answers: Answer[] = []
  let begun = 0
  const lane = async () => {
    while (begun < times) answers.push(await send(row, request, gateway, progress, begun++))
  }
  await Promise.all(Array.from({ length: Math.min(times, parallel) }, lane))
  return answers
}

/** Rows are distinguished by the model that their requests name. */
export function modelOf({ id, family = 'meta' }: Row): string {
  return `${family}.${id.toLowerCase()}`
}

/** Only the first client sends signals: a second signal has another meaning. */
function send(
  row: Row,
  request: RowRequest,
  { port, target }: Gateway,
  progress: RowProgress,
  index: number,
): Promise<Answer> {
  const { steps = [ASKED], patience = PATIENCE } = request
  const asked: ClientStep = { do: 'send', bytes: requestOf(row, request, port, index) }
  return converse(steps.map((step) => step === ASKED ? asked : step), {
    port,
    patience,
    progress,
    closeLog: target.closeOutput,
    signal(name) {
      if (index > 0) return
      process.kill(target.pid, name)
      progress.isSignalled = true
    },
  })
}

function requestOf(row: Row, request: RowRequest, port: number, index: number): Uint8Array {
  const { method = 'POST', path = '/v1/chat/completions', body = {}, headers = {} } = request
  const chat = { model: modelOf(row), messages: [{ role: 'user', content: PROMPT }] }
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const bytes = Buffer.from(isRaw ? body : JSON.stringify({ ...chat, ...body }))
  const all = {
    'host': `127.0.0.1:${port}`,
    'authorization': `Bearer ${CLIENT_KEY}`,
    'cookie': `session=${COOKIE}`,
    'x-secret': HEADER,
    'connection': 'close',
    ...(method === 'POST' && { 'content-type': 'application/json' }),
    ...(method === 'POST' && { 'content-length': String(bytes.length) }),
    ...headers,
  }
  const lines = Object.entries(all).filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value.replace('#', String(index))}\r\n`)
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  return Buffer.concat([head, method === 'POST' ? bytes : Buffer.from('')])
}
