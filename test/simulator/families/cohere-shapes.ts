import { type Caller, COMPARTMENT, readEvents } from '../caller.ts'
import { message } from '../caller.ts'

/** Sends a Cohere chat request of either version, on demand. */
export function sendCohere(
  caller: Caller,
  modelId: string,
  chatRequest: object,
): Promise<Response> {
  const servingMode = { servingType: 'ON_DEMAND', modelId }
  return caller.send({ body: { compartmentId: COMPARTMENT, servingMode, chatRequest } })
}

/** A COHERE request. */
export function first(text: string, more: object = {}): object {
  return { apiFormat: 'COHERE', message: text, maxTokens: 200, ...more }
}

/** A COHEREV2 request. */
export function second(text: string, more: object = {}): object {
  return { apiFormat: 'COHEREV2', messages: [message('USER', text)], maxTokens: 200, ...more }
}

/** The events of a stream, without pads and random ids. */
export async function cohereEventsFor(
  caller: Caller,
  model: string,
  request: object,
): Promise<unknown[]> {
  const response = await sendCohere(caller, model, { ...request, isStream: true })
  return (await readEvents(response)).map(normalise)
}

/** The `chatResponse` of a request without streaming, without random ids. */
export async function cohereReplyFor(
  caller: Caller,
  model: string,
  request: object,
): Promise<unknown> {
  const { chatResponse } = await (await sendCohere(caller, model, request)).json()
  return normalise(chatResponse)
}

function normalise(value: unknown): unknown {
  const json = JSON.stringify(value)
    .replaceAll(/"id":"([a-z_]+)_[a-z0-9]{12}"/g, '"id":"$1_#"')
    .replaceAll(/"id":"[0-9a-f]{8}-[0-9a-f-]{27}"/g, '"id":"#"')
    .replaceAll(/,?"pad":"a{1,11}"/g, '')
  return JSON.parse(json)
}
