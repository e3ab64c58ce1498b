import type { ClientDefinition } from './client.ts'
import { jsText } from './code-text.ts'

/** Node without a library. */
export const NODE: ClientDefinition = {
  name: 'node',
  title: 'Node',
  api: 'chat',
  intro: 'A request with the `fetch` of Node, Bun, Deno or a browser.',
  limits: [
    'A page in a browser needs `access.allowedOrigins` of the gateway.',
  ],
  files: [],
  code: {
    language: 'js',
    text: ({ url, key, model }) =>
      `const response = await fetch(${jsText(`${url}/v1/chat/completions`)}, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: ${jsText(`Bearer ${key}`)} },
  body: JSON.stringify({
    model: ${jsText(model.id)},
    messages: [{ role: 'user', content: 'Hello there' }],
  }),
})
const completion = await response.json()
console.log(completion.choices[0].message.content)
`,
  },
}
