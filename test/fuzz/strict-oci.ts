import { checkFields } from '../../src/simulator/check-fields.ts'

/** A fast OCI that checks requests against its field table, without signatures. */
export interface StrictOci {
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Returns the first violation of OCI's field table since the last `reset()`. */
  violation(): string | undefined
  /** Returns the bodies of the calls since the last `reset()`. */
  bodies(): readonly string[]
  reset(): void
}

/** Creates the OCI. */
export function createStrictOci(): StrictOci {
  let bodies: string[] = []
  let violation: string | undefined
  return {
    fetch(url, { body }) {
      if (!(body instanceof Uint8Array)) return Promise.resolve(notFound())
      const text = new TextDecoder().decode(body)
      const details = JSON.parse(text)
      const openAi = /\/openai\/v1(\/.*)$/.exec(url)?.[1]
      if (openAi !== undefined) {
        bodies = [...bodies, text]
        return Promise.resolve(answerInOpenAiForm(openAi, details))
      }
      const problem = checkFields('ChatDetails', details)
      bodies = [...bodies, text]
      violation ??= problem && `${problem.path}: ${problem.problem}`
      return Promise.resolve(answer(details.chatRequest))
    },
    violation: () => violation,
    bodies: () => bodies,
    reset() {
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
    return Response.json({ modelId: 'm', modelVersion: '1', chatResponse: reply.complete })
  }
  return eventStream(reply.events.map((event) => JSON.stringify(event)))
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
      return {
        complete: { apiFormat, choices, usage: USAGE },
        events: [...choices, { usage: USAGE }],
      }
    }
    case 'COHERE': {
      const end = { apiFormat, text: 'Yes', finishReason: 'COMPLETE', usage: USAGE }
      return { complete: end, events: [{ apiFormat, text: 'Yes' }, end] }
    }
    case 'COHEREV2': {
      const end = { apiFormat, message: MESSAGE, finishReason: 'COMPLETE', usage: USAGE }
      return { complete: end, events: [end] }
    }
  }
}

/** Answers on OCI's OpenAI endpoint, whose requests have no field table. */
function answerInOpenAiForm(path: string, { stream }: { stream?: boolean }): Response {
  const head = { id: 'a1', created: 1, model: 'm' }
  const isChat = path === '/chat/completions'
  const content = [{ type: 'output_text', text: 'Yes', annotations: [] }]
  const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content }
  const response = { ...head, object: 'response', status: 'completed', output: [item] }
  const message = { role: 'assistant', content: 'Yes' }
  const choice = { index: 0, finish_reason: 'stop' }
  if (!stream) {
    return Response.json(isChat ? { ...head, choices: [{ ...choice, message }] } : response)
  }
  const events = isChat ? [{ ...head, choices: [{ ...choice, delta: message }] }] : [
    { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Yes' },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response },
  ]
  return eventStream([...events.map((event) => JSON.stringify(event)), ...isChat ? ['[DONE]'] : []])
}

function eventStream(payloads: readonly string[]): Response {
  const events = payloads.map((payload) => `data: ${payload}\n\n`).join('')
  return new Response(events, { headers: { 'content-type': 'text/event-stream' } })
}
