import { CODEX } from '../../../src/clients/codex.ts'
import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'

export const CLIENT: Client = {
  definition: CODEX,
  packages: { '@openai/codex': '0.169.0' },
  program: ['@openai/codex/bin/codex.js'],
  aliases: { 'gpt-5-codex': 'openai.gpt-oss-120b', 'gpt-5.6-sol': 'openai.gpt-oss-120b' },
  files: () => ({
    '.codex/config.toml': '# A file with other settings\r\n[tui]\r\nnotifications = false\r\n',
  }),
  quiet: {},
  checks: CHECKS,
  uses: [
    {
      title: 'Ask',
      language: 'sh',
      text: () => 'codex exec "Hello there"\ncodex exec resume --last "And what did I say?"',
    },
    {
      title: 'Another model, an image, a schema',
      language: 'sh',
      text: () =>
        [
          'codex exec --model openai.gpt-oss-120b "Hello there"',
          'codex exec "What is this?" --image dot.png',
          'codex exec --output-schema place.json "Tell me about Paris"',
        ].join('\n'),
    },
  ],
}
