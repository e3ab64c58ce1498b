import type { Condition } from './progress.ts'

/** One thing the scripted upstream does on a connection; texts are sent as UTF-8. */
export type Step =
  | { do: 'send'; bytes: string | Uint8Array }
  /** In pieces of `size` bytes, `every` milliseconds apart; 0 is without a pause. */
  | { do: 'drip'; bytes: string | Uint8Array; size: number; every: number }
  /** The same bytes `times` times, as fast as the other side reads them. */
  | { do: 'flood'; bytes: string | Uint8Array; times: number }
  | { do: 'wait'; ms: number }
  | { do: 'wait-for'; condition: Condition }
  /** Waits until the gateway's process has read all bytes from its socket. */
  | { do: 'wait-until-read' }
  /** Sends nothing more until the other side closes the connection. */
  | { do: 'stall' }
  | { do: 'end' }
  | { do: 'reset' }

/** The steps for one request. */
export type Script = readonly Step[]

/** A script for the first delivery, the second, and so on; the last one is repeated. */
export type Deliveries = readonly [Script, ...Script[]]

export const send = (bytes: string | Uint8Array): Step => ({ do: 'send', bytes })
export const drip = (bytes: string | Uint8Array, size: number, every = 0): Step => ({
  do: 'drip',
  bytes,
  size,
  every,
})
export const flood = (bytes: string | Uint8Array, times: number): Step => ({
  do: 'flood',
  bytes,
  times,
})
export const wait = (ms: number): Step => ({ do: 'wait', ms })
export const waitFor = (condition: Condition): Step => ({ do: 'wait-for', condition })
/** Waits until every client that was sent `text` has received it. */
export const untilReceived = (text: string): Step => waitFor({ type: 'received', text })
export const UNTIL_READ: Step = { do: 'wait-until-read' }
export const STALL: Step = { do: 'stall' }
export const END: Step = { do: 'end' }
export const RESET: Step = { do: 'reset' }

type Headers = Readonly<Record<string, string>>

/** The head of an answer, with a request id of OCI. */
export function head(status: number | string, headers: Headers = {}): string {
  const lines = Object.entries({ 'opc-request-id': 'OPC/FAULT', ...headers })
  return `HTTP/1.1 ${status}${typeof status === 'number' ? ' Status' : ''}\r\n` +
    `${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/** A complete answer with its correct length. */
export function whole(
  status: number,
  body: string | object,
  headers: Headers = {},
): Script {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  const length = String(new TextEncoder().encode(text).length)
  return [send(head(status, { 'content-type': type, 'content-length': length, ...headers }) + text)]
}

/** OCI's error envelope. */
export function refusal(status: number, code: string, message: string, headers?: Headers): Script {
  return whole(status, { code, message }, headers)
}

/** Bytes as one chunk of a chunked body. */
export function chunk(bytes: string | Uint8Array): Uint8Array {
  const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
  const size = new TextEncoder().encode(`${data.length.toString(16)}\r\n`)
  return join([size, data, new TextEncoder().encode('\r\n')])
}

export const LAST_CHUNK = '0\r\n\r\n'

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  parts.reduce((at, part) => {
    joined.set(part, at)
    return at + part.length
  }, 0)
  return joined
}

/** The head of a stream of events in chunks. */
export function streamHead(headers: Headers = {}): string {
  return head(200, {
    'content-type': 'text/event-stream',
    'transfer-encoding': 'chunked',
    ...headers,
  })
}

/** A complete stream: all events in one chunk, and the last chunk. */
export function stream(events: string, headers?: Headers): Script {
  return [send(streamHead(headers)), send(chunk(events)), send(LAST_CHUNK)]
}

export function event(json: object): string {
  return `data: ${JSON.stringify(json)}\n\n`
}

/** A text delta of the GENERIC format. */
export function say(text: string): string {
  const message = { role: 'ASSISTANT', content: [{ type: 'TEXT', text }] }
  return event({ index: 0, message })
}

/** The finish event of the GENERIC format. */
export const FINISH = event({ index: 0, message: { role: 'ASSISTANT' }, finishReason: 'stop' })

export const DONE = 'data: [DONE]\n\n'

/** The same text as an unstreamed answer. */
export function reply(text: string): object {
  const message = { role: 'ASSISTANT', content: [{ type: 'TEXT', text }] }
  return {
    modelId: 'meta.fault',
    modelVersion: '1.0',
    chatResponse: {
      apiFormat: 'GENERIC',
      timeCreated: '2026-01-01T00:00:00.000Z',
      choices: [{ index: 0, message, finishReason: 'stop' }],
      usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2 },
    },
  }
}
