import type { ClientDefinition } from './client.ts'

/** Copilot CLI with a model provider of its own; no GitHub account is needed. */
export const COPILOT: ClientDefinition = {
  name: 'copilot',
  title: 'GitHub Copilot CLI',
  api: 'chat',
  files: [],
  env: ({ url, key, model }) => ({
    COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
    COPILOT_PROVIDER_API_KEY: key,
    COPILOT_MODEL: model.id,
    COPILOT_OFFLINE: 'true',
  }),
  tryIt: 'copilot -p "Hello there"',
}
