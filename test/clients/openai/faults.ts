import type { Snippet } from '../library.ts'

/** Errors that the library throws, and failures that it retries. */
export const FAULTS: readonly Snippet[] = [
  {
    title: 'Errors',
    code: `try {
  await client.chat.completions.create({
    model: 'xai.grok-5000',
    messages: [{ role: 'user', content: 'Hello there' }],
  })
} catch (error) {
  if (!(error instanceof OpenAI.NotFoundError)) throw error
  console.log(error.status, error.code, error.requestID, error.message)
}`,
    prints: [/^404 model_not_found [a-z0-9]{24} .*xai\.grok-5000/m],
  },
]

const ask = (directive: string, model = 'xai.grok-4.3') =>
  `client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello [[sim:${directive}]]' }],
})`

/** Simulated failures of OCI; not on the page. */
export const PROVOKED: readonly Snippet[] = [
  {
    title: 'Succeeds after a short rate limit',
    code: `console.log((await ${ask('status=429 times=2 key=openai')}).choices[0].message.content)`,
    prints: [/You said: Hello/],
  },
  {
    title: 'Throws the rate limit error after the retries',
    code: `await ${
      ask('status=429 retry-after=1', 'xai.grok-4.20-non-reasoning')
    }.catch((error) => {
  console.log(error instanceof OpenAI.RateLimitError, error.code, error.headers.get('retry-after'))
})`,
    prints: [/^true rate_limit_exceeded 1$/m],
  },
  {
    title: 'Throws an error for a conversation that is too long',
    code: `await ${ask('context-length')}.catch((error) => {
  console.log(error instanceof OpenAI.BadRequestError, error.code)
})`,
    prints: [/^true context_length_exceeded$/m],
  },
  {
    title: 'Throws an error for a broken stream',
    code: `const stream = await client.chat.completions.create({
  model: 'xai.grok-4.3',
  stream: true,
  messages: [{ role: 'user', content: 'Hello [[sim:cut-after=4]]' }],
})
try {
  for await (const { choices } of stream) process.stdout.write(choices[0]?.delta.content ?? '')
} catch (error) {
  console.log('\\n', error instanceof OpenAI.APIError, error.code)
}`,
    prints: [/This is[^\n]*\n true upstream_incomplete/],
  },
]
