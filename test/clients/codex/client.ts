import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const CODEX: Client = {
  name: 'codex',
  title: 'Codex',
  packages: { '@openai/codex': '0.169.0' },
  program: ['@openai/codex/bin/codex.js'],
  aliases: { 'gpt-5-codex': 'openai.gpt-oss-120b', 'gpt-5.6-sol': 'openai.gpt-oss-120b' },
  configure,
  quiet: {},
  checks: CHECKS,
  page: {
    intro: 'Codex uses the Responses API only, which the gateway translates for every model.',
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
    limits: [
      'Codex does not support `wire_api = "chat"`.',
      'For an unknown model Codex warns that metadata was not found, and works. An alias with a name ' +
      "that it knows, such as `gpt-5-codex`, makes it use that model's instructions and tools. With " +
      '`gpt-5.6-sol` it sends the tools in the input, and one tool runs JavaScript that calls the others.',
      'A model that reads text only rejects an image in the newest message. In earlier messages and in ' +
      'results of tools the gateway replaces it with a note.',
      'Web search, which OpenAI runs, is not available with models that the gateway translates for.',
    ],
  },
}
