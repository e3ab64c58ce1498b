import type { ClientDefinition } from './client.ts'

/** AI SDK. */
export const AI_SDK: ClientDefinition = {
  name: 'ai-sdk',
  title: 'AI SDK',
  api: 'chat',
  files: [],
  code: {
    language: 'js',
    text: ({ url, key }) =>
      `import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'

const oci = createOpenAICompatible({
  name: 'oci',
  baseURL: '${url}/v1',
  apiKey: '${key}',
  includeUsage: true,
  supportsStructuredOutputs: true,
})
const responses = createOpenAI({ baseURL: '${url}/v1', apiKey: '${key}' })
`,
  },
}
