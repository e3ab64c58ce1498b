import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, setUp, SNIPPETS } from './snippets.ts'

export const ANTHROPIC: Client = {
  name: 'anthropic',
  title: "Anthropic's library for JavaScript",
  packages: { '@anthropic-ai/sdk': '1.12.0' },
  program: [],
  aliases: { 'claude-*': 'xai.grok-4.3' },
  configure: () => ({ files: {}, env: {} }),
  quiet: {},
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro:
      'The gateway serves the Messages API with every OCI chat model, by model id or by alias.',
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      'The base URL has no `/v1`.',
      'The token count is an estimate: OCI has no endpoint that counts tokens.',
      'OCI models accept a reasoning effort, not a thinking budget: the gateway converts the budget. ' +
      'There is no thinking block when the model does not return its reasoning.',
      'Files, batches and tools that Anthropic runs are not supported.',
    ],
  },
}
