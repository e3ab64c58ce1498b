import type { GatewayName } from '../exchange.ts'

/** A model of each format and vendor that the gateway treats differently. */
export const TRANSLATED_MODELS = [
  'meta.llama-3.3-70b-instruct',
  'xai.grok-3-mini',
  'xai.grok-4',
  'openai.gpt-5',
  'openai.gpt-oss-120b',
  'google.gemini-2.5-flash',
  'cohere.command-r-plus-08-2024',
  'cohere.command-a-vision-07-2025',
  'cohere.command-a-reasoning-08-2025',
  'xai.grok-4.20-multi-agent',
]

/** Models of OCI's OpenAI endpoint. */
export const RELAYED_MODELS = ['xai.grok-3-mini', 'openai.gpt-4.1']

/** Each gateway with its models. */
export const GATEWAYS: readonly (readonly [name: GatewayName, models: readonly string[]])[] = [
  ['translated', TRANSLATED_MODELS],
  ['relayed', RELAYED_MODELS],
  ['bearer', RELAYED_MODELS.slice(0, 1)],
]

export const PNG = 'data:image/png;base64,iVBORw0KGgo='

export const CITY = {
  type: 'object',
  properties: { city: { type: 'string', description: 'The city' } },
  required: ['city'],
  additionalProperties: false,
}

/** A user message that makes the simulator call both tools. */
export const BOTH_TOOLS = 'Please get weather and get time in Paris'

/** Instructions to the simulator for the shape of its answer. */
export const SHAPES: readonly string[] = [
  ...['reasoning', 'empty', 'finish=length', 'no-usage', 'finish-text'],
  ...['usage-on-finish', 'no-ids', 'comments', 'unknown', 'nulls', 'repeat-text', 'usage-after'],
  ...['fragments', 'split=7', 'no-done'],
]

/** The same for answers with tool calls. */
export const CALL_SHAPES: readonly string[] = [
  ...['reasoning', 'no-ids', 'no-usage', 'finish-text', 'fragments', 'nulls', 'finish=length'],
]

/** Instructions that interrupt a stream after its beginning. */
export const INTERRUPTIONS: readonly string[] = [
  ...['cut-after=3', 'end-after=3', 'error-event=oci', 'error-event=openai', 'error-event=named'],
  ...['error-event=failed', 'garbage', 'cut-after=6', 'content-filter'],
]

/** Instructions that make OCI fail, with the status of the gateway. */
export const FAILURES: readonly (readonly [directive: string, status: number])[] = [
  ['status=400', 400],
  ['status=401', 502],
  ['status=404', 404],
  ['status=429', 429],
  ['status=500', 502],
  ['status=503 page', 502],
  ['status=200 page', 502],
  ['context-length', 400],
]

/** A text with an instruction to the simulator. */
export function directed(directive: string, text = 'Tell me a story about rain'): string {
  return `[[sim:${directive}]] ${text}`
}
