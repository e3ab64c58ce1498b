import type { Snippet } from '../library.ts'

export const SNIPPETS: readonly Snippet[] = [
  {
    title: 'Ask',
    code: `const { result, usage } = await ask('Hello there')
console.log(result, usage.output_tokens)`,
    prints: [/speaking as xai\.grok-4\.3\. You said: Hello there [1-9]/],
  },
  {
    title: 'Stream',
    code: `const options = { includePartialMessages: true }
for await (const message of query({ prompt: 'Hello there', options })) {
  if (message.type === 'stream_event') process.stdout.write(message.event.delta?.text ?? '')
}`,
    prints: [/You said: Hello there/],
    sends: [/"isStream":true/],
  },
  {
    title: 'Own tools',
    code: `import { createSdkMcpServer, tool } from '@anthropic-ai/claude-agent-sdk'
import { z } from 'zod'

const getWeather = tool('get_weather', 'The weather of a city', { city: z.string() }, ({ city }) => ({
  content: [{ type: 'text', text: \`18 degrees in \${city}\` }],
}))
const weather = createSdkMcpServer({ name: 'weather', alwaysLoad: true, tools: [getWeather] })
const { result } = await ask('Use mcp__weather__get_weather for Paris', {
  mcpServers: { weather },
  allowedTools: ['mcp__weather__get_weather'],
})
console.log(result)`,
    prints: [/The tools answered: 18 degrees in /],
  },
  {
    title: 'Continue a conversation',
    code: `const { session_id } = await ask('My boat is called Plover')
console.log((await ask('And what did I say?', { resume: session_id })).result)`,
    prints: [/You said: And what did I say/],
    sends: [/My boat is called Plover[\s\S]*And what did I say/],
  },
  {
    title: 'Objects',
    code: `const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, sunny: { type: 'boolean' } },
  required: ['city', 'sunny'],
}
const outputFormat = { type: 'json_schema', schema }
console.log((await ask('Tell me about Paris', { outputFormat })).structured_output)`,
    prints: [/\{ city: '.+', sunny: true \}/],
  },
  {
    title: 'Another model',
    code: `console.log((await ask('Hello there', { model: 'openai.gpt-oss-120b' })).result)`,
    prints: [/speaking as openai\.gpt-oss-120b\. You said: Hello there/],
  },
  {
    title: 'Errors',
    code: `const { is_error, result } = await ask('Hello there', { model: 'xai.grok-5000' })
console.log(is_error, result)`,
    prints: [/^true .*issue with the selected model \(xai\.grok-5000\)/m],
  },
]
