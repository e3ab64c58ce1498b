import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, setUp, SNIPPETS } from './snippets.ts'

export const ANTHROPIC: Client = {
  name: 'anthropic',
  title: "Anthropic's library for JavaScript",
  packages: { '@anthropic-ai/sdk': '1.12.0' },
  program: [],
  aliases: { 'claude-*': 'xai.grok-4' },
  configure: () => ({ files: {}, env: {} }),
  quiet: {},
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro:
      "The gateway speaks Messages on every chat model of OCI, by OCI's own names or by aliases.",
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      'The base URL has no `/v1`.',
      'The count of tokens is an estimate: OCI has nothing that counts them beforehand.',
      'Of thinking, the models of OCI know an effort, no budget: the gateway makes one of the other. ' +
      'Where a model shows no thoughts, there is no block of them.',
      'Files, batches, and tools that Anthropic runs itself are not there.',
    ],
  },
}
