import type { Configuration, Settings } from '../client.ts'

const MODELS = [
  {
    ...{ id: 'xai.grok-4.3', name: 'Grok 4.3 on OCI', input: ['text', 'image'] },
    ...{ contextWindow: 1_000_000, maxTokens: 16_000 },
  },
  {
    ...{ id: 'openai.gpt-oss-120b', name: 'gpt-oss on OCI', reasoning: true },
    ...{ contextWindow: 128_000, maxTokens: 16_000 },
  },
]

/** `~/.pi/agent/models.json` with a provider for each of the three client APIs. */
export function configure({ url, key }: Settings): Configuration {
  const provider = { apiKey: key, models: MODELS }
  const config = {
    providers: {
      'oci': { baseUrl: `${url}/v1`, api: 'openai-completions', ...provider },
      'oci-responses': { baseUrl: `${url}/v1`, api: 'openai-responses', ...provider },
      'oci-messages': { baseUrl: url, api: 'anthropic-messages', ...provider },
    },
  }
  const settings = { defaultProvider: 'oci', defaultModel: 'xai.grok-4.3' }
  return {
    files: {
      '.pi/agent/models.json': `${JSON.stringify(config, null, 2)}\n`,
      '.pi/agent/settings.json': `${JSON.stringify(settings, null, 2)}\n`,
    },
    env: {},
  }
}
