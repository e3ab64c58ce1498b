import { CLINE } from '../../../src/clients/cline.ts'
import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'

export const CLIENT: Client = {
  definition: CLINE,
  packages: { 'cline': '3.0.65' },
  program: ['cline/bin/cline'],
  aliases: {},
  // A local session needs no background process, which would outlive the run.
  quiet: { CLINE_NO_AUTO_UPDATE: '1', CLINE_SESSION_BACKEND_MODE: 'local' },
  checks: CHECKS,
  uses: [
    {
      title: 'Configure by command',
      language: 'sh',
      text: ({ url, key }) =>
        `cline auth --provider openai-compatible --baseurl ${url}/v1 --apikey ${key} --modelid xai.grok-4.3`,
    },
    {
      title: 'Ask',
      language: 'sh',
      text: () =>
        [
          'cline "Hello there"',
          'cline --model openai.gpt-oss-120b --thinking high "Think about it"',
          'cline --provider openai-native "Hello there"',
        ].join('\n'),
    },
  ],
}
