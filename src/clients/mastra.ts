import type { ClientDefinition } from './client.ts'
import { jsText } from './code-text.ts'

/** Mastra. */
export const MASTRA: ClientDefinition = {
  name: 'mastra',
  title: 'Mastra',
  api: 'chat',
  intro:
    'Mastra uses chat completions for a model with a `url`. Its agents also accept models of the ' +
    '[AI SDK](ai-sdk.md).',
  limits: [
    'Mastra does not request the token counts of a stream. Models of `@ai-sdk/openai-compatible` with ' +
    '`includeUsage` have them.',
    '`logger: false` keeps its log out of the output; its errors are thrown in any case.',
  ],
  files: [],
  code: {
    language: 'js',
    text: ({ url, key, model }) =>
      `import { Mastra } from '@mastra/core'
import { Agent } from '@mastra/core/agent'
import { createTool } from '@mastra/core/tools'
import { z } from 'zod'

const oci = (modelId) => ({ providerId: 'oci', modelId, url: ${jsText(`${url}/v1`)}, apiKey: ${
        jsText(key)
      } })

const getWeather = createTool({
  id: 'get_weather',
  description: 'The weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => \`18 degrees in \${city}\`,
})

const tools = { get_weather: getWeather }
const base = { name: 'Guide', instructions: 'Be brief' }
const { guide, thinker } = new Mastra({
  agents: {
    guide: new Agent({ ...base, id: 'guide', model: oci(${jsText(model.id)}), tools }),
    thinker: new Agent({ ...base, id: 'thinker', model: oci('openai.gpt-oss-120b'), tools }),
  },
  logger: false,
}).listAgents()
`,
  },
}
