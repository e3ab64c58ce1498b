import type { ClientDefinition } from '../../src/clients/client.ts'
import type { Check, Use } from './client.ts'

/** JavaScript code that uses a library after its set-up; the page shows exactly the code that runs. */
export interface Snippet {
  /** The heading on the page. */
  title: string
  code: string
  prints: readonly RegExp[]
  /** Patterns for the requests to OCI. */
  sends?: readonly RegExp[]
}

/** A check for each snippet: runs the code of the definition and of the snippet, and checks the output. */
export function checksOf(
  definition: Pick<ClientDefinition, 'code'>,
  snippets: readonly Snippet[],
): readonly Check[] {
  return snippets.map(({ title, code, prints, sends = [] }) => ({
    name: title.toLowerCase(),
    steps: [{ run: scriptOf(definition, code), prints, sends }],
  }))
}

/** The example on the page for each snippet. */
export function usesOf(snippets: readonly Snippet[]): readonly Use[] {
  return snippets.map(({ title, code }) => ({ title, language: 'js', text: () => code }))
}

/** A module that runs the code of a definition, then other code. */
export function scriptOf(
  { code }: Pick<ClientDefinition, 'code'>,
  rest: string,
): Check['steps'][number]['run'] {
  return (connection) => `${code?.text(connection) ?? ''}\n${rest}\n`
}
