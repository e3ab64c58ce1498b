import { CLAUDE_CODE } from '../../../src/clients/claude-code.ts'
import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'

export const CLIENT: Client = {
  definition: CLAUDE_CODE,
  packages: { '@anthropic-ai/claude-code': '2.1.330' },
  program: ['@anthropic-ai/claude-code/cli-wrapper.cjs'],
  aliases: {},
  files: () => ({ '.claude/settings.json': '{\n\t"env": {},\n\t"includeCoAuthoredBy": false\n}' }),
  quiet: { DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' },
  checks: CHECKS,
  uses: [
    {
      title: 'Ask',
      language: 'sh',
      text: () => 'claude -p "Hello there"\nclaude -p "And what did I say?" --continue',
    },
    {
      title: 'Another model',
      language: 'sh',
      text: () => 'claude -p "Hello there" --model openai.gpt-oss-120b',
    },
  ],
}
