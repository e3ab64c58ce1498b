import type { ClientDefinition } from './client.ts'

/** LangChain for JavaScript. */
export const LANGCHAIN: ClientDefinition = {
  name: 'langchain',
  title: 'LangChain for JavaScript',
  api: 'chat',
  files: [],
  code: {
    language: 'js',
    text: ({ url, key, model }) =>
      `import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'

const gateway = { apiKey: '${key}', configuration: { baseURL: '${url}/v1' } }
const model = new ChatOpenAI({ ...gateway, model: '${model.id}' })
`,
  },
}
