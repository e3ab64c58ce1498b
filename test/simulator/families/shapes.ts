import { familyOf } from '../../../src/simulator/families/table.ts'
import { MODELS } from '../../../src/simulator/catalogue.ts'
import { encodeBase64Url } from '../../../src/simulator/base64.ts'
import { type Caller, message, readEvents } from '../caller.ts'

/** A family's error for an on-demand request, as `status message`; `undefined` if it is valid. */
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

/** The events of a streamed answer to a user message, without random ids and pads. */
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

/** The first choice of an answer without streaming, without random ids. */
export async function replyFor(
  caller: Caller,
  model: string,
  text: string,
  more: object = {},
): Promise<unknown> {
  const request = { messages: [message('USER', text)], maxTokens: 200, ...more }
  return normalise(await (await caller.chat(model, request)).json())
}

/** A directive that sets the answer's text. */
export function say(text: string): string {
  return `[[sim:say=${encodeBase64Url(text)}]]`
}

/** A directive that sets a tool call. */
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

/** A conversation with tool calls and their results. */
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
