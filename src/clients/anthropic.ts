import type { ClientDefinition } from './client.ts'
import { jsText } from './code-text.ts'

/** Anthropic's library for JavaScript. */
export const ANTHROPIC: ClientDefinition = {
  name: 'anthropic',
  title: "Anthropic's library for JavaScript",
  api: 'messages',
  intro: 'The gateway serves the Messages API with every OCI chat model, by model id or by alias.',
  limits: [
    'The base URL has no `/v1`.',
    'The token count is an estimate: OCI has no endpoint that counts tokens.',
    'OCI models accept a reasoning effort, not a thinking budget: the gateway converts the budget. ' +
    'There is no thinking block when the model does not return its reasoning.',
    'Files, batches and tools that Anthropic runs are not supported.',
  ],
  files: [],
  code: {
    language: 'js',
    text: ({ url, key }) =>
      `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({ baseURL: ${jsText(url)}, apiKey: ${jsText(key)} })
`,
  },
}
