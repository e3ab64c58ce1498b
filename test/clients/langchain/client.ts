import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, setUp, SNIPPETS } from './snippets.ts'

export const LANGCHAIN: Client = {
  name: 'langchain',
  title: 'LangChain for JavaScript',
  packages: { '@langchain/openai': '1.6.0', '@langchain/core': '1.4.0', 'zod': '4.6.7' },
  program: [],
  aliases: { 'text-embedding-3-small': 'cohere.embed-v4.0' },
  configure: () => ({ files: {}, env: {} }),
  quiet: { LANGSMITH_TRACING: 'false' },
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro: "LangChain uses OpenAI's library. Its base URL is part of `configuration`.",
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      'LangChain selects the method for structured output by the model name. Set it with `method`: ' +
      '`jsonSchema`, `functionCalling` or `jsonMode`.',
      'LangChain retries up to six times with exponential backoff. Set `maxRetries: 0` to receive errors ' +
      'at once.',
    ],
  },
}
