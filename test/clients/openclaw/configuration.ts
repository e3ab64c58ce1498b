import type { Configuration, Settings } from '../client.ts'

/** The configuration of a model. */
function model(id: string, name: string, more: object): object {
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
  const usual = { id, name, reasoning: false, input: ['text', 'image'] }
  return { ...usual, contextWindow: 128_000, maxTokens: 16_000, cost, ...more }
}

const MODELS = [
  model('xai.grok-4.3', 'Grok 4.3 on OCI', { contextWindow: 1_000_000 }),
  model('openai.gpt-oss-120b', 'gpt-oss on OCI', {
    reasoning: true,
    input: ['text'],
    compat: { supportsReasoningEffort: true },
  }),
]

/** `~/.openclaw/openclaw.json` with a provider for each of the three client APIs. */
export function configure({ url, key }: Settings): Configuration {
  const provider = { apiKey: key, timeoutSeconds: 600, models: MODELS }
  const config = {
    models: {
      mode: 'merge',
      catalogRefresh: { enabled: false },
      providers: {
        'oci': { baseUrl: `${url}/v1`, api: 'openai-completions', ...provider },
        'oci-responses': { baseUrl: `${url}/v1`, api: 'openai-responses', ...provider },
        'oci-messages': { baseUrl: url, api: 'anthropic-messages', ...provider },
      },
    },
    agents: { defaults: { model: { primary: 'oci/xai.grok-4.3' } } },
    memory: {
      search: {
        provider: 'openai-compatible',
        model: 'text-embedding-3-small',
        remote: { baseUrl: `${url}/v1`, apiKey: key },
      },
    },
    update: { checkOnStart: false },
  }
  return { files: { '.openclaw/openclaw.json': `${JSON.stringify(config, null, 2)}\n` }, env: {} }
}
