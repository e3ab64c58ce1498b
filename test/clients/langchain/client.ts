import { LANGCHAIN } from '../../../src/clients/langchain.ts'
import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, SNIPPETS } from './snippets.ts'

export const CLIENT: Client = {
  definition: LANGCHAIN,
  packages: { '@langchain/openai': '1.6.0', '@langchain/core': '1.4.0', 'zod': '4.6.7' },
  program: [],
  aliases: { 'text-embedding-3-small': 'cohere.embed-v4.0' },
  quiet: { LANGSMITH_TRACING: 'false' },
  checks: checksOf(LANGCHAIN, [...SNIPPETS, ...PROVOKED]),
  uses: usesOf(SNIPPETS),
}
