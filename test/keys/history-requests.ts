import fc from 'fast-check'
import { chatOf } from './gateway.ts'

/** How a request of a history goes. */
export const KINDS = [
  ...['whole', 'stream', 'choices', 'completions', 'embeddings', 'relayed', 'relayed stream'],
  ...['retry', 'fallback', 'empty', 'refused', 'failed'],
  ...['no usage', 'cut', 'cut whole', 'left', 'left whole', 'no usage relayed'],
] as const
export type Kind = (typeof KINDS)[number]

/** Kinds whose tokens OCI reports only partly or not at all. */
export const ESTIMATED: readonly Kind[] = [
  'no usage',
  'cut',
  'cut whole',
  'left',
  'left whole',
  'no usage relayed',
]

const MODEL = 'xai.grok-4.3'
const RELAYED = 'openai.gpt-oss-120b'

/** The configuration of a gateway that serves the requests of histories. */
export const HISTORY_CONFIG = {
  models: { 'openai.*': { endpoint: 'openai' } },
  fallbacks: { [MODEL]: ['meta.llama-3.3-70b-instruct'] },
  retry: { initialDelaySeconds: 0.001, maxAttempts: 4, budgetRatio: 1 },
  circuitBreaker: { minimumRequests: 0 },
}

/** Some requests of one key, of these kinds. */
export function requestsOf(kinds: readonly Kind[], maxLength = 8): fc.Arbitrary<HistoryRequest[]> {
  const request = fc.record({
    kind: fc.constantFrom(...kinds),
    words: fc.integer({ min: 1, max: 30 }),
    limit: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
    isParallel: fc.boolean(),
  })
  return fc.array(request, { minLength: 2, maxLength })
}

/** A request of a history. */
export interface HistoryRequest {
  kind: Kind
  words: number
  limit: number | undefined
  isParallel: boolean
}

/** The path and the body of a request. `id` is unique among all requests to the simulator. */
export function callOf(
  { kind, words, limit }: HistoryRequest,
  id: string,
): { path: string; body: object } {
  const text = 'word '.repeat(words) + directivesOf(kind, id)
  const isStream = /stream|cut$|left$/.test(kind)
  return { path: pathOf(kind), body: bodyOf(kind, text, limit, isStream) }
}

function pathOf(kind: Kind): string {
  if (kind === 'completions') return '/v1/completions'
  return kind === 'embeddings' ? '/v1/embeddings' : '/v1/chat/completions'
}

function bodyOf(kind: Kind, text: string, limit: number | undefined, stream: boolean): object {
  if (kind === 'embeddings') return { model: 'cohere.embed-v4.0', input: [text, text] }
  const max = limit === undefined ? {} : { max_tokens: limit }
  if (kind === 'completions') return { model: MODEL, prompt: [text, text, 'One'], ...max }
  const model = kind.includes('relayed') ? RELAYED : MODEL
  return { ...chatOf(text, { ...max, stream, ...(kind === 'choices' && { n: 3 }) }), model }
}

function directivesOf(kind: Kind, id: string): string {
  switch (kind) {
    case 'retry':
    case 'fallback':
      return `[[sim:status=503]][[sim:times=${kind === 'retry' ? 2 : 1}]][[sim:key=${id}]]`
    case 'empty':
      return '[[sim:empty]]'
    case 'refused':
      return '[[sim:status=400]]'
    case 'failed':
      return '[[sim:status=500]]'
    case 'no usage':
    case 'no usage relayed':
      return '[[sim:no-usage]]'
    case 'cut':
      return '[[sim:cut-after=3]]'
    case 'cut whole':
      return `[[sim:cut-after=1]][[sim:times=1]][[sim:key=${id}]]`
    case 'left':
      return '[[sim:delay=5]]'
    case 'left whole':
      return '[[sim:headers-delay=20]]'
    default:
      return ''
  }
}
