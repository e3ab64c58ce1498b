import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'
import { configure } from './configuration.ts'

export const OPENCODE: Client = {
  name: 'opencode',
  title: 'opencode',
  packages: { 'opencode-ai': '1.18.33' },
  // Its script puts the program for this machine in its place.
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
    intro: 'opencode speaks chat completions, through the library that it brings for that.',
    uses: [
      {
        title: 'Ask',
        language: 'sh',
        text: () => 'opencode run "Hello there"\nopencode run --continue "And what did I say?"',
      },
      {
        title: 'Another model, a picture',
        language: 'sh',
        text: () =>
          [
            'opencode run --model oci/meta.llama-3.3-70b-instruct "Hello there"',
            'opencode run "What is this?" --file dot.png',
          ].join('\n'),
      },
    ],
    limits: [
      'Each model you want is named in the configuration; it does not ask the gateway for a list.',
      'Say in `limit` what the model can hold, or opencode does not know when to shorten a ' +
      'conversation; `modalities` lets it send pictures.',
      'The first question of a conversation is sent twice: `small_model` finds a title for it.',
      'When OCI fails it tries again, with growing waits; the gateway has then tried three times.',
    ],
  },
}
