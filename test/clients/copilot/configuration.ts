import type { Configuration, Settings } from '../client.ts'

/** The environment variables of a custom model provider; no GitHub account is needed. */
export function configure({ url, key }: Settings): Configuration {
  return {
    files: {},
    env: {
      COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
      COPILOT_PROVIDER_API_KEY: key,
      COPILOT_MODEL: 'xai.grok-4.3',
      COPILOT_OFFLINE: 'true',
    },
  }
}
