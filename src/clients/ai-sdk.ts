import type { ClientDefinition } from './client.ts'
import { jsText } from './code-text.ts'

/** AI SDK. */
export const AI_SDK: ClientDefinition = {
  name: 'ai-sdk',
  title: 'AI SDK',
  api: 'chat',
  intro:
    '`@ai-sdk/openai-compatible` uses chat completions, `@ai-sdk/openai` uses Responses by default. ' +
    'Both work with every chat model.',
  limits: [
    'A stream has token counts only with `includeUsage`. The schema of an object is sent only with ' +
    '`supportsStructuredOutputs`.',
    '`@ai-sdk/openai` detects reasoning models by name. For other reasoning models set ' +
    '`providerOptions: { openai: { forceReasoning: true } }`.',
  ],
  files: [],
  code: {
    language: 'js',
    text: ({ url, key }) =>
      `import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'

const oci = createOpenAICompatible({
  name: 'oci',
  baseURL: ${jsText(`${url}/v1`)},
  apiKey: ${jsText(key)},
  includeUsage: true,
  supportsStructuredOutputs: true,
})
const responses = createOpenAI({ baseURL: ${jsText(`${url}/v1`)}, apiKey: ${jsText(key)} })
`,
  },
}
