import { CLAUDE_AGENT_SDK } from '../../../src/clients/claude-agent-sdk.ts'
import type { Client } from '../client.ts'
import { usesOf } from '../library.ts'
import { CHECKS } from './checks.ts'
import { SNIPPETS } from './snippets.ts'

export const CLIENT: Client = {
  definition: CLAUDE_AGENT_SDK,
  packages: {
    '@anthropic-ai/claude-agent-sdk': '0.3.332',
    '@anthropic-ai/sdk': '1.12.0',
    '@modelcontextprotocol/sdk': '1.32.2',
    'zod': '4.6.7',
  },
  program: [],
  aliases: {},
  quiet: { DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' },
  checks: CHECKS,
  uses: usesOf(SNIPPETS),
}
