import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const CLAUDE_CODE: Client = {
  name: 'claude-code',
  title: 'Claude Code',
  packages: { '@anthropic-ai/claude-code': '2.1.330' },
  program: ['@anthropic-ai/claude-code/cli-wrapper.cjs'],
  aliases: { 'claude-*': 'xai.grok-4.3' },
  configure,
  quiet: { DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' },
  checks: CHECKS,
  page: {
    intro:
      "Claude Code uses Anthropic's Messages API with models named `claude-…`. The alias maps all of " +
      'them, including those of background tasks, to an OCI model.',
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
    limits: [
      '`ANTHROPIC_BASE_URL` has no `/v1`.',
      'Aliases can map to different models: `claude-haiku-*` to a small one, `claude-*` to a large one. ' +
      'The longest matching pattern applies.',
      "Claude Code assumes Claude's context window. If the OCI model has a smaller one, it shows " +
      '"Prompt is too long" earlier.',
      'It does not retry a rate limit or an OCI outage: the gateway has already tried three times and ' +
      'reports that in its answer.',
      'Models with other names work as well; Claude Code warns that it does not know them.',
    ],
  },
}
