import type { ClientDefinition, ClientModel } from './client.ts'
import { Initial, type SettingTree } from './setting.ts'

/** opencode reads JSON with comments and lists only the models of its configuration. */
export const OPENCODE: ClientDefinition = {
  name: 'opencode',
  title: 'opencode',
  api: 'chat',
  agent: /^opencode$/,
  intro: 'opencode uses chat completions through its bundled AI SDK provider.',
  limits: [
    'opencode does not list the models of the gateway: add each model to the configuration.',
    'Set `limit` to the limits of the model, so that opencode knows when to compact a conversation. ' +
    'Set `modalities` to send images.',
    'The first question of a conversation is sent twice: `small_model` creates a title from it.',
    'When OCI fails, opencode retries with exponential backoff; the gateway has already tried three times.',
  ],
  files: [{
    path: '.config/opencode/opencode.json',
    alternatives: ['.config/opencode/opencode.jsonc'],
    folder: 'home',
    movedBy: { variable: 'XDG_CONFIG_HOME', replaces: '.config' },
    format: 'jsonc',
    settings: ({ url, key, model, smallModel, models }) => ({
      $schema: new Initial('https://opencode.ai/config.json'),
      model: `oci/${model.id}`,
      small_model: `oci/${smallModel.id}`,
      provider: {
        oci: {
          npm: '@ai-sdk/openai-compatible',
          name: 'OCI',
          options: { baseURL: `${url}/v1`, apiKey: key },
          models: Object.fromEntries(models.map((listed) => [listed.id, opencodeModel(listed)])),
        },
      },
    }),
  }],
  tryIt: 'opencode run "Hello there"',
}

function opencodeModel({ id, images, contextWindow, maxOutputTokens }: ClientModel): SettingTree {
  return {
    name: `${id} on OCI`,
    ...(images && {
      attachment: true,
      modalities: { input: ['text', 'image'], output: ['text'] },
    }),
    limit: { context: contextWindow, output: maxOutputTokens },
  }
}
