import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const OPENCLAW: Client = {
  name: 'openclaw',
  title: 'OpenClaw',
  packages: { openclaw: '2026.9.6' },
  program: ['openclaw/openclaw.mjs'],
  aliases: { 'text-embedding-3-small': 'cohere.embed-multilingual-v3.0' },
  configure,
  quiet: { OPENCLAW_TELEMETRY: '0', OPENCLAW_NO_AUTO_UPDATE: '1' },
  checks: CHECKS,
  page: {
    intro:
      'OpenClaw takes any of the three faces of the gateway. `openai-completions` is what most ' +
      'providers speak and what is exercised most; the other two work on the same models.',
    uses: [
      {
        title: 'Ask',
        language: 'sh',
        text: () => 'openclaw agent --local --session-id one --message "Hello there"',
      },
      {
        title: 'Another face, another model',
        language: 'sh',
        text: () =>
          [
            'openclaw agent exec --model oci-responses/xai.grok-4 "Hello there"',
            'openclaw agent exec --model oci-messages/xai.grok-4 "Hello there"',
            'openclaw agent exec --model oci/openai.gpt-oss-120b --thinking high "Think about it"',
          ].join('\n'),
      },
      {
        title: 'Search the memory',
        language: 'sh',
        text: () => 'openclaw memory index --force\nopenclaw memory search "What did I say?"',
      },
    ],
    limits: [
      'A `baseUrl` of `anthropic-messages` has no `/v1`; those of the other two have it.',
      'It asks for the token counts of a stream only when the address is of this machine. ' +
      'Elsewhere add `"compat": { "supportsUsageInStreaming": true }` to the model.',
      'It sends an effort only with `"reasoning": true` and ' +
      '`"compat": { "supportsReasoningEffort": true }`.',
      'It does not ask the gateway for its models: each one you want is named in the configuration.',
      'Its memory takes embeddings as numbers alone, which is what the gateway gives it.',
    ],
  },
}
