import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED } from './faults.ts'
import { setUp, SNIPPETS } from './snippets.ts'

export const OPENAI: Client = {
  name: 'openai',
  title: "OpenAI's library for JavaScript",
  packages: { openai: '7.57.0', zod: '4.6.7' },
  program: [],
  aliases: { 'text-embedding-3-small': 'cohere.embed-v4.0' },
  configure: () => ({ files: {}, env: {} }),
  quiet: {},
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro:
      'Set the base URL and the API key; all other code stays the same. Libraries for other languages ' +
      'accept the same two values.',
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      'The key is one of `GATEWAY_API_KEYS`. Without `GATEWAY_API_KEYS`, use any text that is not empty.',
      'The gateway tries temporary failures three times. Its error then has the header ' +
      '`x-should-retry: false`, so that the library throws at once.',
      'Send images as data URLs: the gateway does not fetch URLs.',
    ],
  },
}
