import { OPENAI_AGENTS } from '../../../src/clients/openai-agents.ts'
import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, SNIPPETS } from './snippets.ts'

export const CLIENT: Client = {
  definition: OPENAI_AGENTS,
  packages: { '@openai/agents': '0.20.0', 'openai': '7.57.0', 'zod': '4.6.7' },
  program: [],
  aliases: {},
  quiet: {},
  checks: checksOf(OPENAI_AGENTS, [...SNIPPETS, ...PROVOKED]),
  uses: usesOf(SNIPPETS),
}
