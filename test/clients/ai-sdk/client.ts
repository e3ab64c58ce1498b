import { AI_SDK } from '../../../src/clients/ai-sdk.ts'
import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, SNIPPETS } from './snippets.ts'

export const CLIENT: Client = {
  definition: AI_SDK,
  packages: {
    'ai': '7.0.173',
    '@ai-sdk/openai-compatible': '3.0.92',
    '@ai-sdk/openai': '4.0.118',
    'zod': '4.6.7',
  },
  program: [],
  aliases: { 'text-embedding-3-small': 'cohere.embed-v4.0' },
  quiet: { AI_SDK_LOG_WARNINGS: 'false' },
  checks: checksOf(AI_SDK, [...SNIPPETS, ...PROVOKED]),
  uses: usesOf(SNIPPETS),
}
