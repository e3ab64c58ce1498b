import type { Gateway } from '../src/entry/gateway.ts'

/** The API key of a gateway without a store. */
export const KEY = 'sk-bench-0123456789'

const ANSWER = JSON.stringify({
  modelId: 'xai.grok-4.3',
  modelVersion: '1.0.0',
  chatResponse: {
    apiFormat: 'GENERIC',
    timeCreated: '2026-01-01T00:00:00.000Z',
    choices: [{
      index: 0,
      message: { role: 'ASSISTANT', content: [{ type: 'TEXT', text: 'Hello there. '.repeat(20) }] },
      finishReason: 'stop',
      logprobs: {},
    }],
    usage: { promptTokens: 12, completionTokens: 60, totalTokens: 72 },
  },
})

/** OCI's answer to a chat. */
export function answerOf(): Response {
  const headers = { 'content-type': 'application/json', 'opc-request-id': '0123456789ABCDEF' }
  return new Response(ANSWER, { headers })
}

/** Sends a chat to a gateway in this process. Throws an error unless the status is 200. */
export async function sendChat({ app }: Gateway, key: string, index: number): Promise<void> {
  const response = await app.request('http://localhost/v1/chat/completions', {
    method: 'POST',
    headers: { 'authorization': `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'xai.grok-4.3',
      max_tokens: 500,
      messages: [{ role: 'user', content: `Question ${index}: ${'why? '.repeat(50)}` }],
    }),
  })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`)
}
