import type { Check, Settings, Use } from './client.ts'

/** Lines of JavaScript that use a library once it is set up; what its page shows is what is run. */
export interface Snippet {
  /** A heading. */
  title: string
  code: string
  prints: readonly RegExp[]
  /** What OCI has to be asked. */
  asks?: readonly RegExp[]
}

/** A check for each snippet: set up, it prints what it should. */
export function checksOf(
  setUp: (settings: Settings) => string,
  snippets: readonly Snippet[],
): readonly Check[] {
  return snippets.map(({ title, code, prints, asks = [] }) => ({
    name: title.toLowerCase(),
    steps: [{ run: (settings) => `${setUp(settings)}\n${code}\n`, prints, asks }],
  }))
}

/** What its page shows of each snippet. */
export function usesOf(snippets: readonly Snippet[]): readonly Use[] {
  return snippets.map(({ title, code }) => ({ title, language: 'js', text: () => code }))
}
