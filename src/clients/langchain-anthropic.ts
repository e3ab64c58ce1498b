import type { ClientDefinition } from './client.ts'
import { jsText } from './code-text.ts'

/** LangChain with Anthropic's API. */
export const LANGCHAIN_ANTHROPIC: ClientDefinition = {
  name: 'langchain-anthropic',
  title: "LangChain with Anthropic's API",
  api: 'messages',
  intro: "`ChatAnthropic` uses Anthropic's library. It works with every OCI chat model.",
  limits: [
    '`anthropicApiUrl` has no `/v1`.',
    'Tools that Anthropic runs are left out with a warning.',
    'LangChain sends an image with `source_type` twice; use `image_url` or `{ type, mimeType, data }`.',
  ],
  files: [],
  code: {
    language: 'js',
    text: ({ url, key, model }) =>
      `import { ChatAnthropic } from '@langchain/anthropic'
import { tool } from '@langchain/core/tools'
import { z } from 'zod'

const gateway = { apiKey: ${jsText(key)}, anthropicApiUrl: ${jsText(url)} }
const model = new ChatAnthropic({ ...gateway, model: ${jsText(model.id)} })

const getWeather = tool(({ city }) => \`18 degrees in \${city}\`, {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: z.object({ city: z.string() }),
})
`,
  },
}
