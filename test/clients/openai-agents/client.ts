import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, setUp, SNIPPETS } from './snippets.ts'

export const OPENAI_AGENTS: Client = {
  name: 'openai-agents',
  title: 'OpenAI Agents SDK',
  packages: { '@openai/agents': '0.20.0', 'openai': '7.57.0', 'zod': '4.6.7' },
  program: [],
  aliases: {},
  configure: () => ({ files: {}, env: {} }),
  quiet: {},
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro: 'The SDK uses Responses by default, and chat completions with `useResponses: false`. ' +
      'Both work with every chat model.',
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      'Tracing sends data to OpenAI: disable it with `tracingDisabled`.',
      'Tools that OpenAI runs, such as `webSearchTool()`, are left out with a warning; with chat ' +
      'completions the SDK rejects them.',
      'For a broken stream of Responses the SDK reports that the response failed, without the cause.',
    ],
  },
}
