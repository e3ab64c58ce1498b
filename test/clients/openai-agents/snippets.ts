import type { Snippet } from '../library.ts'

const CHAT = `const modelProvider = new OpenAIProvider({ ...provider, useResponses: false })
const chat = new Runner({ modelProvider, tracingDisabled: true })
`

export const SNIPPETS: readonly Snippet[] = [
  {
    title: 'Run',
    code:
      `const guide = new Agent({ name: 'Guide', instructions: 'Be brief', model: 'xai.grok-4.3' })
const { finalOutput, state } = await runner.run(guide, 'Hello there')
console.log(finalOutput, state.usage.totalTokens)`,
    prints: [/speaking as xai\.grok-4\.3\. You said: Hello there \d+/],
  },
  {
    title: 'Stream',
    code: `const guide = new Agent({ name: 'Guide', model: 'xai.grok-4.3' })
const result = await runner.run(guide, 'Hello there', { stream: true })
for await (const text of result.toTextStream()) process.stdout.write(text)
await result.completed`,
    prints: [/You said: Hello there/],
    sends: [/"isStream":true/],
  },
  {
    title: 'Tools',
    code: `const guide = new Agent({ name: 'Guide', model: 'xai.grok-4.3', tools: [getWeather] })
const { finalOutput } = await runner.run(guide, 'Use get_weather for Paris')
console.log(finalOutput)`,
    prints: [/The tools answered: 18 degrees in Paris/],
  },
  {
    title: 'Tools and reasoning, streamed and continued',
    code: `const guide = new Agent({
  name: 'Guide',
  model: 'openai.gpt-oss-120b',
  modelSettings: { reasoning: { effort: 'high', summary: 'auto' } },
  tools: [getWeather],
})
const result = await runner.run(guide, 'Use get_weather for Paris', { stream: true })
for await (const event of result) if (event.type === 'run_item_stream_event') console.log(event.name)
console.log(result.finalOutput)
const next = { role: 'user', content: 'And then?' }
console.log((await runner.run(guide, [...result.history, next])).finalOutput)`,
    prints: [
      /^reasoning_item_created\ntool_called\ntool_output\n/m,
      /The tools answered: 18 degrees in Paris/,
      /You said: And then\?/,
    ],
    sends: [/"reasoningEffort":"HIGH"/],
  },
  {
    title: 'Handoffs',
    code: `const sailor = new Agent({ name: 'Sailor', model: 'meta.llama-3.3-70b-instruct' })
const guide = new Agent({ name: 'Guide', model: 'xai.grok-4.3', handoffs: [sailor] })
const { lastAgent, finalOutput } = await runner.run(guide, 'Please transfer_to_Sailor')
console.log(lastAgent.name, finalOutput)`,
    prints: [/^Sailor .*speaking as meta\.llama-3\.3-70b-instruct/m],
  },
  {
    title: 'Objects',
    code: `const outputType = z.object({ city: z.string(), sunny: z.boolean() })
const guide = new Agent({ name: 'Guide', model: 'openai.gpt-4.1', outputType })
console.log((await runner.run(guide, 'Tell me about Paris')).finalOutput)`,
    prints: [/\{ city: '.+', sunny: true \}/],
    sends: [/"JSON_SCHEMA"/],
  },
  {
    title: 'Images',
    code: `const guide = new Agent({ name: 'Guide', model: 'xai.grok-4.3' })
const content = [
  { type: 'input_image', image: 'data:image/png;base64,iVBORw0KGgo=' },
  { type: 'input_text', text: 'What is this?' },
]
console.log((await runner.run(guide, [{ role: 'user', content }])).finalOutput)`,
    prints: [/You sent image 1 of 1/],
  },
  {
    title: 'Sessions',
    code: `import { MemorySession } from '@openai/agents'

const session = new MemorySession()
const guide = new Agent({ name: 'Guide', model: 'xai.grok-4.3', tools: [getWeather] })
await runner.run(guide, 'Use get_weather for Paris', { session })
console.log((await runner.run(guide, 'And then?', { session })).finalOutput)`,
    prints: [/You said: And then\?/],
    sends: [/18 degrees in Paris[\s\S]*And then\?/],
  },
  {
    title: 'Stored responses',
    code: `const guide = new Agent({ name: 'Guide', model: 'xai.grok-4.3' })
const { lastResponseId } = await runner.run(guide, 'My boat is called Plover')
const options = { previousResponseId: lastResponseId }
console.log((await runner.run(guide, 'And what did I say?', options)).finalOutput)`,
    prints: [/You said: And what did I say/],
    sends: [/My boat is called Plover[\s\S]*And what did I say/],
  },
  {
    title: 'Chat completions',
    code: `${CHAT}
const guide = new Agent({ name: 'Guide', model: 'xai.grok-4.3', tools: [getWeather] })
const result = await chat.run(guide, 'Use get_weather for Paris', { stream: true })
for await (const text of result.toTextStream()) process.stdout.write(text)
await result.completed`,
    prints: [/The tools answered: 18 degrees in Paris/],
  },
  {
    title: 'Errors',
    code: `const guide = new Agent({ name: 'Guide', model: 'xai.grok-5000' })
await runner.run(guide, 'Hello there').catch((error) => {
  console.log(error.status, error.code, error.message)
})`,
    prints: [/^404 model_not_found .*xai\.grok-5000/m],
  },
]

/** Simulated failures of OCI; not on the page. */
export const PROVOKED: readonly Snippet[] = [
  {
    title: 'Succeeds after a short rate limit',
    code: `const guide = new Agent({ name: 'Guide', model: 'xai.grok-4.3' })
const prompt = 'Hello [[sim:status=429 times=2 key=agents]]'
console.log((await runner.run(guide, prompt)).finalOutput)`,
    prints: [/You said: Hello/],
  },
  {
    title: 'Throws an error for a broken stream',
    code: `const guide = new Agent({ name: 'Guide', model: 'xai.grok-4.3' })
try {
  const result = await runner.run(guide, 'Hello [[sim:cut-after=4]]', { stream: true })
  for await (const text of result.toTextStream()) process.stdout.write(text)
  await result.completed
} catch (error) {
  console.log('\\n', error.message)
}`,
    prints: [/This is[^\n]*\n .*"response\.failed"/],
  },
  {
    title: 'Throws an error for a broken stream of chat completions',
    code: `${CHAT}
const guide = new Agent({ name: 'Guide', model: 'xai.grok-4.3' })
try {
  const result = await chat.run(guide, 'Hello [[sim:cut-after=4]]', { stream: true })
  for await (const text of result.toTextStream()) process.stdout.write(text)
  await result.completed
} catch (error) {
  console.log('\\n', error.code)
}`,
    prints: [/This is[^\n]*\n upstream_incomplete/],
  },
]
