import type { ClientDefinition } from './client.ts'
import { jsText } from './code-text.ts'

/** OpenAI Agents SDK. */
export const OPENAI_AGENTS: ClientDefinition = {
  name: 'openai-agents',
  title: 'OpenAI Agents SDK',
  api: 'responses',
  intro: 'The SDK uses Responses by default, and chat completions with `useResponses: false`. ' +
    'Both work with every chat model.',
  limits: [
    'Tracing sends data to OpenAI: disable it with `tracingDisabled`.',
    'Tools that OpenAI runs, such as `webSearchTool()`, are left out with a warning; with chat ' +
    'completions the SDK rejects them.',
    'For a broken stream of Responses the SDK reports that the response failed, without the cause.',
  ],
  files: [],
  code: {
    language: 'js',
    text: ({ url, key }) =>
      `import { Agent, OpenAIProvider, Runner, tool } from '@openai/agents'
import { z } from 'zod'

const provider = { baseURL: ${jsText(`${url}/v1`)}, apiKey: ${jsText(key)} }
const runner = new Runner({ modelProvider: new OpenAIProvider(provider), tracingDisabled: true })

const getWeather = tool({
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => \`18 degrees in \${city}\`,
})
`,
  },
}
