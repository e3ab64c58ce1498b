import { ANTHROPIC } from '../../../src/clients/anthropic.ts'
import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, SNIPPETS } from './snippets.ts'

export const CLIENT: Client = {
  definition: ANTHROPIC,
  packages: { '@anthropic-ai/sdk': '1.12.0' },
  program: [],
  aliases: { 'claude-*': 'xai.grok-4.3' },
  quiet: {},
  checks: checksOf(ANTHROPIC, [...SNIPPETS, ...PROVOKED]),
  uses: usesOf(SNIPPETS),
}
