import type { Check, Settings, Use } from './client.ts'

/** JavaScript code that uses a library after its set-up; the page shows exactly the code that runs. */
export interface Snippet {
  /** The heading on the page. */
  title: string
  code: string
  prints: readonly RegExp[]
  /** Patterns for the requests to OCI. */
  sends?: readonly RegExp[]
}

/** A check for each snippet: runs the set-up and the code, and checks the output. */
export function checksOf(
  setUp: (settings: Settings) => string,
  snippets: readonly Snippet[],
): readonly Check[] {
  return snippets.map(({ title, code, prints, sends = [] }) => ({
    name: title.toLowerCase(),
    steps: [{ run: (settings) => `${setUp(settings)}\n${code}\n`, prints, sends }],
  }))
}

/** The example on the page for each snippet. */
export function usesOf(snippets: readonly Snippet[]): readonly Use[] {
  return snippets.map(({ title, code }) => ({ title, language: 'js', text: () => code }))
}
