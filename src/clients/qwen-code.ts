import type { ClientDefinition } from './client.ts'

/** Qwen Code has its addresses and keys in environment variables. */
export const QWEN_CODE: ClientDefinition = {
  name: 'qwen-code',
  title: 'Qwen Code',
  api: 'chat',
  intro:
    "Qwen Code uses chat completions by default; Responses and Anthropic's Messages work with the same " +
    'models.',
  limits: [
    '`ANTHROPIC_BASE_URL` has no `/v1`; `OPENAI_BASE_URL` ends with `/v1`.',
    'After each answer Qwen Code sends two more requests, which look for facts to remember.',
  ],
  files: [{
    path: '.qwen/settings.json',
    folder: 'home',
    format: 'jsonc',
    settings: ({ model }) => ({
      security: { auth: { selectedType: 'openai' } },
      model: { name: model.id },
    }),
  }],
  env: ({ url, key, model }) => ({
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: key,
    OPENAI_MODEL: model.id,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_MODEL: model.id,
  }),
  tryIt: 'qwen "Hello there"',
}
