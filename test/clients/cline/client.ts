import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const CLINE: Client = {
  name: 'cline',
  title: 'Cline CLI',
  packages: { 'cline': '3.0.65' },
  program: ['cline/bin/cline'],
  aliases: {},
  configure,
  // A local session needs no background process, which would outlive the run.
  quiet: { CLINE_NO_AUTO_UPDATE: '1', CLINE_SESSION_BACKEND_MODE: 'local' },
  checks: CHECKS,
  page: {
    intro:
      'The provider `openai-compatible` of Cline uses chat completions, `openai-native` uses Responses. ' +
      'Both work with every chat model.',
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
    limits: [
      'Cline stores the model of `--model` as the default of the provider.',
      'It continues a conversation with `--id` in a terminal only, which the tests do not have.',
      'The provider `anthropic` accepts no base URL from `cline auth`.',
      "Cline prints warnings of its AI SDK about `openai-compatible`; they do not concern the gateway's answers.",
    ],
  },
}
