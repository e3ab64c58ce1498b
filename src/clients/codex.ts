import type { ClientDefinition } from './client.ts'

/** Codex reads one file. A key in it needs no environment variable. */
export const CODEX: ClientDefinition = {
  name: 'codex',
  title: 'Codex',
  api: 'responses',
  agent: /^codex/,
  intro: 'Codex uses the Responses API only, which the gateway translates for every model.',
  limits: [
    'Codex does not support `wire_api = "chat"`.',
    'For an unknown model Codex warns that metadata was not found, and works. An alias with a name ' +
    "that it knows, such as `gpt-5-codex`, makes it use that model's instructions and tools. With " +
    '`gpt-5.6-sol` it sends the tools in the input, and one tool runs JavaScript that calls the others.',
    'A model that reads text only rejects an image in the newest message. In earlier messages and in ' +
    'results of tools the gateway replaces it with a note.',
    'Web search, which OpenAI runs, is not available with models that the gateway translates for.',
  ],
  files: [{
    path: '.codex/config.toml',
    folder: 'home',
    movedBy: { variable: 'CODEX_HOME', replaces: '.codex' },
    format: 'toml',
    settings: ({ url, key, model }) => ({
      model: model.id,
      model_provider: 'oci',
      model_context_window: model.contextWindow,
      model_providers: {
        oci: {
          name: 'OCI',
          base_url: `${url}/v1`,
          experimental_bearer_token: key,
          wire_api: 'responses',
        },
      },
    }),
  }],
  tryIt: 'codex exec "Hello there"',
}
