import type { ClientDefinition } from './client.ts'

/** Anthropic's library for JavaScript. */
export const ANTHROPIC: ClientDefinition = {
  name: 'anthropic',
  title: "Anthropic's library for JavaScript",
  api: 'messages',
  files: [],
  code: {
    language: 'js',
    text: ({ url, key }) =>
      `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({ baseURL: '${url}', apiKey: '${key}' })
`,
  },
}
