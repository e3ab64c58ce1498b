import type { ClientDefinition, Connection } from './client.ts'
import { Initial, type SettingTree } from './setting.ts'

const PROVIDERS = ['openai-compatible', 'openai-native']

/** Cline's command line; `cline auth` writes the same file. */
export const CLINE: ClientDefinition = {
  name: 'cline',
  title: 'Cline CLI',
  api: 'chat',
  files: [{
    path: '.cline/data/settings/providers.json',
    folder: 'home',
    format: 'json',
    settings: (connection) => ({
      version: new Initial(1),
      lastUsedProvider: 'openai-compatible',
      providers: Object.fromEntries(
        PROVIDERS.map((provider) => [provider, providerSettings(provider, connection)]),
      ),
    }),
  }],
  tryIt: 'cline "Hello there"',
}

function providerSettings(provider: string, { url, key, model }: Connection): SettingTree {
  return {
    settings: { provider, apiKey: key, model: model.id, baseUrl: `${url}/v1` },
    updatedAt: new Initial('2026-01-01T00:00:00.000Z'),
    tokenSource: 'manual',
  }
}
