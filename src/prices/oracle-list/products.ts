/**
 * Models by the product name of Oracle's price list, in lower case and without its prefix. The pages
 * of Command A and Embed 4 confirm theirs under "On-Demand Mode"; the others are matched by name
 * (Grok 4.20 with Grok 4.2, Llama 3.3 with Large Meta), which no page confirms.
 */
const MODELS = new Map<string, readonly string[]>([
  ['large cohere', ['cohere.command-a-03-2025']],
  ['embed cohere', ['cohere.embed-v4.0']],
  ['rerank 4 pro', ['cohere.rerank-v4.0-pro']],
  ['rerank 4 fast', ['cohere.rerank-v4.0-fast']],
  ['large meta', ['meta.llama-3.3-70b-instruct']],
  ['meta llama 4 maverick', ['meta.llama-4-maverick-17b-128e-instruct-fp8']],
  ['meta llama 4 scout', ['meta.llama-4-scout-17b-16e-instruct']],
  [
    'xai - grok 4.2',
    [
      ...['xai.grok-4.20-reasoning', 'xai.grok-4.20-non-reasoning'],
      ...['xai.grok-4.20-0309-reasoning', 'xai.grok-4.20-0309-non-reasoning'],
    ],
  ],
])

/** Products whose models are named like them, so that new versions need no row above. */
const NAMED_ALIKE: readonly [product: RegExp, model: string][] = [
  [/^xai - grok (\d+\.\d+)$/, 'xai.grok-$1'],
  [/^google - gemini (\d+\.\d+) (pro|flash|flash lite)(?: ga)?$/, 'google.gemini-$1-$2'],
  [/^openai - (gpt-oss-\d+b)$/, 'openai.$1'],
]

/** Returns the models that a product is the price of; none for a product that is no known model. */
export function modelsOf(product: string): readonly string[] {
  const known = MODELS.get(product)
  if (known) return known
  return NAMED_ALIKE.filter(([pattern]) => pattern.test(product))
    .map(([pattern, model]) => product.replace(pattern, model).replaceAll(' ', '-'))
}
