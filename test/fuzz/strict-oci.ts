import { checkFields } from '../../src/simulator/check-fields.ts'

/** OCI reduced to its field table, without signatures, for many calls in little time. */
export interface StrictOci {
  fetch(url: string, init: RequestInit): Promise<Response>
  /** What OCI's field table says of the last call, if anything. */
  violation(): string | undefined
  /** The bodies of the calls since the last `forget()`, as texts. */
  bodies(): readonly string[]
  forget(): void
}

export function createStrictOci(): StrictOci {
  let bodies: string[] = []
  let violation: string | undefined
  return {
    fetch(_url, { body }) {
      if (!(body instanceof Uint8Array)) return Promise.resolve(notFound())
      const text = new TextDecoder().decode(body)
      const details = JSON.parse(text)
      const fault = checkFields('ChatDetails', details)
      bodies = [...bodies, text]
      violation ??= fault && `${fault.path}: ${fault.problem}`
      return Promise.resolve(answer(details.chatRequest))
    },
    violation: () => violation,
    bodies: () => bodies,
    forget() {
      bodies = []
      violation = undefined
    },
  }
}

function notFound(): Response {
  const message = 'Authorization failed or requested resource not found.'
  return Response.json({ code: 'NotAuthorizedOrNotFound', message }, { status: 404 })
}

interface ChatRequest {
  apiFormat: 'GENERIC' | 'COHERE' | 'COHEREV2'
  isStream?: boolean
  numGenerations?: number
}

function answer({ apiFormat, isStream, numGenerations = 1 }: ChatRequest): Response {
  const reply = replyIn(apiFormat, numGenerations)
  if (!isStream) {
    return Response.json({ modelId: 'm', modelVersion: '1', chatResponse: reply.whole })
  }
  const events = reply.events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
  return new Response(events, { headers: { 'content-type': 'text/event-stream' } })
}

const USAGE = { promptTokens: 1, completionTokens: 1, totalTokens: 2 }
const MESSAGE = { role: 'ASSISTANT', content: [{ type: 'TEXT', text: 'Yes' }] }

function replyIn(apiFormat: ChatRequest['apiFormat'], count: number) {
  switch (apiFormat) {
    case 'GENERIC': {
      const choices = Array.from({ length: count }, (_, index) => ({
        index,
        message: MESSAGE,
        finishReason: 'stop',
      }))
      return { whole: { apiFormat, choices, usage: USAGE }, events: [...choices, { usage: USAGE }] }
    }
    case 'COHERE': {
      const end = { apiFormat, text: 'Yes', finishReason: 'COMPLETE', usage: USAGE }
      return { whole: end, events: [{ apiFormat, text: 'Yes' }, end] }
    }
    case 'COHEREV2': {
      const end = { apiFormat, message: MESSAGE, finishReason: 'COMPLETE', usage: USAGE }
      return { whole: end, events: [end] }
    }
  }
}
