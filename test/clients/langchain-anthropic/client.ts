import type { Client } from '../client.ts'
import { checksOf, usesOf } from '../library.ts'
import { PROVOKED, setUp, SNIPPETS } from './snippets.ts'

export const LANGCHAIN_ANTHROPIC: Client = {
  name: 'langchain-anthropic',
  title: "LangChain with Anthropic's API",
  packages: {
    '@langchain/anthropic': '1.5.11',
    '@langchain/core': '1.4.0',
    'zod': '4.6.7',
  },
  program: [],
  aliases: {},
  configure: () => ({ files: {}, env: {} }),
  quiet: { LANGSMITH_TRACING: 'false' },
  checks: checksOf(setUp, [...SNIPPETS, ...PROVOKED]),
  page: {
    intro: "`ChatAnthropic` uses Anthropic's library. It works with every OCI chat model.",
    setUp,
    uses: usesOf(SNIPPETS),
    limits: [
      '`anthropicApiUrl` has no `/v1`.',
      'Tools that Anthropic runs are left out with a warning.',
      'LangChain sends an image with `source_type` twice; use `image_url` or `{ type, mimeType, data }`.',
    ],
  },
}
