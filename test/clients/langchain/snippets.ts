import type { Snippet } from '../library.ts'

const TOOL = `import { tool } from '@langchain/core/tools'
import { z } from 'zod'

const getWeather = tool(({ city }) => \`18 degrees in \${city}\`, {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: z.object({ city: z.string() }),
})
`

export const SNIPPETS: readonly Snippet[] = [
  {
    title: 'Invoke',
    code: `const message = await model.invoke('Hello there')
console.log(message.content, message.usage_metadata.total_tokens)`,
    prints: [/You said: Hello there \d+/],
  },
  {
    title: 'Stream',
    code:
      `for await (const { content } of await model.stream('Hello there')) process.stdout.write(content)`,
    prints: [/You said: Hello there/],
    sends: [/"isStream":true/],
  },
  {
    title: 'Tools',
    code: `${TOOL}
const withTools = model.bindTools([getWeather])
const messages = [{ role: 'user', content: 'Use get_weather for Paris' }]
const asked = await withTools.invoke(messages)
const result = await getWeather.invoke(asked.tool_calls[0])
console.log((await withTools.invoke([...messages, asked, result])).content)`,
    prints: [/The tools answered: 18 degrees in Paris/],
  },
  {
    title: 'Objects',
    code: `import { z } from 'zod'

const Place = z.object({ city: z.string(), sunny: z.boolean() })
console.log(await model.withStructuredOutput(Place).invoke('Tell me about Paris'))`,
    prints: [/\{ city: '.+', sunny: true \}/],
    sends: [/"JSON_SCHEMA"/],
  },
  {
    title: 'Objects through a tool',
    code: `import { z } from 'zod'

const Place = z.object({ city: z.string(), sunny: z.boolean() })
const placing = model.withStructuredOutput(Place, { method: 'functionCalling', name: 'place' })
console.log(await placing.invoke('Tell me about Paris'))`,
    prints: [/\{ city: '.+', sunny: true \}/],
    sends: [/"toolChoice":\{"type":"FUNCTION"/],
  },
  {
    title: 'Embeddings',
    code: `const embeddings = new OpenAIEmbeddings({ ...gateway, model: 'text-embedding-3-small' })
const vectors = await embeddings.embedDocuments(['a red bicycle', 'a blue train'])
console.log(vectors.map((vector) => [vector.length, typeof vector[0]]))`,
    prints: [/\[ \[ 1536, 'number' \], \[ 1536, 'number' \] \]/],
    sends: [/embedText/],
  },
  {
    title: 'Responses',
    code: `${TOOL}
const responses = new ChatOpenAI({ ...gateway, model: 'xai.grok-4.3', useResponsesApi: true })
const withTools = responses.bindTools([getWeather])
const messages = [{ role: 'user', content: 'Use get_weather for Paris' }]
const asked = await withTools.invoke(messages)
const result = await getWeather.invoke(asked.tool_calls[0])
console.log((await withTools.invoke([...messages, asked, result])).text)
for await (const { text } of await responses.stream('Hello there')) process.stdout.write(text)`,
    prints: [/The tools answered: 18 degrees in Paris/, /You said: Hello there/],
  },
  {
    title: 'Errors',
    code: `const absent = new ChatOpenAI({ ...gateway, model: 'xai.grok-5000' })
await absent.invoke('Hello there').catch((error) => {
  console.log(error.status, error.code, error.message.split('\\n')[0])
})`,
    prints: [/^404 model_not_found .*xai\.grok-5000/m],
  },
]

/** Simulated failures of OCI; not on the page. */
export const PROVOKED: readonly Snippet[] = [
  {
    title: 'Succeeds after a short rate limit',
    code: `console.log((await model.invoke('Hello [[sim:status=429 times=2 key=lc]]')).content)`,
    prints: [/You said: Hello/],
  },
  {
    title: 'Throws an error for a broken stream',
    code: `try {
  const stream = await model.stream('Hello [[sim:cut-after=4]]')
  for await (const { content } of stream) process.stdout.write(content)
} catch (error) {
  console.log('\\n', error.code ?? error.message)
}`,
    prints: [/This is[^\n]*\n upstream_incomplete/],
  },
]
