import type { ClientDefinition } from './client.ts'

/** OpenAI's library for JavaScript. */
export const OPENAI: ClientDefinition = {
  name: 'openai',
  title: "OpenAI's library for JavaScript",
  api: 'chat',
  files: [],
  code: {
    language: 'js',
    text: ({ url, key }) =>
      `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: '${url}/v1', apiKey: '${key}' })
`,
  },
}
