import { configure } from '../claude-code/configuration.ts'
import type { Client } from '../client.ts'
import { usesOf } from '../library.ts'
import { CHECKS } from './checks.ts'
import { setUp, SNIPPETS } from './snippets.ts'

export const CLAUDE_AGENT_SDK: Client = {
  name: 'claude-agent-sdk',
  title: 'Claude Agent SDK',
  packages: {
    '@anthropic-ai/claude-agent-sdk': '0.3.332',
    '@anthropic-ai/sdk': '1.12.0',
    '@modelcontextprotocol/sdk': '1.32.2',
    'zod': '4.6.7',
  },
  program: [],
  aliases: { 'claude-*': 'xai.grok-4.3' },
  configure,
  quiet: { DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' },
  checks: CHECKS,
  page: {
    intro:
      "The SDK runs [Claude Code](claude-code.md) and has the same settings. It uses Anthropic's Messages " +
      'API with models named `claude-…`, which the alias maps to an OCI model.',
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      '`ANTHROPIC_BASE_URL` has no `/v1`. `env` in `options` replaces the environment of the process.',
      'After an error result the SDK throws an error with the same text, when more messages are read.',
    ],
  },
}
