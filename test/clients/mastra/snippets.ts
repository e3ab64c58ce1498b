import type { Snippet } from '../library.ts'

export const SNIPPETS: readonly Snippet[] = [
  {
    title: 'Generate',
    code: `const { text, usage } = await guide.generate('Hello there')
console.log(text, usage.totalTokens)`,
    prints: [/speaking as xai\.grok-4\.3\. You said: Hello there \d+/],
  },
  {
    title: 'Stream',
    code: `const { textStream } = await guide.stream('Hello there')
for await (const text of textStream) process.stdout.write(text)`,
    prints: [/You said: Hello there/],
    sends: [/"isStream":true/],
  },
  {
    title: 'Tools',
    code: `const { text, steps } = await guide.generate('Use get_weather for Paris')
console.log(steps.length, text)`,
    prints: [/^2 .*The tools answered: .*18 degrees in Paris/m],
  },
  {
    title: 'Tools and reasoning, streamed',
    code: `const providerOptions = { oci: { reasoningEffort: 'high' } }
const stream = await thinker.stream('Use get_weather for Paris', { providerOptions })
console.log(await stream.reasoningText)
console.log(await stream.text)`,
    prints: [/^The user said \d words/m, /The tools answered: .*18 degrees in Paris/],
    sends: [/"reasoningEffort":"HIGH"/],
  },
  {
    title: 'Objects',
    code: `const schema = z.object({ city: z.string(), sunny: z.boolean() })
const { object } = await guide.generate('Tell me about Paris', {
  structuredOutput: { schema },
  toolChoice: 'none',
})
console.log(object)`,
    prints: [/\{ city: '.+', sunny: true \}/],
    sends: [/"JSON_SCHEMA"/],
  },
  {
    title: 'Images',
    code: `const content = [
  { type: 'image', image: 'data:image/png;base64,iVBORw0KGgo=' },
  { type: 'text', text: 'What is this?' },
]
console.log((await guide.generate([{ role: 'user', content }])).text)`,
    prints: [/You sent image 1 of 1/],
  },
  {
    title: 'Embeddings',
    code: `import { ModelRouterEmbeddingModel } from '@mastra/core/llm'

const model = new ModelRouterEmbeddingModel(oci('text-embedding-3-small'))
const { embeddings } = await model.doEmbed({ values: ['a red bicycle', 'a blue train'] })
console.log(embeddings.map((embedding) => embedding.length))`,
    prints: [/\[ 1536, 1536 \]/],
    sends: [/embedText/],
  },
  {
    title: 'Errors',
    code: `const absent = new Agent({ ...base, id: 'absent', model: oci('xai.grok-5000') })
new Mastra({ agents: { absent }, logger: false })
await absent.generate('Hello there').catch((error) => {
  console.log(error.statusCode, error.message)
})`,
    prints: [/^404 .*xai\.grok-5000/m],
  },
]

/** Simulated failures of OCI; not on the page. */
export const PROVOKED: readonly Snippet[] = [
  {
    title: 'Succeeds after a short rate limit',
    code: `console.log((await guide.generate('Hello [[sim:status=429 times=2 key=mastra]]')).text)`,
    prints: [/You said: Hello/],
  },
  {
    title: 'Reports a broken stream',
    code: `const { fullStream } = await guide.stream('Hello [[sim:cut-after=4]]')
for await (const { type, payload } of fullStream) {
  if (type === 'error') console.log(String(payload.error.message ?? payload.error))
}`,
    prints: [/stream was interrupted/],
  },
]
