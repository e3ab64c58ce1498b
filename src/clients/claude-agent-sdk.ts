import { claudeVariables } from './claude-code.ts'
import type { ClientDefinition } from './client.ts'

/** The SDK runs Claude Code with the environment of the process. */
export const CLAUDE_AGENT_SDK: ClientDefinition = {
  name: 'claude-agent-sdk',
  title: 'Claude Agent SDK',
  api: 'messages',
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
