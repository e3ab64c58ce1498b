import { PI } from '../../../src/clients/pi.ts'
import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { otherApis } from './other-apis.ts'

export const CLIENT: Client = {
  definition: PI,
  packages: { '@earendil-works/pi-coding-agent': '1.6.0' },
  program: ['@earendil-works/pi-coding-agent/dist/bundle/cli.js'],
  aliases: {},
  files: (connection) => ({ '.pi/agent/models.json': otherApis(connection) }),
  quiet: { PI_OFFLINE: '1' },
  checks: CHECKS,
  uses: [
    {
      title: 'Ask',
      language: 'sh',
      text: () => 'pi -p "Hello there"\npi -p --continue "And what did I say?"',
    },
    {
      title: 'Other APIs: more providers in the same file',
      language: 'json',
      text: otherApis,
    },
    {
      title: 'Another API, another model, an image',
      language: 'sh',
      text: () =>
        [
          'pi -p --provider oci-responses --model xai.grok-4.3 "Hello there"',
          'pi -p --provider oci-messages --model xai.grok-4.3 "Hello there"',
          'pi -p --model openai.gpt-oss-120b --thinking high "Think about it"',
          'pi -p @dot.png "What is this?"',
        ].join('\n'),
    },
  ],
}
