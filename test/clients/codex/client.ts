import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const CODEX: Client = {
  name: 'codex',
  title: 'Codex',
  packages: { '@openai/codex': '0.169.0' },
  program: ['@openai/codex/bin/codex.js'],
  aliases: { 'gpt-5-codex': 'openai.gpt-oss-120b' },
  configure,
  quiet: {},
  checks: CHECKS,
  page: {
    intro: 'Codex speaks Responses, and nothing else. The gateway translates that for every model.',
    uses: [
      {
        title: 'Ask',
        language: 'sh',
        text: () => 'codex exec "Hello there"\ncodex exec resume --last "And what did I say?"',
      },
      {
        title: 'Another model, a picture, a schema',
        language: 'sh',
        text: () =>
          [
            'codex exec --model openai.gpt-oss-120b "Hello there"',
            'codex exec "What is this?" --image dot.png',
            'codex exec --output-schema place.json "Tell me about Paris"',
          ].join('\n'),
      },
    ],
    limits: [
      '`wire_api = "chat"` is refused by Codex itself.',
      'Of a model it does not know it says that metadata was not found, and works. An alias with a ' +
      "name that it knows, such as `gpt-5-codex`, makes it use that model's own instructions and tools.",
      'Its web search, which OpenAI runs itself, is not there on models that the gateway translates for.',
    ],
  },
}
