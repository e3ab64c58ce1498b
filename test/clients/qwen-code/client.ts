import { QWEN_CODE } from '../../../src/clients/qwen-code.ts'
import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'

export const CLIENT: Client = {
  definition: QWEN_CODE,
  packages: { '@qwen-code/qwen-code': '0.24.4' },
  program: ['@qwen-code/qwen-code/cli-entry.js'],
  aliases: {},
  files: () => ({
    '.qwen/settings.json': `{
  "tools": { "useRipgrep": false },
  "privacy": { "usageStatisticsEnabled": false },
  "general": { "enableAutoUpdate": false }
}
`,
  }),
  quiet: { QWEN_CODE_SUPPRESS_YOLO_WARNING: '1' },
  checks: CHECKS,
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
}
