import type { ClientDefinition, Connection } from './client.ts'

/** Claude Code, which sets the variables of `env` in its settings for itself. */
export const CLAUDE_CODE: ClientDefinition = {
  name: 'claude-code',
  title: 'Claude Code',
  api: 'messages',
  agent: /^claude-cli$/,
  intro:
    "Claude Code uses Anthropic's Messages API. The variables replace all models that it selects, " +
    'including those of background tasks, by an OCI model.',
  limits: [
    '`ANTHROPIC_BASE_URL` has no `/v1`.',
    'For models by the names of Claude, set aliases on the gateway instead of the variables with ' +
    '`MODEL`: `MODEL_MAP={"claude-haiku-*":"…","claude-*":"…"}`. The longest matching pattern applies.',
    "Claude Code assumes Claude's context window. If the OCI model has a smaller one, it shows " +
    '"Prompt is too long" earlier.',
    'It does not retry a rate limit or an OCI outage: the gateway has already tried three times and ' +
    'reports that in its answer.',
    'Claude Code warns that it does not know the names of OCI models, and works.',
  ],
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
