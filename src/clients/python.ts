import type { ClientDefinition } from './client.ts'
import { pythonText } from './code-text.ts'

/** OpenAI's library for Python. */
export const PYTHON: ClientDefinition = {
  name: 'python',
  title: "OpenAI's library for Python",
  api: 'chat',
  intro: "Set the base URL and the API key of OpenAI's library; all other code stays the same.",
  limits: [
    '`OPENAI_BASE_URL` and `OPENAI_API_KEY` have the same effect without a change of the code.',
  ],
  files: [],
  code: {
    language: 'python',
    text: ({ url, key, model }) =>
      `from openai import OpenAI

client = OpenAI(base_url=${pythonText(`${url}/v1`)}, api_key=${pythonText(key)})
completion = client.chat.completions.create(
    model=${pythonText(model.id)},
    messages=[{"role": "user", "content": "Hello there"}],
)
print(completion.choices[0].message.content)
`,
  },
}
