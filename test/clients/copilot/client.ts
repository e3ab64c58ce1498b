import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const COPILOT: Client = {
  name: 'copilot',
  title: 'GitHub Copilot CLI',
  packages: { '@github/copilot': '1.0.102' },
  program: ['@github/copilot/npm-loader.js'],
  aliases: {},
  configure,
  quiet: { COPILOT_AUTO_UPDATE: 'false' },
  checks: CHECKS,
  page: {
    intro:
      "The CLI works with an own model provider instead of GitHub's models. It uses chat completions by " +
      "default; Responses and Anthropic's Messages work with the same models.",
    uses: [
      {
        title: 'Ask',
        language: 'sh',
        text: () => 'copilot -p "Hello there"\ncopilot --continue -p "And what did I say?"',
      },
      {
        title: 'Another model, an image',
        language: 'sh',
        text: () =>
          [
            'copilot --model openai.gpt-oss-120b --reasoning-effort high -p "Think about it"',
            'copilot --attachment dot.png -p "What is this?"',
          ].join('\n'),
      },
      {
        title: 'Another API',
        language: 'sh',
        text: ({ url }) =>
          [
            'COPILOT_PROVIDER_WIRE_API=responses copilot -p "Hello there"',
            `COPILOT_PROVIDER_TYPE=anthropic COPILOT_PROVIDER_BASE_URL=${url} copilot -p "Hello there"`,
          ].join('\n'),
      },
    ],
    limits: [
      'The base URL of the type `anthropic` has no `/v1`; that of the type `openai` ends with `/v1`.',
      'Without `COPILOT_OFFLINE=true` the CLI also calls servers of GitHub.',
      'The CLI does not know the limits of OCI models: set `COPILOT_PROVIDER_MAX_PROMPT_TOKENS` and ' +
      '`COPILOT_PROVIDER_MAX_OUTPUT_TOKENS`, so that it compacts a conversation in time.',
      'The gateway does not support `COPILOT_PROVIDER_TRANSPORT=websockets`.',
    ],
  },
}
