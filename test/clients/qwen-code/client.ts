import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const QWEN_CODE: Client = {
  name: 'qwen-code',
  title: 'Qwen Code',
  packages: { '@qwen-code/qwen-code': '0.24.4' },
  program: ['@qwen-code/qwen-code/cli-entry.js'],
  aliases: {},
  configure,
  quiet: { QWEN_CODE_SUPPRESS_YOLO_WARNING: '1' },
  checks: CHECKS,
  page: {
    intro:
      "Qwen Code uses chat completions by default; Responses and Anthropic's Messages work with the same " +
      'models.',
    uses: [
      {
        title: 'Ask',
        language: 'sh',
        text: () => 'qwen "Hello there"\nqwen --continue "And what did I say?"',
      },
      {
        title: 'Another model, another API',
        language: 'sh',
        text: () =>
          [
            'qwen --model openai.gpt-oss-120b "Hello there"',
            'qwen --auth-type openai-responses "Hello there"',
            'qwen --auth-type anthropic "Hello there"',
          ].join('\n'),
      },
    ],
    limits: [
      '`ANTHROPIC_BASE_URL` has no `/v1`; `OPENAI_BASE_URL` ends with `/v1`.',
      'After each answer Qwen Code sends two more requests, which look for facts to remember.',
    ],
  },
}
