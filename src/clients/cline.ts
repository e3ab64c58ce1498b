import type { ClientDefinition, Connection } from './client.ts'
import { Initial, type SettingTree } from './setting.ts'

const PROVIDERS = ['openai-compatible', 'openai-native']

/** Cline's command line; `cline auth` writes the same file. */
export const CLINE: ClientDefinition = {
  name: 'cline',
  title: 'Cline CLI',
  api: 'chat',
  intro:
    'The provider `openai-compatible` of Cline uses chat completions, `openai-native` uses Responses. ' +
    'Both work with every chat model.',
  limits: [
    'Cline stores the model of `--model` as the default of the provider.',
    'It continues a conversation with `--id` in a terminal only, which the tests do not have.',
    'The provider `anthropic` accepts no base URL from `cline auth`.',
    "Cline prints warnings of its AI SDK about `openai-compatible`; they do not concern the gateway's answers.",
  ],
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
