import type { ClientDefinition, ClientModel, Connection } from './client.ts'
import { Initial, Items, type SettingTree } from './setting.ts'

/** OpenClaw reads JSON5 and lists only the models of its configuration. */
export const OPENCLAW: ClientDefinition = {
  name: 'openclaw',
  title: 'OpenClaw',
  api: 'chat',
  intro:
    'OpenClaw works with all three client APIs of the gateway. `openai-completions` is the most common ' +
    'and most tested one; the other two work with the same models.',
  limits: [
    'The `baseUrl` of `anthropic-messages` has no `/v1`; those of the other two end with `/v1`.',
    'OpenClaw requests the token counts of a stream only from a gateway on the same machine. ' +
    'Otherwise add `"compat": { "supportsUsageInStreaming": true }` to the model.',
    'It sends a reasoning effort only with `"reasoning": true` and ' +
    '`"compat": { "supportsReasoningEffort": true }`.',
    'It does not list the models of the gateway: add each model to the configuration.',
    'Its memory accepts embeddings as numbers only, which the gateway returns.',
  ],
  files: [{
    path: '.openclaw/openclaw.json',
    folder: 'home',
    movedBy: { variable: 'OPENCLAW_STATE_DIR', replaces: '.openclaw' },
    format: 'json5',
    settings,
  }],
  tryIt: 'openclaw agent --local --session-id one --message "Hello there"',
}

function settings({ url, key, model, models, embeddingModel }: Connection): SettingTree {
  return {
    models: {
      mode: new Initial('merge'),
      providers: {
        oci: {
          baseUrl: `${url}/v1`,
          api: 'openai-completions',
          apiKey: key,
          timeoutSeconds: 600,
          models: new Items('id', models.map(openClawModel)),
        },
      },
    },
    agents: { defaults: { model: { primary: `oci/${model.id}` } } },
    ...(embeddingModel !== undefined && {
      memory: {
        search: new Initial({
          provider: 'openai-compatible',
          model: embeddingModel,
          remote: { baseUrl: `${url}/v1`, apiKey: key },
        }),
      },
    }),
  }
}

/** A model in OpenClaw's list. */
export function openClawModel(model: ClientModel): SettingTree {
  return {
    id: model.id,
    name: `${model.id} on OCI`,
    reasoning: model.reasoning,
    input: model.images ? ['text', 'image'] : ['text'],
    contextWindow: model.contextWindow,
    maxTokens: model.maxOutputTokens,
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    compat: {
      supportsUsageInStreaming: true,
      ...(model.reasoning && { supportsReasoningEffort: true }),
    },
  }
}
