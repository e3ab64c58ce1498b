import type { Snippet } from '../library.ts'

/** What the library throws, and what it tries again by itself. */
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

const ask = (directive: string, model = 'xai.grok-4') =>
  `client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello [[sim:${directive}]]' }],
})`

/** The same for what OCI is made to do; no page shows it. */
export const PROVOKED: readonly Snippet[] = [
  {
    title: 'Hears nothing of a rate limit that passes',
    code: `console.log((await ${ask('status=429 times=2 key=openai')}).choices[0].message.content)`,
    prints: [/You said: Hello/],
  },
  {
    title: 'Throws a rate limit that stays',
    code: `await ${ask('status=429 retry-after=1', 'xai.grok-3')}.catch((error) => {
  console.log(error instanceof OpenAI.RateLimitError, error.code, error.headers.get('retry-after'))
})`,
    prints: [/^true rate_limit_exceeded 1$/m],
  },
  {
    title: 'Throws that a conversation is too long',
    code: `await ${ask('context-length')}.catch((error) => {
  console.log(error instanceof OpenAI.BadRequestError, error.code)
})`,
    prints: [/^true context_length_exceeded$/m],
  },
  {
    title: 'Throws when a stream breaks off',
    code: `const stream = await client.chat.completions.create({
  model: 'xai.grok-4',
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
