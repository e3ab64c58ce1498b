import type { ClientDefinition } from './client.ts'

/** Qwen Code has its addresses and keys in environment variables. */
export const QWEN_CODE: ClientDefinition = {
  name: 'qwen-code',
  title: 'Qwen Code',
  api: 'chat',
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
