import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, setUp, SNIPPETS } from './snippets.ts'

export const AI_SDK: Client = {
  name: 'ai-sdk',
  title: 'AI SDK',
  packages: {
    'ai': '7.0.173',
    '@ai-sdk/openai-compatible': '3.0.92',
    '@ai-sdk/openai': '4.0.118',
    'zod': '4.6.7',
  },
  program: [],
  aliases: { 'text-embedding-3-small': 'cohere.embed-multilingual-v3.0' },
  configure: () => ({ files: {}, env: {} }),
  quiet: { AI_SDK_LOG_WARNINGS: 'false' },
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro:
      '`@ai-sdk/openai-compatible` speaks chat completions, `@ai-sdk/openai` Responses unless told ' +
      'otherwise. Both work on every chat model.',
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      'Without `includeUsage` a stream has no token counts; without `supportsStructuredOutputs` ' +
      'the schema of an object is not sent.',
      "`@ai-sdk/openai` knows by its name whether a model reasons. For one of OCI's own say " +
      '`providerOptions: { openai: { forceReasoning: true } }`.',
    ],
  },
}
