import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const OPENCODE: Client = {
  name: 'opencode',
  title: 'opencode',
  packages: { 'opencode-ai': '1.18.33' },
  // The installation script copies the program for this platform.
  runsInstallScripts: true,
  program: ['opencode-ai/bin/opencode.exe'],
  aliases: {},
  configure,
  quiet: {
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  },
  checks: CHECKS,
  page: {
    intro: 'opencode uses chat completions through its bundled AI SDK provider.',
    uses: [
      {
        title: 'Ask',
        language: 'sh',
        text: () => 'opencode run "Hello there"\nopencode run --continue "And what did I say?"',
      },
      {
        title: 'Another model, an image',
        language: 'sh',
        text: () =>
          [
            'opencode run --model oci/meta.llama-3.3-70b-instruct "Hello there"',
            'opencode run "What is this?" --file dot.png',
          ].join('\n'),
      },
    ],
    limits: [
      'opencode does not list the models of the gateway: add each model to the configuration.',
      'Set `limit` to the limits of the model, so that opencode knows when to compact a conversation. ' +
      'Set `modalities` to send images.',
      'The first question of a conversation is sent twice: `small_model` creates a title from it.',
      'When OCI fails, opencode retries with exponential backoff; the gateway has already tried three times.',
    ],
  },
}
