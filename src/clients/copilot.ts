import type { ClientDefinition } from './client.ts'

/** Copilot CLI with a model provider of its own; no GitHub account is needed. */
export const COPILOT: ClientDefinition = {
  name: 'copilot',
  title: 'GitHub Copilot CLI',
  api: 'chat',
  intro:
    "The CLI works with an own model provider instead of GitHub's models. It uses chat completions by " +
    "default; Responses and Anthropic's Messages work with the same models.",
  limits: [
    'The base URL of the type `anthropic` has no `/v1`; that of the type `openai` ends with `/v1`.',
    'Without `COPILOT_OFFLINE=true` the CLI also calls servers of GitHub.',
    'The CLI does not know the limits of OCI models: set `COPILOT_PROVIDER_MAX_PROMPT_TOKENS` and ' +
    '`COPILOT_PROVIDER_MAX_OUTPUT_TOKENS`, so that it compacts a conversation in time.',
    'The gateway does not support `COPILOT_PROVIDER_TRANSPORT=websockets`.',
  ],
  files: [],
  env: ({ url, key, model }) => ({
    COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
    COPILOT_PROVIDER_API_KEY: key,
    COPILOT_MODEL: model.id,
    COPILOT_OFFLINE: 'true',
  }),
  tryIt: 'copilot -p "Hello there"',
}
