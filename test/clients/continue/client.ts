import { CONTINUE } from '../../../src/clients/continue.ts'
import type { Client } from '../client.ts'
import { CHECKS } from './checks.ts'

export const CLIENT: Client = {
  definition: CONTINUE,
  packages: { '@continuedev/cli': '1.5.47' },
  program: ['@continuedev/cli/dist/cn.js'],
  aliases: {},
  files: () => ({
    '.continue/config.yaml': `# My configuration
name: Mine
version: 1.0.0
schema: v1
rules: # for every question
- Be brief
`,
  }),
  quiet: { CONTINUE_TELEMETRY_ENABLED: '0' },
  checks: CHECKS,
  uses: [
    {
      title: 'Ask',
      language: 'sh',
      text: () => 'cn -p "Hello there"\ncn -p --resume "And what did I say?"',
    },
    {
      title: 'Let it run commands',
      language: 'sh',
      text: () => 'cn -p --allow Bash "Which files are here?"',
    },
  ],
}
