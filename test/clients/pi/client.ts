import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const PI: Client = {
  name: 'pi',
  title: 'pi',
  packages: { '@earendil-works/pi-coding-agent': '1.6.0' },
  program: ['@earendil-works/pi-coding-agent/dist/bundle/cli.js'],
  aliases: {},
  configure,
  quiet: { PI_OFFLINE: '1' },
  checks: CHECKS,
  page: {
    intro:
      'pi works with all three client APIs of the gateway and the same models. Its package was named ' +
      '`@mariozechner/pi-coding-agent` before.',
    uses: [
      {
        title: 'Ask',
        language: 'sh',
        text: () => 'pi -p "Hello there"\npi -p --continue "And what did I say?"',
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
    limits: [
      'The `baseUrl` of `anthropic-messages` has no `/v1`; those of the other two end with `/v1`.',
      'pi does not list the models of the gateway: add each model to the configuration, with `input` ' +
      'to send images and `"reasoning": true` to send a reasoning effort.',
    ],
  },
}
