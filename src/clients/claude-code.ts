import type { ClientDefinition, Connection } from './client.ts'

/** Claude Code, which sets the variables of `env` in its settings for itself. */
export const CLAUDE_CODE: ClientDefinition = {
  name: 'claude-code',
  title: 'Claude Code',
  api: 'messages',
  files: [{
    path: '.claude/settings.json',
    folder: 'home',
    movedBy: { variable: 'CLAUDE_CONFIG_DIR', replaces: '.claude' },
    format: 'jsonc',
    settings: (connection) => ({ env: claudeVariables(connection) }),
  }],
  tryIt: 'claude -p "Hello there"',
}

/** The variables of Claude Code and the Claude Agent SDK. Every model that it selects is replaced. */
export function claudeVariables(
  { url, key, model }: Connection,
): Readonly<Record<string, string>> {
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_AUTH_TOKEN: key,
    ANTHROPIC_MODEL: model.id,
    ANTHROPIC_DEFAULT_OPUS_MODEL: model.id,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model.id,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model.id,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  }
}
