import type { Snippet } from '../library.ts'

export const SNIPPETS: readonly Snippet[] = [
  {
    title: 'Messages',
    code: `const message = await client.messages.create({
  model: 'claude-sonnet-4-5',
  max_tokens: 1000,
  system: 'Be brief',
  messages: [{ role: 'user', content: 'Hello there' }],
})
console.log(message.content[0].text, message.stop_reason, message.usage.output_tokens)`,
    prints: [/speaking as xai\.grok-4\.3\. You said: Hello there end_turn \d+/],
  },
  {
    title: 'Stream',
    code: `const stream = client.messages.stream({
  model: 'xai.grok-4.3',
  max_tokens: 1000,
  messages: [{ role: 'user', content: 'Hello there' }],
})
stream.on('text', (text) => process.stdout.write(text))
const message = await stream.finalMessage()
console.log('\\n', message.stop_reason, message.usage.input_tokens > 0)`,
    prints: [/You said: Hello there\n end_turn true/],
    sends: [/"isStream":true/],
  },
  {
    title: 'Run tools',
    code: `import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema'

const runner = client.beta.messages.toolRunner({
  model: 'xai.grok-4.3',
  max_tokens: 1000,
  messages: [{ role: 'user', content: 'Use get_weather for Paris' }],
  tools: [
    betaTool({
      name: 'get_weather',
      description: 'The weather of a city',
      inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      run: ({ city }) => \`18 degrees in \${city}\`,
    }),
  ],
})
const message = await runner
console.log(message.content.at(-1).text)`,
    prints: [/The tools answered: 18 degrees in Paris/],
  },
  {
    title: 'Run tools while streaming',
    code: `import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema'

const runner = client.beta.messages.toolRunner({
  model: 'meta.llama-3.3-70b-instruct',
  max_tokens: 1000,
  stream: true,
  messages: [{ role: 'user', content: 'Use get_weather for Paris' }],
  tools: [
    betaTool({
      name: 'get_weather',
      description: 'The weather of a city',
      inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      run: ({ city }) => \`18 degrees in \${city}\`,
    }),
  ],
})
for await (const stream of runner) {
  const { stop_reason, content } = await stream.finalMessage()
  console.log(stop_reason, content.at(-1).text ?? content.at(-1).input)
}`,
    prints: [/tool_use \{ city: 'Paris' \}/, /end_turn .*The tools answered: 18 degrees in Paris/],
  },
  {
    title: 'Thinking',
    code: `const message = await client.messages.create({
  model: 'openai.gpt-oss-120b',
  max_tokens: 4000,
  thinking: { type: 'enabled', budget_tokens: 2000 },
  messages: [{ role: 'user', content: 'Hello there' }],
})
for (const block of message.content) console.log(block.type, block.thinking ?? block.text)`,
    prints: [/^thinking The user said \d words/m, /^text .*You said: Hello there/m],
    sends: [/"reasoningEffort":"/],
  },
  {
    title: 'Thinking, streamed and sent back',
    code: `const ask = (messages) =>
  client.messages.stream({
    model: 'openai.gpt-oss-120b',
    max_tokens: 4000,
    thinking: { type: 'enabled', budget_tokens: 2000 },
    messages,
  }).finalMessage()

const question = { role: 'user', content: 'Hello there' }
const first = await ask([question])
console.log(first.content.map(({ type }) => type))
const next = { role: 'user', content: 'And then?' }
const second = await ask([question, { role: 'assistant', content: first.content }, next])
console.log(second.content.at(-1).text)`,
    prints: [/\[ 'thinking', 'text' \]/, /You said: And then\?/],
  },
  {
    title: 'Images',
    code: `const message = await client.messages.create({
  model: 'xai.grok-4.3',
  max_tokens: 1000,
  messages: [{
    role: 'user',
    content: [
      {
        type: 'image',
        source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
      },
      { type: 'text', text: 'What is this?' },
    ],
  }],
})
console.log(message.content[0].text)`,
    prints: [/You sent image 1 of 1/],
  },
  {
    title: 'Count tokens',
    code: `const { input_tokens } = await client.messages.countTokens({
  model: 'xai.grok-4.3',
  messages: [{ role: 'user', content: 'Hello there' }],
})
console.log(input_tokens)`,
    prints: [/^[1-9]\d*$/m],
  },
  {
    title: 'Errors',
    code: `try {
  await client.messages.create({
    model: 'xai.grok-5000',
    max_tokens: 1000,
    messages: [{ role: 'user', content: 'Hello there' }],
  })
} catch (error) {
  if (!(error instanceof Anthropic.NotFoundError)) throw error
  console.log(error.status, error.error.error.type, error.error.error.message)
}`,
    prints: [/^404 not_found_error .*xai\.grok-5000/m],
  },
]

const ask = (directive: string, model = 'xai.grok-4.3') =>
  `client.messages.create({
  model: '${model}',
  max_tokens: 1000,
  messages: [{ role: 'user', content: 'Hello [[sim:${directive}]]' }],
})`

/** Simulated failures of OCI; not on the page. */
export const PROVOKED: readonly Snippet[] = [
  {
    title: 'Succeeds after a short rate limit',
    code: `console.log((await ${ask('status=429 times=2 key=anthropic')}).content[0].text)`,
    prints: [/You said: Hello/],
  },
  {
    title: 'Throws the rate limit error after the retries',
    code: `await ${
      ask('status=429 retry-after=1', 'xai.grok-4.20-non-reasoning')
    }.catch((error) => {
  console.log(error instanceof Anthropic.RateLimitError, error.error.error.type)
})`,
    prints: [/^true rate_limit_error$/m],
  },
  {
    title: 'Throws an error for a conversation that is too long',
    code: `await ${ask('context-length')}.catch((error) => {
  console.log(error instanceof Anthropic.BadRequestError, error.error.error.message)
})`,
    prints: [/^true prompt is too long/m],
  },
  {
    title: 'Throws an error for a broken stream',
    code: `const stream = client.messages.stream({
  model: 'xai.grok-4.3',
  max_tokens: 1000,
  messages: [{ role: 'user', content: 'Hello [[sim:cut-after=4]]' }],
})
await stream.finalMessage().catch((error) => {
  console.log(error instanceof Anthropic.APIError, error.error?.error?.type)
})`,
    prints: [/^true (api_error|overloaded_error)$/m],
  },
]
