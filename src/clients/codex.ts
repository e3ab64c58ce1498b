import type { ClientDefinition } from './client.ts'

/** Codex reads one file. A key in it needs no environment variable. */
export const CODEX: ClientDefinition = {
  name: 'codex',
  title: 'Codex',
  api: 'responses',
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
