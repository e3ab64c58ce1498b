import type { ClientDefinition } from './client.ts'

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
      `const response = await fetch('${url}/v1/chat/completions', {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer ${key}' },
  body: JSON.stringify({
    model: '${model.id}',
    messages: [{ role: 'user', content: 'Hello there' }],
  }),
})
const completion = await response.json()
console.log(completion.choices[0].message.content)
`,
  },
}
