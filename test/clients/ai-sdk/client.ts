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
  aliases: { 'text-embedding-3-small': 'cohere.embed-v4.0' },
  configure: () => ({ files: {}, env: {} }),
  quiet: { AI_SDK_LOG_WARNINGS: 'false' },
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro:
      '`@ai-sdk/openai-compatible` uses chat completions, `@ai-sdk/openai` uses Responses by default. ' +
      'Both work with every chat model.',
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      'A stream has token counts only with `includeUsage`. The schema of an object is sent only with ' +
      '`supportsStructuredOutputs`.',
      '`@ai-sdk/openai` detects reasoning models by name. For other reasoning models set ' +
      '`providerOptions: { openai: { forceReasoning: true } }`.',
    ],
  },
}
