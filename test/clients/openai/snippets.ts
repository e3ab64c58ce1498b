import type { Snippet } from '../library.ts'
import { FAULTS } from './faults.ts'

export const SNIPPETS: readonly Snippet[] = [
  {
    title: 'Chat',
    code: `const completion = await client.chat.completions.create({
  model: 'xai.grok-4.3',
  messages: [{ role: 'user', content: 'Hello there' }],
})
console.log(completion.choices[0].message.content, completion.usage.total_tokens)`,
    prints: [/You said: Hello there \d+/],
  },
  {
    title: 'Stream',
    code: `const stream = await client.chat.completions.create({
  model: 'xai.grok-4.3',
  messages: [{ role: 'user', content: 'Hello there' }],
  stream: true,
  stream_options: { include_usage: true },
})
for await (const { choices, usage } of stream) {
  process.stdout.write(choices[0]?.delta.content ?? '')
  if (usage) console.log('\\n', usage.completion_tokens, 'tokens')
}`,
    prints: [/You said: Hello there\n \d+ tokens/],
    sends: [/"isStream":true/],
  },
  {
    title: 'Run tools',
    code: `import { zodFunction } from 'openai/helpers/zod'
import { z } from 'zod'

const runner = client.chat.completions.runTools({
  model: 'xai.grok-4.3',
  messages: [{ role: 'user', content: 'Use get_weather for Paris' }],
  tools: [
    zodFunction({
      name: 'get_weather',
      description: 'The weather of a city',
      parameters: z.object({ city: z.string() }),
      function: ({ city }) => \`18 degrees in \${city}\`,
    }),
  ],
})
console.log(await runner.finalContent())`,
    prints: [/The tools answered: 18 degrees in Paris/],
  },
  {
    title: 'Run tools while streaming',
    code: `import { zodFunction } from 'openai/helpers/zod'
import { z } from 'zod'

const runner = client.chat.completions.runTools({
  model: 'meta.llama-3.3-70b-instruct',
  stream: true,
  messages: [{ role: 'user', content: 'Use get_weather for Paris' }],
  tools: [
    zodFunction({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      function: ({ city }) => \`18 degrees in \${city}\`,
    }),
  ],
})
console.log(await runner.finalContent())`,
    prints: [/The tools answered: 18 degrees in Paris/],
  },
  {
    title: 'Answers that match a schema',
    code: `import { zodResponseFormat } from 'openai/helpers/zod'
import { z } from 'zod'

const Place = z.object({ city: z.string(), inhabitants: z.number(), sights: z.array(z.string()) })
const completion = await client.chat.completions.parse({
  model: 'openai.gpt-4.1',
  messages: [{ role: 'user', content: 'Tell me about Paris' }],
  response_format: zodResponseFormat(Place, 'place'),
})
console.log(completion.choices[0].message.parsed)`,
    prints: [/city: '.+',\s+inhabitants: \d+,\s+sights: \[/],
  },
  {
    title: 'Images',
    code: `const completion = await client.chat.completions.create({
  model: 'xai.grok-4.3',
  messages: [{
    role: 'user',
    content: [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
    ],
  }],
})
console.log(completion.choices[0].message.content)`,
    prints: [/You sent image 1 of 1/],
  },
  {
    title: 'Responses',
    code: `const response = await client.responses.create({
  model: 'xai.grok-4.3',
  instructions: 'Be brief',
  input: 'Hello there',
})
console.log(response.status, response.output_text)`,
    prints: [/completed .*You said: Hello there/],
  },
  {
    title: 'Responses, streamed',
    code: `const stream = await client.responses.create({
  model: 'xai.grok-4.3',
  input: 'Hello there',
  stream: true,
})
for await (const event of stream) {
  if (event.type === 'response.output_text.delta') process.stdout.write(event.delta)
  if (event.type === 'response.completed') console.log('\\n', event.response.status)
}`,
    prints: [/You said: Hello there\n completed/],
  },
  {
    title: 'Responses that match a schema',
    code: `import { zodTextFormat } from 'openai/helpers/zod'
import { z } from 'zod'

const response = await client.responses.parse({
  model: 'openai.gpt-4.1',
  input: 'Tell me about Paris',
  text: { format: zodTextFormat(z.object({ city: z.string(), sunny: z.boolean() }), 'place') },
})
console.log(response.output_parsed)`,
    prints: [/\{ city: '.+', sunny: true \}/],
  },
  {
    title: 'Embeddings',
    code: `const { data } = await client.embeddings.create({
  model: 'text-embedding-3-small',
  input: ['a red bicycle', 'a blue train'],
})
console.log(data.map(({ embedding }) => [embedding.length, typeof embedding[0]]))`,
    prints: [/\[ \[ 1536, 'number' \], \[ 1536, 'number' \] \]/],
    sends: [/embedText/],
  },
  {
    title: 'Models',
    code: `for await (const model of client.models.list()) console.log(model.id)
const model = await client.models.retrieve('xai.grok-4.3')
console.log(model.owned_by, model.context_window)`,
    prints: [/^xai\.grok-4\.3$/m, /^text-embedding-3-small$/m, /^xai \d+$/m],
  },
  {
    title: 'Moderations',
    code:
      `const { results } = await client.moderations.create({ input: ['a kind word', 'I will kill'] })
console.log(results.map(({ flagged }) => flagged))`,
    prints: [/\[ false, true \]/],
  },
  ...FAULTS,
]
