import { type Call, type Caller, COMPARTMENT, createCaller, readEvents } from '../caller.ts'
import type { SimulatorOptions } from '../../../src/simulator/app.ts'

export const KEY = 'sk-simulated'
/** The compartment headers, as Oracle's clients send them. */
export const PAYS = { 'opc-compartment-id': COMPARTMENT, CompartmentId: COMPARTMENT }

/** A caller of the OpenAI endpoint. */
export interface OpenAiCaller extends Caller {
  /** Posts a body below `/openai/v1`, with the bearer key unless headers say otherwise. */
  post(path: string, body: unknown, call?: Call): Promise<Response>
  /** The result of a body: `status message`, or `200`. */
  verdict(path: string, body: unknown): Promise<string>
  /** The payloads of a streamed answer. */
  stream(path: string, body: object): Promise<unknown[]>
}

export async function createOpenAiCaller(
  options: Partial<SimulatorOptions> = {},
): Promise<OpenAiCaller> {
  const caller = await createCaller({ bearerKeys: new Set([KEY]), ...options })
  const headers = { authorization: `Bearer ${KEY}` }
  const post = async (path: string, body: unknown, call: Call = {}) =>
    await caller.send({ path: `/openai/v1${path}`, body, headers, ...call })
  return {
    ...caller,
    post,
    async verdict(path, body) {
      const response = await post(path, body)
      if (response.status === 200) return '200'
      const { error, message } = await response.json()
      return `${response.status} ${error?.message ?? message}`
    },
    stream: async (path, body) => await readEvents(await post(path, { ...body, stream: true })),
  }
}

/** A body with one user message. */
export function asks(model: string, text: string, more: object = {}): object {
  return { model, messages: [{ role: 'user', content: text }], ...more }
}

/** Replaces the random ids of answers and calls. */
export function withoutIds(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll(/"(chatcmpl-|resp_|call_|fc_|msg_|rs_)\w+"/g, '"$1"')
  return JSON.parse(text)
}

/** A tool of chat completions with one string parameter. */
export const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    },
  },
}
