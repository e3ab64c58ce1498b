import { MASTRA } from '../../../src/clients/mastra.ts'
import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, SNIPPETS } from './snippets.ts'

export const CLIENT: Client = {
  definition: MASTRA,
  packages: { '@mastra/core': '1.71.0', 'zod': '4.6.7' },
  program: [],
  aliases: { 'text-embedding-3-small': 'cohere.embed-v4.0' },
  quiet: { MASTRA_TELEMETRY_DISABLED: '1' },
  checks: checksOf(MASTRA, [...SNIPPETS, ...PROVOKED]),
  uses: usesOf(SNIPPETS),
}
