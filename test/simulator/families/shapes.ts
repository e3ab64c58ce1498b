import { familyOf } from '../../../src/simulator/families/table.ts'
import { MODELS } from '../../../src/simulator/catalogue.ts'
import { encodeBase64Url } from '../../../src/simulator/base64.ts'
import { type Caller, message, readEvents } from '../caller.ts'

/** What a family says to a request on demand, as `status message`; `undefined` when it takes it. */
export function refusalOf(
  model: string,
  request: object,
  apiFormat = 'GENERIC',
): string | undefined {
  const known = MODELS.get(model)
  const family = familyOf(model, apiFormat)
  if (!known || !family) throw new RangeError(`Cannot test the model: "${model}" is unknown`)
  const refusal = family.validate({ apiFormat, ...request }, known, 4_000)
  return refusal && `${refusal.status} ${refusal.message}`
}

/** The events of a streamed answer to one user message, ids and pads made the same. */
export async function eventsFor(
  caller: Caller,
  model: string,
  text: string,
  more: object = {},
): Promise<unknown[]> {
  const request = { messages: [message('USER', text)], maxTokens: 200, isStream: true, ...more }
  const events = await readEvents(await caller.chat(model, request))
  return events.map((event) => normalise(event))
}

/** The first choice of an answer that is not streamed, ids made the same. */
export async function replyFor(
  caller: Caller,
  model: string,
  text: string,
  more: object = {},
): Promise<unknown> {
  const request = { messages: [message('USER', text)], maxTokens: 200, ...more }
  return normalise(await (await caller.chat(model, request)).json())
}

/** A directive that makes the simulator say a text. */
export function say(text: string): string {
  return `[[sim:say=${encodeBase64Url(text)}]]`
}

/** A directive that makes the simulator call a tool. */
export function call(name: string, json: string): string {
  return `[[sim:tool=${name}:${encodeBase64Url(json)}]]`
}

/** An event with a text. */
export function text(words: string): object {
  return { index: 0, message: { role: 'ASSISTANT', content: [{ type: 'TEXT', text: words }] } }
}

/** An event with a call, or a fragment of one. */
export function fragment(fields: object): object {
  return {
    index: 0,
    message: { role: 'ASSISTANT', toolCalls: [{ type: 'FUNCTION', ...fields }] },
  }
}

/** A conversation in which a model called tools and was answered. */
export function round(
  called: readonly string[],
  answered: readonly string[],
  words?: string,
): object[] {
  return [
    message('USER', 'Go'),
    {
      role: 'ASSISTANT',
      ...(words === undefined ? {} : { content: [{ type: 'TEXT', text: words }] }),
      toolCalls: called.map((id) => ({ type: 'FUNCTION', id, name: 'f', arguments: '{}' })),
    },
    ...answered.map((toolCallId) => ({ ...message('TOOL', 'done'), toolCallId })),
  ]
}

function normalise(value: unknown): unknown {
  const json = JSON.stringify(value)
    .replaceAll(/"id":"(call_|chatcmpl-tool-)[A-Za-z0-9]+"/g, '"id":"$1#"')
    .replaceAll(/,?"pad":"a{1,11}"/g, '')
  return JSON.parse(json)
}
