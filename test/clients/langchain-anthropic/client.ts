import { LANGCHAIN_ANTHROPIC } from '../../../src/clients/langchain-anthropic.ts'
import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, SNIPPETS } from './snippets.ts'

export const CLIENT: Client = {
  definition: LANGCHAIN_ANTHROPIC,
  packages: {
    '@langchain/anthropic': '1.5.11',
    '@langchain/core': '1.4.0',
    'zod': '4.6.7',
  },
  program: [],
  aliases: {},
  quiet: { LANGSMITH_TRACING: 'false' },
  checks: checksOf(LANGCHAIN_ANTHROPIC, [...SNIPPETS, ...PROVOKED]),
  uses: usesOf(SNIPPETS),
}
