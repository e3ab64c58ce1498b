import { COPILOT } from '../../../src/clients/copilot.ts'
import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'

export const CLIENT: Client = {
  definition: COPILOT,
  packages: { '@github/copilot': '1.0.102' },
  program: ['@github/copilot/npm-loader.js'],
  aliases: {},
  quiet: { COPILOT_AUTO_UPDATE: 'false' },
  checks: CHECKS,
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
}
