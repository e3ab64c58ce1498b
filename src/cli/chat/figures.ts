import type { ChatUsage } from './chunks.ts'

/** What is known about an answer besides its text. */
export interface Figures {
  model: string
  region?: string | undefined
  usage?: ChatUsage | undefined
  /** OpenAI's `finish_reason`. */
  finish?: string | undefined
  hasText: boolean
  /** Milliseconds to the first token of a stream. */
  first?: number | undefined
  /** Milliseconds. */
  total: number
}

const ENDS: Readonly<Record<string, string>> = {
  length: 'The answer is cut at the output limit, which --max-tokens changes.',
  content_filter: 'The content filter stopped the answer.',
}

/** The lines about an answer for a person: model, region, tokens and times. */
export function figureLines(figures: Figures): string {
  const { model, region, usage, finish = '', hasText, first, total } = figures
  const facts = [
    ...(usage ? [tokens(usage)] : []),
    ...(first === undefined ? [] : [`first token after ${seconds(first)}`]),
    `total ${seconds(total)}`,
  ]
  const place = region === undefined ? '' : ` in ${region}`
  const problem = ENDS[finish] ?? (hasText ? undefined : 'The model wrote no text.')
  return `${problem === undefined ? '' : `${problem}\n`}${model}${place}: ${facts.join(', ')}\n`
}

/** The model and the region that answered, from the gateway's headers. */
export function routeOf({ headers }: Response, model: string): Pick<Figures, 'model' | 'region'> {
  const fallback = headers.get('x-oci-fallback')
  return {
    model: fallback === null ? model : fallback.slice(fallback.indexOf('/') + 1),
    region: headers.get('x-oci-region') ?? undefined,
  }
}

function tokens(
  { prompt_tokens, completion_tokens, completion_tokens_details }: ChatUsage,
): string {
  const reasoning = completion_tokens_details?.reasoning_tokens
  const part = reasoning ? ` (${reasoning} reasoning)` : ''
  return `${prompt_tokens} prompt and ${completion_tokens} completion tokens${part}`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
