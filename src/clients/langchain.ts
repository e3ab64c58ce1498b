import type { ClientDefinition } from './client.ts'
import { jsText } from './code-text.ts'

/** LangChain for JavaScript. */
export const LANGCHAIN: ClientDefinition = {
  name: 'langchain',
  title: 'LangChain for JavaScript',
  api: 'chat',
  intro: "LangChain uses OpenAI's library. Its base URL is part of `configuration`.",
  limits: [
    'LangChain selects the method for structured output by the model name. Set it with `method`: ' +
    '`jsonSchema`, `functionCalling` or `jsonMode`.',
    'LangChain retries up to six times with exponential backoff. Set `maxRetries: 0` to receive errors ' +
    'at once.',
  ],
  files: [],
  code: {
    language: 'js',
    text: ({ url, key, model }) =>
      `import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'

const gateway = { apiKey: ${jsText(key)}, configuration: { baseURL: ${jsText(`${url}/v1`)} } }
const model = new ChatOpenAI({ ...gateway, model: ${jsText(model.id)} })
`,
  },
}
