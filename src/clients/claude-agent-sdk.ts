import { claudeVariables } from './claude-code.ts'
import type { ClientDefinition } from './client.ts'

/** The SDK runs Claude Code with the environment of the process. */
export const CLAUDE_AGENT_SDK: ClientDefinition = {
  name: 'claude-agent-sdk',
  title: 'Claude Agent SDK',
  api: 'messages',
  agent: /^claude-cli$/,
  intro:
    "The SDK runs [Claude Code](claude-code.md) and has the same variables. It uses Anthropic's Messages " +
    'API with every OCI chat model.',
  limits: [
    '`ANTHROPIC_BASE_URL` has no `/v1`. `env` in `options` replaces the whole environment.',
    'After an error result the SDK throws an error with the same text, when more messages are read.',
  ],
  files: [],
  env: claudeVariables,
  code: {
    language: 'js',
    text: () =>
      `import { query } from '@anthropic-ai/claude-agent-sdk'

async function ask(prompt, options = {}) {
  for await (const message of query({ prompt, options })) {
    if (message.type === 'result') return message
  }
}
`,
  },
}
