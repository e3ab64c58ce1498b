/** A call of the gateway to OCI. */
export interface UpstreamCall {
  method: string
  url: URL
  headers: Headers
  body: Uint8Array<ArrayBuffer>
  /** The parsed body; empty when there is none. */
  json: Record<string, unknown>
  signal: AbortSignal
  redirect: string | undefined
}

/** Answers a call to OCI, or leaves it to the simulator. */
export type Upstream = (call: UpstreamCall) => Promise<Response> | Response | undefined

/** Gives one answer after another and repeats the last one. */
export function inTurn(...answers: readonly (() => Promise<Response> | Response)[]): Upstream {
  let next = 0
  return () => answers[Math.min(next++, answers.length - 1)]?.()
}

/** A stream of events; objects are sent as JSON, texts unchanged. */
export function events(...payloads: readonly (object | string)[]): () => Response {
  return sse(payloads.map(dataOf).join(''))
}

/** One server-sent event. */
export function dataOf(payload: object | string): string {
  return `data: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n\n`
}

/** A response with the content type of an event stream. */
export function sse(
  body: BodyInit,
  headers: Readonly<Record<string, string>> = {},
): () => Response {
  return () => new Response(body, { headers: { 'content-type': 'text/event-stream', ...headers } })
}

/** A stream of events that then fails, or stays open until the gateway aborts it. */
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

/** An answer, not streamed, with these choices. */
export function whole(choices: unknown, rest: object = {}): () => Response {
  const chatResponse = { apiFormat: 'GENERIC', choices, ...rest }
  return () => Response.json({ modelId: 'm', modelVersion: '1.0.0', chatResponse })
}

/** An answer, not streamed, whose only choice has this message. */
export function saying(message: object, finishReason = 'stop', rest: object = {}): () => Response {
  const choice = { index: 0, message: { role: 'ASSISTANT', ...message }, finishReason }
  return whole([choice], { timeCreated: '2026-08-01T00:00:00.123Z', ...rest })
}

/** An error response of OCI. */
export function refusing(
  status: number,
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
): () => Response {
  if (typeof body === 'object') return () => Response.json(body, { status, headers })
  return () => new Response(body, { status, headers: { 'content-type': 'text/html', ...headers } })
}

/** A message with a text. */
export function text(content: string): { content: object[] } {
  return { content: [{ type: 'TEXT', text: content }] }
}

/** A stream event with a piece of the first choice. */
export function piece(message: object, rest: object = {}): object {
  return { index: 0, message: { role: 'ASSISTANT', ...message }, ...rest }
}

/** The event that ends a stream. */
export function finish(reason = 'stop', rest: object = {}): object {
  return { finishReason: reason, pad: 'aaaaaa', ...rest }
}
