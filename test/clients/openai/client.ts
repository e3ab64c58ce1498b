import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED } from './faults.ts'
import { setUp, SNIPPETS } from './snippets.ts'

export const OPENAI: Client = {
  name: 'openai',
  title: "OpenAI's library for JavaScript",
  packages: { openai: '7.57.0', zod: '4.6.7' },
  program: [],
  aliases: { 'text-embedding-3-small': 'cohere.embed-multilingual-v3.0' },
  configure: () => ({ files: {}, env: {} }),
  quiet: {},
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro: 'Nothing but the address changes. Libraries for other languages take the same two ' +
      'values: a base URL that ends in `/v1`, and a key.',
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      'The key is one of `GATEWAY_API_KEYS`; without those any text will do, but not an empty one.',
      'What may pass is tried three times by the gateway; what it then says carries ' +
      '`x-should-retry: false`, so that the library throws at once.',
      'A picture has to be a data URL: the gateway fetches nothing from addresses.',
    ],
  },
}
