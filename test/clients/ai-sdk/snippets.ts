import type { Snippet } from '../library.ts'

export const SNIPPETS: readonly Snippet[] = [
  {
    title: 'Text',
    code: `import { generateText } from 'ai'

const { text, usage } = await generateText({ model: oci('xai.grok-4.3'), prompt: 'Hello there' })
console.log(text, usage.totalTokens)`,
    prints: [/You said: Hello there \d+/],
  },
  {
    title: 'Stream',
    code: `import { streamText } from 'ai'

const { textStream, usage } = streamText({ model: oci('xai.grok-4.3'), prompt: 'Hello there' })
for await (const text of textStream) process.stdout.write(text)
console.log('\\n', (await usage).outputTokens)`,
    prints: [/You said: Hello there\n \d+/],
    sends: [/"isStream":true/],
  },
  {
    title: 'Tools in multiple steps',
    code: `import { isStepCount, generateText, tool } from 'ai'
import { z } from 'zod'

const { text, steps } = await generateText({
  model: oci('xai.grok-4.3'),
  prompt: 'Use get_weather for Paris',
  stopWhen: isStepCount(5),
  tools: {
    get_weather: tool({
      description: 'The weather of a city',
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => \`18 degrees in \${city}\`,
    }),
  },
})
console.log(steps.length, text)`,
    prints: [/^2 .*The tools answered: 18 degrees in Paris/m],
  },
  {
    title: 'Tools in multiple steps, streamed',
    code: `import { isStepCount, streamText, tool } from 'ai'
import { z } from 'zod'

const { text, steps } = streamText({
  model: oci('meta.llama-3.3-70b-instruct'),
  prompt: 'Use get_weather for Paris',
  stopWhen: isStepCount(5),
  tools: {
    get_weather: tool({
      description: 'The weather of a city',
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => \`18 degrees in \${city}\`,
    }),
  },
})
console.log((await steps).length, await text)`,
    prints: [/^2 .*The tools answered: 18 degrees in Paris/m],
  },
  {
    title: 'Objects',
    code: `import { generateText, Output } from 'ai'
import { z } from 'zod'

const { output } = await generateText({
  model: oci('openai.gpt-4.1'),
  prompt: 'Tell me about Paris',
  output: Output.object({ schema: z.object({ city: z.string(), sunny: z.boolean() }) }),
})
console.log(output)`,
    prints: [/\{ city: '.+', sunny: true \}/],
    sends: [/"JSON_SCHEMA"/],
  },
  {
    title: 'Embeddings',
    code: `import { embedMany } from 'ai'

const { embeddings } = await embedMany({
  model: oci.embeddingModel('text-embedding-3-small'),
  values: ['a red bicycle', 'a blue train'],
})
console.log(embeddings.map((embedding) => embedding.length))`,
    prints: [/\[ 1536, 1536 \]/],
    sends: [/embedText/],
  },
  {
    title: 'Responses',
    code: `import { isStepCount, streamText, tool } from 'ai'
import { z } from 'zod'

const { text, steps } = streamText({
  model: responses('xai.grok-4.3'),
  prompt: 'Use get_weather for Paris',
  stopWhen: isStepCount(5),
  tools: {
    get_weather: tool({
      description: 'The weather of a city',
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => \`18 degrees in \${city}\`,
    }),
  },
})
console.log((await steps).length, await text)`,
    prints: [/^2 .*The tools answered: 18 degrees in Paris/m],
  },
  {
    title: 'Reasoning in multiple steps through Responses',
    code: `import { generateText, isStepCount, tool } from 'ai'
import { z } from 'zod'

const { text, steps } = await generateText({
  model: responses('openai.gpt-oss-120b'),
  prompt: 'Use get_weather for Paris',
  stopWhen: isStepCount(5),
  providerOptions: {
    openai: { forceReasoning: true, reasoningEffort: 'high', reasoningSummary: 'auto' },
  },
  tools: {
    get_weather: tool({
      description: 'The weather of a city',
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => \`18 degrees in \${city}\`,
    }),
  },
})
console.log(steps[0].reasoningText)
console.log(steps.length, text)`,
    prints: [/^The user said \d words/m, /^2 .*The tools answered: 18 degrees in Paris/m],
    sends: [/"reasoningEffort":"HIGH"/],
  },
  {
    title: 'Objects through Responses',
    code: `import { generateText, Output } from 'ai'
import { z } from 'zod'

const { output } = await generateText({
  model: responses('openai.gpt-4.1'),
  prompt: 'Tell me about Paris',
  output: Output.object({ schema: z.object({ city: z.string(), sunny: z.boolean() }) }),
})
console.log(output)`,
    prints: [/\{ city: '.+', sunny: true \}/],
  },
  {
    title: "Chat completions of OpenAI's provider",
    code: `import { generateText } from 'ai'

const { text } = await generateText({ model: responses.chat('xai.grok-4.3'), prompt: 'Hello there' })
console.log(text)`,
    prints: [/You said: Hello there/],
  },
  {
    title: 'Errors',
    code: `import { APICallError, generateText } from 'ai'

try {
  await generateText({ model: oci('xai.grok-5000'), prompt: 'Hello there' })
} catch (error) {
  if (!APICallError.isInstance(error)) throw error
  console.log(error.statusCode, error.isRetryable, error.message)
}`,
    prints: [/^404 false .*xai\.grok-5000/m],
  },
]

/** Simulated failures of OCI; not on the page. */
export const PROVOKED: readonly Snippet[] = [
  {
    title: 'Succeeds after a short rate limit',
    code: `import { generateText } from 'ai'

const prompt = 'Hello [[sim:status=429 times=2 key=ai]]'
console.log((await generateText({ model: oci('xai.grok-4.3'), prompt })).text)`,
    prints: [/You said: Hello/],
  },
  {
    title: 'Reports a broken stream',
    code: `import { streamText } from 'ai'

const prompt = 'Hello [[sim:cut-after=4]]'
const { fullStream } = streamText({ model: oci('xai.grok-4.3'), prompt, onError() {} })
for await (const part of fullStream) if (part.type === 'error') console.log(String(part.error))`,
    prints: [/stream was interrupted: connection lost/],
  },
]
