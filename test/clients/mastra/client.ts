import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, setUp, SNIPPETS } from './snippets.ts'

export const MASTRA: Client = {
  name: 'mastra',
  title: 'Mastra',
  packages: { '@mastra/core': '1.71.0', 'zod': '4.6.7' },
  program: [],
  aliases: { 'text-embedding-3-small': 'cohere.embed-v4.0' },
  configure: () => ({ files: {}, env: {} }),
  quiet: { MASTRA_TELEMETRY_DISABLED: '1' },
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro:
      'Mastra uses chat completions for a model with a `url`. Its agents also accept models of the ' +
      '[AI SDK](ai-sdk.md).',
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      'Mastra does not request the token counts of a stream. Models of `@ai-sdk/openai-compatible` with ' +
      '`includeUsage` have them.',
      '`logger: false` keeps its log out of the output; its errors are thrown in any case.',
    ],
  },
}
