import type { Configuration, Settings } from '../client.ts'

/** `~/.cline/data/settings/providers.json`; `cline auth` writes the same file. */
export function configure({ url, key }: Settings): Configuration {
  const settings = { apiKey: key, model: 'xai.grok-4.3', baseUrl: `${url}/v1` }
  const config = {
    version: 1,
    lastUsedProvider: 'openai-compatible',
    providers: Object.fromEntries(
      ['openai-compatible', 'openai-native'].map((provider) => [provider, {
        settings: { provider, ...settings },
        updatedAt: '2026-01-01T00:00:00.000Z',
        tokenSource: 'manual',
      }]),
    ),
  }
  const path = '.cline/data/settings/providers.json'
  return { files: { [path]: `${JSON.stringify(config, null, 2)}\n` }, env: {} }
}
