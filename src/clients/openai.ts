import type { ClientDefinition } from './client.ts'
import { jsText } from './code-text.ts'

/** OpenAI's library for JavaScript. */
export const OPENAI: ClientDefinition = {
  name: 'openai',
  title: "OpenAI's library for JavaScript",
  api: 'chat',
  intro:
    'Set the base URL and the API key; all other code stays the same. Libraries for other languages ' +
    'accept the same two values.',
  limits: [
    'The key is one of `GATEWAY_API_KEYS`. Without `GATEWAY_API_KEYS`, use any text that is not empty.',
    'The gateway tries temporary failures three times. Its error then has the header ' +
    '`x-should-retry: false`, so that the library throws at once.',
    'Send images as data URLs: the gateway does not fetch URLs.',
  ],
  files: [],
  code: {
    language: 'js',
    text: ({ url, key }) =>
      `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: ${jsText(`${url}/v1`)}, apiKey: ${jsText(key)} })
`,
  },
}
