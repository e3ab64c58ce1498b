import { quoteForShell } from '../causes/shell.ts'
import type { ClientDefinition } from './client.ts'

/** A request from a shell. */
export const CURL: ClientDefinition = {
  name: 'curl',
  title: 'curl',
  api: 'chat',
  intro: 'A request without a library.',
  limits: [
    'Add `"stream": true` to the body, and `-N` to the command, to receive the answer as it arrives.',
  ],
  files: [],
  code: {
    language: 'sh',
    text({ url, key, model }) {
      const messages = [{ role: 'user', content: 'Hello there' }]
      return `curl ${quoteForShell(`${url}/v1/chat/completions`)} \\
  -H 'content-type: application/json' \\
  -H ${quoteForShell(`authorization: Bearer ${key}`)} \\
  -d ${quoteForShell(JSON.stringify({ model: model.id, messages }))}
`
    },
  },
}
