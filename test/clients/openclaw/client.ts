import { OPENCLAW } from '../../../src/clients/openclaw.ts'
import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { otherApis } from './other-apis.ts'

export const CLIENT: Client = {
  definition: OPENCLAW,
  packages: { openclaw: '2026.9.6' },
  program: ['openclaw/openclaw.mjs'],
  aliases: {},
  files: (connection) => ({ '.openclaw/openclaw.json': otherApis(connection) }),
  quiet: { OPENCLAW_TELEMETRY: '0', OPENCLAW_NO_AUTO_UPDATE: '1' },
  checks: CHECKS,
  uses: [
    {
      title: 'Ask',
      language: 'sh',
      text: () => 'openclaw agent --local --session-id one --message "Hello there"',
    },
    {
      title: 'Other APIs: more providers in the same file',
      language: 'json',
      text: otherApis,
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
}
