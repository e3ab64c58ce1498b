import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, setUp, SNIPPETS } from './snippets.ts'

export const LANGCHAIN: Client = {
  name: 'langchain',
  title: 'LangChain for JavaScript',
  packages: { '@langchain/openai': '1.6.0', '@langchain/core': '1.4.0', 'zod': '4.6.7' },
  program: [],
  aliases: { 'text-embedding-3-small': 'cohere.embed-multilingual-v3.0' },
  configure: () => ({ files: {}, env: {} }),
  quiet: { LANGSMITH_TRACING: 'false' },
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro: 'It goes through the library of OpenAI, whose address it takes as `configuration`.',
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      'It goes by the name of a model when it chooses how to ask for an object; `method` says it ' +
      'outright: `jsonSchema`, `functionCalling` or `jsonMode`.',
      'It tries six times more by itself, with growing waits: set `maxRetries: 0` to hear of errors ' +
      'at once.',
    ],
  },
}
