import type { Snippet } from '../library.ts'

export const SNIPPETS: readonly Snippet[] = [
  {
    title: 'Invoke',
    code: `const message = await model.invoke('Hello there')
console.log(message.content, message.usage_metadata.total_tokens)`,
    prints: [/speaking as xai\.grok-4\.3\. You said: Hello there \d+/],
  },
  {
    title: 'Stream',
    code:
      `for await (const { text } of await model.stream('Hello there')) process.stdout.write(text)`,
    prints: [/You said: Hello there/],
    sends: [/"isStream":true/],
  },
  {
    title: 'Tools',
    code: `const withTools = model.bindTools([getWeather])
const messages = [{ role: 'user', content: 'Use get_weather for Paris' }]
const asked = await withTools.invoke(messages)
const result = await getWeather.invoke(asked.tool_calls[0])
console.log((await withTools.invoke([...messages, asked, result])).text)`,
    prints: [/The tools answered: 18 degrees in Paris/],
  },
  {
    title: 'Tools and thinking, streamed and sent back',
    code: `const thinking = new ChatAnthropic({
  ...gateway,
  model: 'openai.gpt-oss-120b',
  maxTokens: 4000,
  thinking: { type: 'enabled', budget_tokens: 2000 },
}).bindTools([getWeather])
const messages = [{ role: 'user', content: 'Use get_weather for Paris' }]
let asked
for await (const chunk of await thinking.stream(messages)) asked = asked?.concat(chunk) ?? chunk
console.log(asked.content[0].thinking)
const result = await getWeather.invoke(asked.tool_calls[0])
console.log((await thinking.invoke([...messages, asked, result])).text)`,
    prints: [/^The user said \d words/m, /The tools answered: 18 degrees in Paris/],
    sends: [/"reasoningEffort":"/],
  },
  {
    title: 'Objects',
    code: `const Place = z.object({ city: z.string(), sunny: z.boolean() })
console.log(await model.withStructuredOutput(Place).invoke('Tell me about Paris'))`,
    prints: [/\{ city: '.+', sunny: true \}/],
  },
  {
    title: 'Objects through a schema',
    code: `const Place = z.object({ city: z.string(), sunny: z.boolean() })
const placing = model.withStructuredOutput(Place, { method: 'jsonSchema' })
console.log(await placing.invoke('Tell me about Paris'))`,
    prints: [/\{ city: '.+', sunny: true \}/],
    sends: [/"JSON_SCHEMA"/],
  },
  {
    title: 'Images',
    code: `const content = [
  { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
  { type: 'text', text: 'What is this?' },
]
console.log((await model.invoke([{ role: 'user', content }])).text)`,
    prints: [/You sent image 1 of 1/],
  },
  {
    title: 'Errors',
    code: `const absent = new ChatAnthropic({ ...gateway, model: 'xai.grok-5000' })
await absent.invoke('Hello there').catch((error) => console.log(error.status, error.message))`,
    prints: [/^404 .*not_found_error.*xai\.grok-5000/m],
  },
]

/** Simulated failures of OCI; not on the page. */
export const PROVOKED: readonly Snippet[] = [
  {
    title: 'Succeeds after a short rate limit',
    code: `console.log((await model.invoke('Hello [[sim:status=429 times=2 key=lca]]')).text)`,
    prints: [/You said: Hello/],
  },
  {
    title: 'Throws an error for a broken stream',
    code: `try {
  const stream = await model.stream('Hello [[sim:cut-after=4]]')
  for await (const { text } of stream) process.stdout.write(text)
} catch (error) {
  console.log('\\n', error.message)
}`,
    prints: [/This is[^\n]*\n .*stream was interrupted/],
  },
]
