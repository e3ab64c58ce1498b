/** A call of the gateway's to OCI. */
export interface UpstreamCall {
  method: string
  url: URL
  headers: Headers
  body: Uint8Array<ArrayBuffer>
  /** The body, parsed; empty where there is none. */
  json: Record<string, unknown>
  signal: AbortSignal
  redirect: string | undefined
}

/** Answers a call to OCI, or leaves it to the simulator. */
export type Upstream = (call: UpstreamCall) => Promise<Response> | Response | undefined

/** One answer after another; the last one again and again. */
export function inTurn(...answers: readonly (() => Promise<Response> | Response)[]): Upstream {
  let next = 0
  return () => answers[Math.min(next++, answers.length - 1)]?.()
}

/** The events of a stream, objects as JSON and texts as they are. */
export function events(...payloads: readonly (object | string)[]): () => Response {
  return sse(payloads.map(dataOf).join(''))
}

/** One server-sent event. */
export function dataOf(payload: object | string): string {
  return `data: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n\n`
}

/** Bytes that OCI calls a stream of events. */
export function sse(
  body: BodyInit,
  headers: Readonly<Record<string, string>> = {},
): () => Response {
  return () => new Response(body, { headers: { 'content-type': 'text/event-stream', ...headers } })
}

/** A stream of these events that then fails, or stays open until the gateway leaves. */
export function brokenOff(
  payloads: readonly (object | string)[],
  tail: 'reset' | 'open',
): Upstream {
  return ({ signal }) => {
    const rest = payloads.map((payload) => new TextEncoder().encode(dataOf(payload)))
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const bytes = rest.shift()
        if (bytes) return controller.enqueue(bytes)
        if (tail === 'open') await aborted(signal)
        controller.error(new TypeError('terminated'))
      },
    }, { highWaterMark: 0 })
    return sse(body)()
  }
}

/** Settles when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** A whole answer with these choices. */
export function whole(choices: unknown, rest: object = {}): () => Response {
  const chatResponse = { apiFormat: 'GENERIC', choices, ...rest }
  return () => Response.json({ modelId: 'm', modelVersion: '1.0.0', chatResponse })
}

/** A whole answer whose only choice says this. */
export function saying(message: object, finishReason = 'stop', rest: object = {}): () => Response {
  const choice = { index: 0, message: { role: 'ASSISTANT', ...message }, finishReason }
  return whole([choice], { timeCreated: '2026-08-01T00:00:00.123Z', ...rest })
}

/** OCI's refusal. */
export function refusing(
  status: number,
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
): () => Response {
  if (typeof body === 'object') return () => Response.json(body, { status, headers })
  return () => new Response(body, { status, headers: { 'content-type': 'text/html', ...headers } })
}

/** A text of the model's. */
export function text(words: string): { content: object[] } {
  return { content: [{ type: 'TEXT', text: words }] }
}

/** An event of a stream with a piece of the first choice. */
export function piece(message: object, rest: object = {}): object {
  return { index: 0, message: { role: 'ASSISTANT', ...message }, ...rest }
}

/** The event that ends a stream. */
export function finish(reason = 'stop', rest: object = {}): object {
  return { finishReason: reason, pad: 'aaaaaa', ...rest }
}
