import { request } from 'node:http'

/** The result of a request. The status is 0 without an answer. */
export interface Reply {
  status: number
  text: string
  /** The gateway's id of the request. */
  requestId: string | undefined
  /** Whether the answer arrived to its end. */
  isComplete: boolean
}

export interface Call {
  method?: 'GET' | 'POST'
  path: string
  key: string
  body?: object
  onFirstByte?: () => void
  /** Closes the connection when it is aborted. */
  signal?: AbortSignal
}

/** Sends a request on a connection of its own, so that the balancer distributes each one. */
export function send(
  port: number,
  { method = 'POST', path, key, body, onFirstByte, signal }: Call,
): Promise<Reply> {
  return new Promise<Reply>((resolve) => {
    const reply: Reply = { status: 0, text: '', requestId: undefined, isComplete: false }
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const options = { host: '127.0.0.1', port, path, method, headers, agent: false, signal }
    const outgoing = request(options, (incoming) => {
      reply.status = incoming.statusCode ?? 0
      const { 'x-request-id': id } = incoming.headers
      if (typeof id === 'string') reply.requestId = id
      incoming.setEncoding('utf8')
      incoming.once('data', () => onFirstByte?.())
      incoming.on('data', (chunk: string) => reply.text += chunk)
      incoming.once('end', () => reply.isComplete = incoming.complete)
      incoming.once('error', () => {})
      incoming.once('close', () => resolve(reply))
    })
    outgoing.once('error', () => resolve(reply))
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** A chat that uses few tokens. */
export function chat(key: string, more: object = {}): Call {
  const messages = [{ role: 'user', content: 'Count from one to ten, in words.' }]
  const body = { model: 'xai.grok-4.3', messages, max_tokens: 100, ...more }
  return { path: '/v1/chat/completions', key, body }
}

/** Whether a streamed or whole answer is a success that arrived to its end. */
export function isSuccess({ status, text, isComplete }: Reply): boolean {
  const isStream = text.startsWith('data:') || text.startsWith(':')
  return status === 200 && isComplete && (!isStream || text.endsWith('data: [DONE]\n\n'))
}
