import { OPENCODE } from '../../../src/clients/opencode.ts'
import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'

export const CLIENT: Client = {
  definition: OPENCODE,
  packages: { 'opencode-ai': '1.18.33' },
  // The installation script copies the program for this platform.
  runsInstallScripts: true,
  program: ['opencode-ai/bin/opencode.exe'],
  aliases: {},
  // With a comment, as users have them.
  files: () => ({
    '.config/opencode/opencode.json': `{
  // No updates in tests
  "autoupdate": false,
  "share": "disabled",
}
`,
  }),
  quiet: {
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  },
  checks: CHECKS,
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
}
