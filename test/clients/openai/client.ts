import { OPENAI } from '../../../src/clients/openai.ts'
import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED } from './faults.ts'
import { SNIPPETS } from './snippets.ts'

export const CLIENT: Client = {
  definition: OPENAI,
  packages: { openai: '7.57.0', zod: '4.6.7' },
  program: [],
  aliases: { 'text-embedding-3-small': 'cohere.embed-v4.0' },
  quiet: {},
  checks: checksOf(OPENAI, [...SNIPPETS, ...PROVOKED]),
  uses: usesOf(SNIPPETS),
}
