import type { ClientDefinition } from './client.ts'

/** LangChain with Anthropic's API. */
export const LANGCHAIN_ANTHROPIC: ClientDefinition = {
  name: 'langchain-anthropic',
  title: "LangChain with Anthropic's API",
  api: 'messages',
  files: [],
  code: {
    language: 'js',
    text: ({ url, key, model }) =>
      `import { ChatAnthropic } from '@langchain/anthropic'
import { tool } from '@langchain/core/tools'
import { z } from 'zod'

const gateway = { apiKey: '${key}', anthropicApiUrl: '${url}' }
const model = new ChatAnthropic({ ...gateway, model: '${model.id}' })

const getWeather = tool(({ city }) => \`18 degrees in \${city}\`, {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: z.object({ city: z.string() }),
})
`,
  },
}
