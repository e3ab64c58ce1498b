import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const OPENCLAW: Client = {
  name: 'openclaw',
  title: 'OpenClaw',
  packages: { openclaw: '2026.9.6' },
  program: ['openclaw/openclaw.mjs'],
  aliases: { 'text-embedding-3-small': 'cohere.embed-v4.0' },
  configure,
  quiet: { OPENCLAW_TELEMETRY: '0', OPENCLAW_NO_AUTO_UPDATE: '1' },
  checks: CHECKS,
  page: {
    intro:
      'OpenClaw works with all three client APIs of the gateway. `openai-completions` is the most common ' +
      'and most tested one; the other two work with the same models.',
    uses: [
      {
        title: 'Ask',
        language: 'sh',
        text: () => 'openclaw agent --local --session-id one --message "Hello there"',
      },
      {
        title: 'Another API, another model',
        language: 'sh',
        text: () =>
          [
            'openclaw agent exec --model oci-responses/xai.grok-4.3 "Hello there"',
            'openclaw agent exec --model oci-messages/xai.grok-4.3 "Hello there"',
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
      'The `baseUrl` of `anthropic-messages` has no `/v1`; those of the other two end with `/v1`.',
      'OpenClaw requests the token counts of a stream only from a gateway on the same machine. ' +
      'Otherwise add `"compat": { "supportsUsageInStreaming": true }` to the model.',
      'It sends a reasoning effort only with `"reasoning": true` and ' +
      '`"compat": { "supportsReasoningEffort": true }`.',
      'It does not list the models of the gateway: add each model to the configuration.',
      'Its memory accepts embeddings as numbers only, which the gateway returns.',
    ],
  },
}
