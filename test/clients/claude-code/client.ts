import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const CLAUDE_CODE: Client = {
  name: 'claude-code',
  title: 'Claude Code',
  packages: { '@anthropic-ai/claude-code': '2.1.330' },
  program: ['@anthropic-ai/claude-code/cli-wrapper.cjs'],
  aliases: { 'claude-*': 'xai.grok-4' },
  configure,
  quiet: { DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' },
  checks: CHECKS,
  page: {
    intro:
      "Claude Code speaks Anthropic's Messages. It asks for models named `claude-…`: the alias " +
      'sends them all, those of its background tasks too, to a model of OCI.',
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
      'Aliases can differ by size: `claude-haiku-*` to a small model, `claude-*` to a large one; the ' +
      'longest pattern wins.',
      "It believes that a model has the context of Claude. Where OCI's is smaller, it hears " +
      '"Prompt is too long" first.',
      'It gives up at once when there is a rate limit or OCI is down: by then the gateway has tried ' +
      'three times, and says so.',
      'A model by a name that is not `claude-…` works; Claude Code says that it does not know it.',
    ],
  },
}
